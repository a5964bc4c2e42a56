"""Files that came from outside: what tells one from another."""

from __future__ import annotations

import hashlib
from typing import Any


def sha256_of(file: Any) -> str:
    """The SHA-256 of a Django file, read in pieces; the file stands at its beginning again."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
