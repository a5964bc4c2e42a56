"""The last line of an export of the audit: what was asked by whom and when, how much it is, and a signature of that.

Each line proves what it says, but not that no line beside it was taken out. So the last one counts the lines, digests
their digests, and is signed (Ed25519) with a key that is made of SECRET_KEY: who has the public key verifies it
anywhere, and nobody without the product's secret writes another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

PURPOSE = b"ledger.closing\0"


def own_keys() -> list[str]:
    """The product's public key, and those of former secrets that are still set (SECRET_KEY_FALLBACKS)."""
    return [_public(_private(str(each))) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@dataclass(slots=True)
class Tally:
    """How much of a file was seen: lines, entries among them, the first and the last, the digest of all digests."""

    lines: int = 0
    entries: int = 0
    first: str | None = None
    last: str | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    def take(self, line: Mapping[str, Any]) -> None:
        """Count one more; a place without what its entry says counts as that."""
        place, is_entry = f"{line['number']}:{line['digest']}", "deed" in line
        self.lines, self.entries = self.lines + 1, self.entries + is_entry
        self.first, self.last = self.first or place, place
        self._digest.update(f"{line['digest']}{'' if is_entry else ' link'}\n".encode())

    @property
    def told(self) -> dict[str, Any]:
        """By the names of the last line."""
        names = ("lines", "entries", "first", "last")
        return {**{name: getattr(self, name) for name in names}, "digest": self._digest.hexdigest()}


def closed(tally: Tally, said: Mapping[str, Any]) -> dict[str, Any]:
    """The last line of what was seen; `said` is JSON-ready: what was asked, by whom, when, the chain's newest."""
    key = _private(str(settings.SECRET_KEY))
    line = {**said, **tally.told, "key": _public(key)}
    return {**line, "signature": key.sign(_signed(line)).hex()}


def complaint_about_end(end: Mapping[str, Any], tally: Tally, keys: Collection[str]) -> str:
    """What is wrong with the last line of a file of which so much was seen, or nothing; `keys` are believed."""
    if "signature" not in end:
        return (
            "The file has no closing line: its end was cut off, or it is from before exports were signed. "
            "--unsigned verifies the lines that are there."
        )
    if end["key"] not in keys:
        return (
            f"The file is signed with the key {end['key']}, which is not one of this product's. If you had this key "
            "from whoever exported it, give it as --key."
        )
    if not _is_signed(end):
        return "The closing line was altered."
    return _unlike({name: end[name] for name in tally.told}, tally.told)


def _unlike(closing: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    if closing == seen:
        return ""
    told, found = ((each["lines"], each["entries"]) for each in (closing, seen))
    if told == found:
        return "Other lines stand in the file than those that were exported."
    return (
        f"{told[0]} lines with {told[1]} entries were exported, {found[0]} with {found[1]} are in the file: some "
        "were taken out or put in."
    )


def _is_signed(end: Mapping[str, Any]) -> bool:
    unsigned = {name: value for name, value in end.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(end["key"]))
        key.verify(bytes.fromhex(end["signature"]), _signed(unsigned))
    except InvalidSignature:
        return False
    return True


def _signed(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, sort_keys=True, separators=(",", ":")).encode()


def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(PURPOSE + secret.encode()).digest())


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
