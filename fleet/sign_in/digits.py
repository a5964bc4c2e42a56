"""Codes of six digits that change every thirty seconds: RFC 6238 with the choices that all apps know (SHA-1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226, 4: 160 bits
# The step before and after are taken too: RFC 6238, 5.2, for clocks that differ and codes that are typed slowly.
DRIFT = (-1, 0, 1)


def new_secret() -> str:
    """A fresh secret, in base 32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_of(secret: str, step: int) -> str:
    """The digits of a step."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose digits these are, among those around the moment; None where they are none of these."""
    here = int(now.timestamp()) // STEP_SECONDS
    steps = [here + drift for drift in DRIFT]
    fitting = [step for step in steps if hmac.compare_digest(code_of(secret, step), code)]
    return fitting[-1] if fitting else None


def address_for_app(secret: str, *, account: str, issuer: str) -> str:
    """What the picture holds that an app reads."""
    said = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{said}"
