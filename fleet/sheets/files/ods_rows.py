"""Which rows of an .ods sheet are hidden, from its XML: calamine reads them like the others and does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

_TAG = re.compile(rb"<table:(table-row|table)(?=[ />])([^>]*)>")
_NAME = re.compile(rb'\btable:name="([^"]*)"')
_REPEATED = re.compile(rb'\btable:number-rows-repeated="(\d{1,7})"')
_HIDDEN = re.compile(rb'\btable:visibility="(?:collapse|filter)"')
MOST_ROWS = 1_048_576


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
