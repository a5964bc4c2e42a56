"""Passkeys (WebAuthn): what a browser is asked for, and what an authenticator answered, judged by fido2.

A passkey belongs to the name under which the console was reached when it was added (the RP ID): whoever lures a
person to another name gets an answer that opens nothing here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fleet.models import Passkey

NAME = "Rig ledger"
NOT_TAKEN = ValidationError("The passkey was not taken; try again.", code="passkey_wrong")
Question = tuple[dict[str, Any], dict[str, Any]]
"""What the browser is asked, JSON-ready, and what has to be kept until it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What an authenticator told when it made a passkey."""

    credential_id: str
    credential: bytes
    uses: int


def ask_for_new(request: HttpRequest, person: Any) -> Question:
    """Make a passkey, on an authenticator that has none of the person's yet. It is kept there with the account, so
    that it is found without a name, and opens by a finger, a face or a PIN."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=_handle(person), name=person.get_username(), display_name=person.get_full_name()
        ),
        credentials=_credentials(person),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options.public_key), state


def ask_for_one(request: HttpRequest, person: Any | None = None) -> Question:
    """Show a passkey: of one person, or of whoever comes. Both times a finger, a face or a PIN is asked for."""
    options, state = _server(request).authenticate_begin(
        credentials=_credentials(person) if person else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options.public_key), state


def new_passkey(request: HttpRequest, state: Any, answer: str) -> NewPasskey:
    """What was made. Raises ValidationError for an answer to another question, from another place, or for none."""
    try:
        told = _server(request).register_complete(state, json.loads(answer))
        made = told.credential_data
        assert made is not None  # noqa: S101 - fido2 has judged it
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
        raise NOT_TAKEN from None
    return NewPasskey(
        credential_id=websafe_encode(made.credential_id), credential=bytes(made), uses=told.counter
    )


def passkey_shown(request: HttpRequest, state: Any, answer: str, *, person: Any | None = None) -> Passkey:
    """The passkey that was shown, with its person; of the person alone where one is named.

    Raises ValidationError for one that is not on record, for an answer to another question or from another place, and
    where the authenticator has been used less often than we know of: somebody has a copy of it.
    """
    try:
        told = AuthenticationResponse.from_dict(json.loads(answer))
        found = Passkey.objects.select_related("person").filter(credential_id=websafe_encode(told.raw_id))
        passkey = (found.filter(person=person) if person else found).first()
        if passkey is None:
            raise NOT_TAKEN
        known = [AttestedCredentialData(bytes(passkey.credential))]
        _server(request).authenticate_complete(state, known, told)
        _refuse_other_handle(told, passkey)
        uses = told.response.authenticator_data.counter
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise NOT_TAKEN from None
    # An authenticator that keeps no count says 0 for ever. A conditional update: of two answers one comes first.
    fits = {"uses__lt": uses} if uses else {"uses": 0}
    if not Passkey.objects.filter(pk=passkey.pk, **fits).update(uses=uses):
        raise ValidationError(
            "This passkey was used elsewhere since; it may have been copied. Sign in another way and remove it.",
            code="passkey_copied",
        )
    return passkey


def _refuse_other_handle(told: AuthenticationResponse, passkey: Passkey) -> None:
    """Raises ValueError where the authenticator names another person than the one whose passkey it is."""
    handle = told.response.user_handle
    if handle is not None and bytes(handle) != _handle(passkey.person):
        raise ValueError("another person")


def _handle(person: Any) -> bytes:
    """By what authenticators know the person: no name."""
    return f"person {person.pk}".encode()


def _credentials(person: Any) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(each.credential)) for each in person.passkeys.all()]


def _server(request: HttpRequest) -> Fido2Server:
    """A server for the name under which the console is reached; ALLOWED_HOSTS has judged it."""
    origin = f"{request.scheme}://{request.get_host()}"
    name = urlsplit(origin).hostname or ""
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=NAME, id=name), verify_origin=lambda said: said == origin
    )
