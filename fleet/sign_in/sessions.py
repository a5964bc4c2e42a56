"""Sessions as Django keeps them, and beside each what its owner is told of it: the engine of SESSION_ENGINE.

The table of sessions is Django's own, so that processes of the release before go on with it. A row of PersonSession
comes and goes with the session of a person who has signed in; sessions of nobody have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fleet.models import PersonSession
from fleet.models.signing_in import subject_of
from ledger.models import record

BEGAN, SEEN, FROM = "began", "seen", "from"
BETWEEN_NOTES = timedelta(minutes=5)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, told to their owners."""

    def save(self, must_create: bool = False) -> None:
        """Keep the session, and what is told of it where somebody has signed in."""
        person_id = self._get_session(no_load=must_create).get(SESSION_KEY)  # type: ignore[attr-defined]
        if person_id:
            moment = timezone.now().timestamp()
            self.setdefault(BEGAN, moment)
            self.setdefault(SEEN, moment)
        super().save(must_create)
        if person_id:
            self._tell(int(person_id))

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        super().delete(session_key)
        PersonSession.objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget what has run out (manage.py clearsessions)."""
        super().clear_expired()
        PersonSession.objects.filter(expires_at__lt=timezone.now()).delete()

    def _tell(self, person_id: int) -> None:
        """One statement, whether it is told the first time or again."""
        row = PersonSession(
            session_key=str(self.session_key),
            person_id=person_id,
            began_at=_moment(self[BEGAN]),
            last_seen_at=_moment(self[SEEN]),
            expires_at=self.get_expiry_date(),
            **self.get(FROM, {}),
        )
        told = ("person", "device", "network", "way", "began_at", "last_seen_at", "expires_at")
        PersonSession.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["session_key"], update_fields=told
        )


class Seen:
    """Middleware: notes every few minutes that a session is used, and ends one that has gone on for too long.

    Cookies that are set over TLS are sent over TLS alone, whatever stands before this process.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the page."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _note(request, timezone.now())
        return self._get_response(request)


class CookiesOverTls:
    """Middleware, outside of all that sets cookies: what was set over TLS never goes over an open line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the page."""
        response = self._get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


def sessions_of(person: Any, *, now: datetime) -> Iterable[PersonSession]:
    """Where the person has signed in, the one used last first."""
    return PersonSession.objects.filter(person=person).open_at(now).order_by("-last_seen_at", "-pk")


def end_sessions(sessions: Iterable[PersonSession], *, by: Any, why: str) -> int:
    """End sessions, each on record. Returns how many."""
    ended = 0
    for session in sessions:
        db.SessionStore(session.session_key).delete()
        session.delete()
        told: dict[str, Any] = {"device": session.device, "network": session.network, "why": why}
        record(deed="session ended", subject=subject_of(session.person), by=by, **told)
        ended += 1
    return ended


class EndsSessions:
    """Among the password validators, for the word that Django gives them: a password that was changed, by whichever
    way, ends every session of the person; the one in which it was changed gets a new key and goes on."""

    def validate(self, password: str, user: Any = None) -> None:
        """Every password will do."""

    def get_help_text(self) -> str:
        """What the person is told beside the field."""
        return "Wherever else you are signed in, you are signed out."

    def password_changed(self, password: str, user: Any = None) -> None:
        """End them; whose password it is, is on record with the deed."""
        if user is not None and user.pk:
            keys = list(PersonSession.objects.filter(person=user).values_list("session_key", flat=True))
            for key in keys:
                SessionStore(key).delete()


def _note(request: HttpRequest, now: datetime) -> None:
    session: SessionBase = request.session
    began = _moment(session.get(BEGAN, now.timestamp()))
    if now - began > settings.SESSION_LONGEST:
        logout(request)
    elif now - _moment(session.get(SEEN, 0)) > BETWEEN_NOTES:
        session[SEEN] = now.timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
