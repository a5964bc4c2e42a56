"""Signatures of Standard Webhooks: HMAC-SHA256 over id, moment and body, with a secret that is kept nowhere.

The secret is worked out from the product's own key and a salt, so that whoever reads the database alone can sign
nothing (docs/adr/0016).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_PURPOSE = b"rig ledger: secret of a webhook\0"
_SALT_BYTES = 32


def new_salt() -> str:
    """A fresh salt of 256 bits, as hexadecimal digits."""
    return secrets.token_hex(_SALT_BYTES)


def secret_of(salt: str, *, key: str) -> bytes:
    """The secret of 32 bytes that belongs to a salt under the product's key."""
    return hmac.digest(key.encode(), _PURPOSE + bytes.fromhex(salt), "sha256")


def check_of(secret: bytes) -> str:
    """By what a secret is known again without keeping it: whether the product's key is still the same."""
    return hashlib.sha256(_PURPOSE + secret).hexdigest()


def written_secret(secret: bytes) -> str:
    """A secret as its holder gets it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def signature_of(*, message_id: str, timestamp: int, body: bytes, secrets_in_force: Iterable[bytes]) -> str:
    """The header `webhook-signature`: one `v1,` signature for each secret, with spaces between.

    `timestamp` in seconds since 1970.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        f"v1,{base64.b64encode(hmac.digest(secret, signed, 'sha256')).decode()}"
        for secret in secrets_in_force
    )
