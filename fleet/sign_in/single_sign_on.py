"""Single sign-on: an OpenID provider says who somebody is (OpenID Connect Core 1.0, the code flow with PKCE).

Whom the provider names is known here by its name for them; the first time they are matched by a mail address that the
provider has verified, to the one account that has it. Nobody is made by this, unless OIDC_CREATES_PEOPLE says so.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from redis.exceptions import RedisError

from fleet.models import OutsideLogin, User
from fleet.models.signing_in import subject_of
from ledger.models import record
from ledger.unseen import seen_alone
from risk.outward.lines import Patience, line_to
from risk.outward.places import NotReached, place_of

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
# What a provider signs with; never "none", never a secret that both know (RFC 8725, 3.1).
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
# RFC 8176: what a provider says of how somebody showed who they are. More than one step is `mfa`, or something that
# they have together with something that they know or are; one of them alone may have been the only one.
SEVERAL_STEPS = "mfa"
THEY_HAVE, THEY_KNOW_OR_ARE = (
    frozenset({"hwk", "swk", "otp", "sc"}),
    frozenset({"pwd", "pin", "fpt", "face", "iris"}),
)
PATIENCE = Patience(silence=5, seconds=10)
MOST_BYTES = 512 * 1024
KEPT_SECONDS = 600
CLOCKS_DIFFER_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the provider says of somebody, judged."""

    issuer: str
    subject: str
    mail: str
    name: str
    with_second_step: bool


def is_offered() -> bool:
    """Whether a provider is set."""
    return bool(settings.OIDC_ISSUER)


