"""Codes on paper, for the day on which the telephone is lost: ten, each good once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from django.db import transaction

from fleet.models import RecoveryCode

CODES = 10
CODE_BYTES = 10  # 80 random bits need no slow hash
LETTERS = 16


def new_codes(person: Any) -> list[str]:
    """Ten fresh codes, as they are shown this once; those before end."""
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    with transaction.atomic():
        person.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, digest=_digest(person, code)) for code in codes
        )
    return ["-".join(code[at : at + 4] for at in range(0, LETTERS, 4)) for code in codes]


def is_spent(person: Any, text: str) -> bool:
    """Whether the text was a code of the person that was still good; it is not from now on."""
    code = "".join(letter for letter in text.lower() if letter.isalnum())
    if len(code) != LETTERS:
        return False
    return bool(person.recovery_codes.filter(digest=_digest(person, code)).delete()[0])


def _digest(person: Any, code: str) -> str:
    return hashlib.sha256(f"recovery code {person.pk} {code}".encode()).hexdigest()
