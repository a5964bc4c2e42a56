"""The hash chain of the audit, in plain Python: what is digested, and how one link holds the next.

    content = SHA-256(canonical JSON of the entry, without its id)
    digest  = SHA-256(number, entry id, digest before, content, moment of sealing; one a line)

Numbers begin at 1 and have no gaps. docs/security.md tells it for who verifies an export without this product.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64
"""The digest before the first."""
CONTENT = (
    *("at", "by", "by_name", "operator", "deed", "subject", "came_by", "came_from", "key"),
    "detail",
)
"""What is digested of an entry, by the names in an export."""


def moment(at: datetime) -> str:
    """A moment as it is digested: UTC, to the microsecond where it has any."""
    return at.astimezone(UTC).isoformat()


def content_digest(told: Mapping[str, Any]) -> str:
    """The digest of what an entry says; `told` has the names of CONTENT, moments as text, numbers in `one_way`."""
    text = json.dumps({name: told[name] for name in CONTENT}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_digest(*, number: int, entry: int, previous: str, content: str, sealed_at: str) -> str:
    """The digest that holds an entry to its place."""
    return hashlib.sha256(f"{number}\n{entry}\n{previous}\n{content}\n{sealed_at}".encode()).hexdigest()


def one_way(value: Any) -> Any:
    """Numbers in the one way in which every database gives them back: a float without a fraction is whole."""
    if isinstance(value, dict):
        return {name: one_way(each) for name, each in value.items()}
    if isinstance(value, list):
        return [one_way(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
