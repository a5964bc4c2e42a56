"""Who calls the API: a program with a key, or a person who has signed in; at one operator, with some scopes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission

from fleet.models import ApiKey, Operator
from fleet.models.keys import digest_of, parted
from fleet.rights import scopes_at
from fleet.services import note_address_of_key
from fleet.sign_in.entering import lacks_second_step
from ledger.api.problems import Refused
from ledger.origins import came_with_key
from ledger.proxies import address_read
from ledger.row_security.acting import act_for, acting_for_all
from ledger.written_queries import WrittenQuery

CHOSEN_OPERATOR = "operator"
OPERATOR_HEADER = "X-Operator"
BETWEEN_NOTES_OF_USE = timedelta(minutes=1)
READING = ("GET", "HEAD")
REMEMBERED_SECONDS = 24 * 3600
MOST_HEARD = 4_096
HEARD: set[tuple[str, str]] = set()
"""From where this process has heard each key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One operator's program or person, and what they may do."""

    operator: Operator
    scopes: frozenset[str]
    key: ApiKey | None = None
    person: Any = None

    @property
    def name_in_ledger(self) -> str:
        """By what the caller is counted and named: never by the secret."""
        return f"API key {self.key.prefix}" if self.key else f"person {self.person.pk}"

    @property
    def through(self) -> str:
        """By which key a deed came, as the services take it; nothing for a person."""
        return self.name_in_ledger if self.key else ""


class Program(AnonymousUser):
    """The user of a request that came with a key: no person."""

    is_authenticated = True  # type: ignore[assignment]


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`."""

    def authenticate(self, request: Any) -> tuple[Program, Caller] | None:
        """The program whose key it is. Raises AuthenticationFailed where the key opens nothing."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            raise AuthenticationFailed("Write: Authorization: Bearer KEY.", code="authorization_unreadable")
        now = timezone.now()
        with acting_for_all():  # whose key it is tells for whom the request acts from here on
            key = key_named(text.strip(), now=now)
        act_for([key.operator_id])
        if not key.lets_in(request.META.get("REMOTE_ADDR", "")):
            sentence = "This key may not be used from your address."
            raise Refused(sentence, code="address_refused", status=403)
        came_with_key(key.prefix)
        note_use(key, now=now)
        note_address(key, str(address_read(request.META.get("REMOTE_ADDR", "")) or "unknown"))
        return Program(), Caller(operator=key.operator, scopes=frozenset(key.scopes), key=key)

    def authenticate_header(self, request: Any) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class PersonAuthentication(SessionAuthentication):
    """A person who has signed in to the console, as for the pages of this documentation."""

    def authenticate(self, request: Any) -> tuple[Any, Caller] | None:
        """The person at an operator: that of the X-Operator header, else the one chosen in the console."""
        signed_in = super().authenticate(request)
        if signed_in is None:
            return None
        person = signed_in[0]
        if lacks_second_step(request._request):
            sentence = "Add a second step to your sign-in first, in the console under Your settings."
            raise Refused(sentence, code="second_step_required", status=403)
        operator = _operator_of(request, person)
        return person, Caller(operator=operator, scopes=scopes_at(person, operator), person=person)


class HasScope(BasePermission):
    """The caller has the scope that the view names for reading or for writing."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Raises NotAuthenticated or Refused, which name what is missing."""
        if request.auth is None:
            raise NotAuthenticated("Send a key: Authorization: Bearer KEY.", code="key_missing")
        scope = view.reads if request.method in READING else view.writes
        if scope and scope not in request.auth.scopes:
            raise Refused(f"This needs the scope {scope}.", code="scope_missing", status=403)
        return True


_KEY = WrittenQuery(lambda at: ApiKey.objects.select_related("operator").filter(prefix=at("prefix")))


def key_named(text: str, *, now: datetime) -> ApiKey:
    """The key in force that the text is. Raises AuthenticationFailed; how a key ended is told to its holder alone."""
    prefix, secret = parted(text) or ("", "")
    key = _KEY.first(prefix=prefix)
    if key is None:
        digest_of(secret)
        raise AuthenticationFailed("This key is not known.", code="key_unknown")
    if not key.is_opened_by(secret):
        raise AuthenticationFailed("This key is not known.", code="key_unknown")
    if key.revoked_at and key.revoked_at <= now:
        raise AuthenticationFailed(f"This key was revoked on {key.revoked_at:%Y-%m-%d}.", code="key_revoked")
    if key.expires_at and key.expires_at <= now:
        raise AuthenticationFailed(f"This key expired on {key.expires_at:%Y-%m-%d}.", code="key_expired")
    return key


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember that the key was used, at most once a minute."""
    if key.last_used_at is None or key.last_used_at <= now - BETWEEN_NOTES_OF_USE:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def note_address(key: ApiKey, address: str) -> None:
    """Put the first use from an address on record. What this process has heard before spares the question to the
    cache, and the cache that to the audit; where it fails, the audit is asked."""
    if (key.prefix, address) in HEARD:
        return
    try:
        is_fresh = cache.add(f"api-key-address:{key.prefix}:{address}", 1, timeout=REMEMBERED_SECONDS)
    except (RedisError, OSError):
        is_fresh = True
    if is_fresh:
        note_address_of_key(key=key, address=address)
    if len(HEARD) >= MOST_HEARD:
        HEARD.clear()
    HEARD.add((key.prefix, address))


def _operator_of(request: Any, person: Any) -> Operator:
    visible = {each.slug: each for each in Operator.objects.visible_to(person).order_by("name")}
    asked = request.headers.get(OPERATOR_HEADER)
    operator = visible.get(asked or request.session.get(CHOSEN_OPERATOR, ""))
    if operator is None and not asked:
        operator = next(iter(visible.values()), None)
    if operator is None:
        raise Http404("There is no such operator.")
    return operator


class KeyScheme(OpenApiAuthenticationExtension):
    """How the schema tells of keys."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer key."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key that `manage.py issue_key` or the console made.",
        }


class PersonScheme(SessionScheme):
    """How the schema tells of people."""

    target_class = PersonAuthentication  # type: ignore[assignment]
    name = "person"
