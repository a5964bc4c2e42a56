"""Small secrets at rest: sealed by the product's key, opened by it or by a former one that is still set."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def sealed(secret: str) -> str:
    """The secret as it may lie in the database."""
    return _seal().encrypt(secret.encode()).decode()


def opened(text: str) -> str | None:
    """The secret; None where neither the product's key nor a former one (SECRET_KEY_FALLBACKS) sealed it."""
    try:
        return _seal().decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def _seal() -> MultiFernet:
    return MultiFernet([_by(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _by(key: str) -> Fernet:
    digest = hashlib.sha256(b"fleet.sign_in.sealing\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