def way_there(*, back: str) -> tuple[str, dict[str, str]]:
    """The provider's address to go to, and what has to be kept until the person comes back.

    Raises NotReached for a provider that does not answer.
    """
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    challenge = hashlib.sha256(kept["verifier"].encode()).digest()
    said = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = _provider()["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(said)}", kept


def claim_of(said: dict[str, str], kept: dict[str, str], *, back: str) -> Claim:
    """Who the person is that came back. Raises NotReached where the provider does not answer, and for everything in
    the answer that is not as it has to be."""
    if not kept or not constant_time_compare(said.get("state", ""), kept["state"]):
        raise NotReached("The way to the provider was not begun in this browser; begin again.")
    if "code" not in said:
        raise NotReached("The provider let nobody in.")
    if said.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:  # RFC 9207
        raise NotReached("Another provider answered than the one that was asked.")
    tokens = _exchanged(said["code"], kept["verifier"], back)
    told = _judged(str(tokens.get("id_token", "")), kept["nonce"])
    is_verified = told.get("email_verified") in (True, "true")
    return Claim(
        issuer=settings.OIDC_ISSUER,
        subject=str(told["sub"]),
        mail=str(told.get("email", "")) if is_verified else "",
        name=str(told.get("name", ""))[:150],
        with_second_step=_are_several(set(_texts(told.get("amr")))),
    )


def _are_several(ways: set[str]) -> bool:
    return SEVERAL_STEPS in ways or bool(ways & THEY_HAVE and ways & THEY_KNOW_OR_ARE)


def person_of(claim: Claim, *, now: datetime) -> User:
    """The account of whom the provider named. Raises ValidationError, always with the same sentence, where there is
    none, where several have the address, and where the account is closed."""
    known = OutsideLogin.objects.select_related("person").filter(issuer=claim.issuer, subject=claim.subject)
    login = known.first()
    person = login.person if login else _matched(claim, now)
    if person is None or not person.is_active:
        raise ValidationError(
            "There is no account for whom the provider named. Ask the platform's staff for one, with the mail "
            "address that the provider knows.",
            code="no_account",
        )
    return person


def _matched(claim: Claim, now: datetime) -> User | None:
    """The one account with the address; a new one without any role where a setting makes them. None where the
    provider knows the account by another name already: an address may be given to somebody else."""
    if not claim.mail:
        return None
    found = list(User.objects.filter(email__iexact=claim.mail)[:2])
    is_closed = bool(found) and not found[0].is_active
    if len(found) > 1 or is_closed or (not found and not settings.OIDC_CREATES_PEOPLE):
        return None
    try:
        with transaction.atomic():
            person = User.objects.select_for_update().get(pk=found[0].pk) if found else _made(claim)
            if person.outside_logins.filter(issuer=claim.issuer).exists():
                return None
            OutsideLogin.objects.create(
                person=person, issuer=claim.issuer, subject=claim.subject, added_at=now
            )
            told: dict[str, Any] = {"issuer": claim.issuer, "made": not found}
            record(deed="outside login added", subject=subject_of(person), by=person, **told)
    except IntegrityError:  # the name of an account is taken, or of two at one moment the other came first
        return None
    return person


def forget_outside_logins(person: User, *, by: Any) -> int:
    """Forget by which names providers know a person, whose next sign-on is matched by mail again: for somebody who
    was registered anew there. Returns how many; on record."""
    with transaction.atomic():
        logins = list(person.outside_logins.all())
        for login in logins:
            login.delete()
            record(deed="outside login removed", subject=subject_of(person), by=by, issuer=login.issuer)
    return len(logins)


def _made(claim: Claim) -> User:
    """An account that opens nothing until somebody gives it a role; it has no password."""
    name = seen_alone(claim.name)
    return User.objects.create_user(username=claim.mail[:150], email=claim.mail, first_name=name)


def _exchanged(code: str, verifier: str, back: str) -> dict[str, Any]:
    """The tokens for a code that was handed out once."""
    said = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    provider = _provider()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    login = f"{settings.OIDC_CLIENT_ID}:{settings.OIDC_CLIENT_SECRET}"
    ways = provider.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in ways:
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    else:
        said |= {"client_id": settings.OIDC_CLIENT_ID, "client_secret": settings.OIDC_CLIENT_SECRET}
    return _asked(provider["token_endpoint"], body=urlencode(said), headers=headers)


def _judged(token: str, nonce: str) -> dict[str, Any]:
    """What an ID token says, once everything about it is right (OpenID Connect Core, 3.1.3.7)."""
    try:
        key = _key_of(token)
        told: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=settings.OIDC_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise NotReached("What the provider signed is not valid here.") from None
    if not constant_time_compare(str(told.get("nonce", "")), nonce):
        raise NotReached("What the provider signed was for another sign-in.")
    if told.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise NotReached("What the provider signed was for another program.")
    return told


def _key_of(token: str) -> Any:
    """The provider's key that the token names; asked for anew where it is a new one."""
    name = jwt.get_unverified_header(token).get("kid")
    address = _provider()["jwks_uri"]
    for fresh in (False, True):
        keys = [each for each in _kept(address, fresh=fresh).get("keys", []) if each.get("use") != "enc"]
        for each in keys:
            if each.get("kid") == name or (name is None and len(keys) == 1):
                return jwt.PyJWK(each).key
    raise KeyError("no such key")


def _provider() -> dict[str, Any]:
    """What the provider says of itself; it has to be the one that is set (OpenID Connect Discovery, 4.3)."""
    told = _kept(settings.OIDC_ISSUER.rstrip("/") + DISCOVERY)
    if told.get("issuer") != settings.OIDC_ISSUER:
        raise NotReached("The provider calls itself otherwise than OIDC_ISSUER.")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe(str(told.get(name, ""))):
            raise NotReached(f"The provider names no safe address as its {name}.")
    return told


def is_safe(address: str) -> bool:
    """Whether an address is one of TLS, or of this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    )


def _kept(address: str, *, fresh: bool = False) -> dict[str, Any]:
    """What an address says, as it was heard within ten minutes. A cache that is down stops nobody."""
    key = f"oidc:{hashlib.sha256(address.encode()).hexdigest()}"
    try:
        heard = None if fresh else cache.get(key)
        if heard is None:
            heard = _asked(address)
            cache.set(key, heard, timeout=KEPT_SECONDS)
    except (RedisError, OSError):
        return _asked(address)
    return dict(heard)


def _asked(address: str, *, body: str | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """What the provider answers, in JSON. It may stand in one's own network; a redirect is followed by nobody."""
    place = place_of(address, private=True, seconds=PATIENCE.seconds)
    with line_to(place, PATIENCE) as line:
        line.connection.request(
            "POST" if body else "GET",
            place.target,
            body=body,
            headers={"Host": place.name, "Accept": "application/json", **(headers or {})},
        )
        answer = line.connection.getresponse()
        text = answer.read(MOST_BYTES + 1)
    if answer.status != 200 or len(text) > MOST_BYTES:
        raise NotReached(f"The provider answered {answer.status}.")
    try:
        told = json.loads(text)
    except ValueError:
        raise NotReached("The provider answered something that is no JSON.") from None
    if not isinstance(told, dict):
        raise NotReached("The provider answered something else than was asked for.")
    return told


def _texts(said: object) -> list[str]:
    return [str(each) for each in said] if isinstance(said, list) else []
