"""Which rows of an .ods sheet are hidden, from its XML: calamine reads them like the others and does not say."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from fleet.sheets.files.limits import Limits
from fleet.sheets.wrecks import UnreadableSheet

_TAG = re.compile(rb"<table:(table-row|table)(?=[ />])([^>]*)>")
_NAME = re.compile(rb'\btable:name="([^"]*)"')
_REPEATED = re.compile(rb'\btable:number-rows-repeated="(\d{1,7})"')
_HIDDEN = re.compile(rb'\btable:visibility="(?:collapse|filter)"')
MOST_ROWS = 1_048_576
_REPEATS = re.compile(rb'\btable:number-rows-repeated="(\d+)"')
_CHUNK = 1 << 20


def hidden_in_ods(chunks: Iterable[bytes], sheet_name: str) -> Iterator[int]:
    """The numbers of the hidden rows of that sheet. Rows at the sheet's end that merely fill it are left out:
    a run of hidden rows counts only where another row follows it.
    """
    is_here, number = False, 0
    waiting: range = range(0)
    for kind, attributes in (found for chunk in chunks for found in _TAG.findall(chunk)):
        if kind == b"table":
            name = _NAME.search(attributes)
            is_here, number = bool(name and unescape(name[1].decode("utf-8", "replace")) == sheet_name), 0
            waiting = range(0)
        elif is_here:
            yield from waiting
            repeated = _REPEATED.search(attributes)
            rows = min(int(repeated[1]) if repeated else 1, MOST_ROWS)
            hidden = _HIDDEN.search(attributes)
            waiting = range(number + 1, number + rows + 1) if hidden else range(0)
            number += rows
            if number >= MOST_ROWS:
                is_here = False


def refuse_endless_repeats(path: Path, parts: frozenset[str], limits: Limits) -> None:
    """One row that is repeated a thousand million times keeps calamine busy for minutes.

    Raises UnreadableSheet: `too_many_rows`.
    """
    if "content.xml" not in parts:
        return
    rest = b""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        while piece := stream.read(_CHUNK):
            text = rest + piece
            if any(len(found) > 9 or int(found) > MOST_ROWS for found in _REPEATS.findall(text)):
                raise UnreadableSheet(
                    "too_many_rows",
                    f"The sheet has more than {limits.rows:,} rows; delete those below the table.",
                )
            rest = text[-64:]
