"""The way in: a try is counted, then judged; who has a second step waits at the door for it; then the session begins.

Everything of it is on record: who entered and how, what failed at which account (a name that nobody has is not
written down), and when somebody began to be held up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, user_logged_out
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fleet.models import User
from fleet.models.signing_in import subject_of
from fleet.sign_in.known_devices import device_known_for, remember_device
from fleet.sign_in.places import address_of, device_of, network_of, shown_network
from fleet.sign_in.second_steps import is_required_of
from fleet.sign_in.sessions import FROM
from fleet.sign_in.throttle import Attempt, Counted, account_named, counted, is_first, went_well
from ledger.models import record

BACKEND = "fleet.rights.RoleBackend"
SECOND_STEP, CONFIRMED_AT, WAITING = "second_step", "confirmed_at", "waits_for_second_step"
PATIENCE = timedelta(minutes=10)
# After so long a person is asked again before the own second steps or sessions are changed.
CONFIRMED_FOR = timedelta(minutes=15)
PASSWORD, CODE = "password", "code"
HELD_UP = "sign-in held up"


class HeldUp(ValidationError):
    """One try too many; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        minutes = -(-wait // 60)
        within = f"{minutes} minutes" if minutes > 1 else "a minute"
        super().__init__(
            f"Too many tries failed. Wait {within}, or sign in with a passkey, or in a browser that you have used "
            "here before.",
            code="held_up",
        )
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A try that may be judged."""

    attempt: Attempt
    counted: Counted
    request: HttpRequest
    now: datetime

    def failed(self, *, person: Any = None, why: str) -> None:
        """It is on record, at the account where there is one."""
        subject = subject_of(person) if person is not None else "sign-in"
        record(deed="sign-in failed", subject=subject, device=device_of(self.request), why=why)

    def went_well(self, *, has_entered: bool = True) -> None:
        """What it counted is taken back."""
        went_well(self.attempt, self.counted, now=self.now, has_entered=has_entered)


def begin_try(request: HttpRequest, *, account: str, kind: str, now: datetime) -> Try:
    """Count a try at an account, before anything is judged. Raises HeldUp where it is one too many."""
    named = account_named(account)
    attempt = Attempt(
        kind=kind,
        account=named,
        network=network_of(address_of(request)),
        device=device_known_for(request, named),
    )
    count = counted(attempt, now=now)
    if count.wait:
        _note_hold(request, now)
        raise HeldUp(count.wait)
    return Try(attempt=attempt, counted=count, request=request, now=now)


def note_refusal(request: HttpRequest, *, subject: str, why: str, now: datetime) -> None:
    """A passkey or a provider's word that lets nobody in. Neither can be guessed, so they hold nobody up; what comes
    again and again from one network is written once in a while."""
    if is_first(f"{subject} {why}", network_of(address_of(request)), now=now):
        record(deed="sign-in failed", subject=subject, device=device_of(request), why=why)


def person_named(username: str) -> User | None:
    """The account of a name, asked for whether the try was good or not, so that both take the same time."""
    return User.objects.filter(username=username).first()


def wait_for_second_step(request: HttpRequest, person: Any, *, way: str, goes_to: str, now: datetime) -> None:
    """The first step was good: the session knows who waits, and nobody has signed in yet."""
    request.session.flush()
    request.session[WAITING] = {
        "person": person.pk,
        "stamp": person.get_session_auth_hash(),
        "way": way,
        "goes_to": goes_to,
        "at": now.timestamp(),
    }


def who_waits(request: HttpRequest, *, now: datetime) -> tuple[User, str, str] | None:
    """Who waits for the second step, by which way, and where to afterwards; None where nobody does, or for too long,
    and where the password was changed or the account closed meanwhile."""
    waiting = request.session.get(WAITING)
    if waiting is None or now.timestamp() - waiting["at"] > PATIENCE.total_seconds():
        return None
    person = User.objects.filter(pk=waiting["person"], is_active=True).first()
    if person is None or person.get_session_auth_hash() != waiting["stamp"]:
        return None
    return person, waiting["way"], waiting["goes_to"]


def forget_who_waits(request: HttpRequest) -> None:
    """Somebody else is at the door. A visitor without a session gets none by this."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and WAITING in request.session:
        del request.session[WAITING]


def enter(request: HttpRequest, person: Any, *, way: str, now: datetime, with_second_step: bool) -> None:
    """Begin the person's session, under a key that nobody knew before, and put it on record."""
    request.session.pop(WAITING, None)
    login(request, person, backend=BACKEND)
    request.session[FROM] = {
        "device": device_of(request),
        "network": shown_network(address_of(request)),
        "way": way,
    }
    request.session[SECOND_STEP] = with_second_step
    request.session[CONFIRMED_AT] = now.timestamp()
    record(deed="signed in", subject=subject_of(person), by=person, way=way, device=device_of(request))


def note_password(person: Any, *, way: str) -> None:
    """That the person has another password now is on record, and by which way."""
    record(deed="password changed", subject=subject_of(person), by=person, way=way)


def remember_browser(request: HttpRequest, response: HttpResponseBase, person: Any) -> None:
    """From now on no stranger's tries at the account hold up this browser."""
    remember_device(request, response, account_named(person.get_username()))


def is_confirmed(request: HttpRequest, *, now: datetime) -> bool:
    """Whether the person has shown lately who they are, so that what lets them in may be changed."""
    since = now.timestamp() - request.session.get(CONFIRMED_AT, 0)
    return bool(since < CONFIRMED_FOR.total_seconds())


def lacks_second_step(request: HttpRequest) -> bool:
    """Whether the person has to show a second step, and has come in without one."""
    person: Any = request.user
    if not person.is_authenticated or request.session.get(SECOND_STEP):
        return False
    return is_required_of(person)


def _note_hold(request: HttpRequest, now: datetime) -> None:
    """That somebody is held up is written once in a while, however often they go on trying."""
    if is_first(HELD_UP, network_of(address_of(request)), now=now):
        record(deed=HELD_UP, subject="sign-in", device=device_of(request))


def note_sign_out(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """A session that its owner ended is on record."""
    if user is not None:
        record(deed="signed out", subject=subject_of(user), by=user)


user_logged_out.connect(note_sign_out, dispatch_uid="fleet.sign_in.entering")
