"""Good files made bad: cut, doubled, overwritten, and set with what readers have stumbled over before."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import NamedTuple

# What has broken readers of numbers, days, text, XML, zip, YAML and JSON.
TOKENS = (
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b"\x1a",
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"\x85",
    ),
    *(
        b"\xed\xa0\x80",
        b"\xc3",
        b"\xf4\x90\x80\x80",
        "\u202e".encode(),
        "ﬃ".encode(),
        "１２".encode(),
        "²".encode(),
    ),
    *(
        b"-1",
        b"0",
        b"1e999",
        b"1E+400",
        b"NaN",
        b"-Infinity",
        b"9" * 40,
        b"0x10",
        b"1_000",
        b"0.1" * 9,
        b"1,2,3.4.5",
    ),
    *(
        b"9999-99-99",
        b"0000-00-00",
        b"10000-01-01",
        b"2026-02-30",
        b"99999999999",
        b"31.02.2026",
        b"24:61:61",
    ),
    *(b"<", b">", b"</", b"<!--", b"]]>", b"<![CDATA[", b"&", b"&#0;", b"&#x110000;", b"&lol;", b"<?xml"),
    *(
        b'<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;">]>',
        b'<!ENTITY x SYSTEM "file:///etc/passwd">',
    ),
    *(
        b"*a",
        b"&a",
        b"<<: *a",
        b"!!python/object/apply:os.system",
        b"---",
        b"...",
        b"? ",
        b"|",
        b"%TAG",
        b"- - - -",
    ),
    *(b"{", b"}", b"[", b"]", b"[" * 300, b'{"a":' * 300, b"null", b"true", b"\\ud800", b"\\u0000", b"\\"),
    *(b"=1+1", b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"A" * 5_000, b"PK\x03\x04", b"PK\x05\x06"),
)
MOST = 6
"""Changes of one file: more, and nothing of it is left that a reader gets past."""
LONGEST = 400


class Change(NamedTuple):
    """One change: of which sort, where in the file (0 to 1), how long, and with which token."""

    sort: str
    place: float
    length: int
    token: int


SORTS = ("set", "over", "cut", "double", "move", "flip", "end")


def changed(content: bytes, changes: Sequence[Change]) -> bytes:
    """The content after the changes, one after the other."""
    for change in changes:
        content = _changed(content, change)
    return content


def _changed(content: bytes, change: Change) -> bytes:
    at = int(change.place * len(content))
    piece, token = content[at : at + change.length], TOKENS[change.token % len(TOKENS)]
    before, after = content[:at], content[at + change.length :]
    flipped = bytes(byte ^ (1 << change.token % 8) for byte in piece[:3]) + piece[3:]
    return {
        "set": before + token + piece + after,
        "over": before + token + after,
        "cut": before + after,
        "double": before + piece * 3 + after,
        "move": before + after + piece,
        "flip": before + flipped + after,
        "end": before,
    }[change.sort]


def some_changes(chance: Random) -> list[Change]:
    """Changes by chance."""
    return [
        Change(
            chance.choice(SORTS), chance.random(), chance.randint(0, LONGEST), chance.randrange(len(TOKENS))
        )
        for _ in range(chance.randint(1, MOST))
    ]


def changed_inside(content: bytes, part: int, changes: Sequence[Change]) -> bytes:
    """A zip whose part of that number was changed and packed again: what is behind the outer form is reached."""
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        names = source.namelist()
        for name in names:
            told = source.read(name)
            made.writestr(name, changed(told, changes) if name == names[part % len(names)] else told)
    return target.getvalue()
