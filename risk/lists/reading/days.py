"""Days as lists write them; an impossible year stays unknown, with a complaint that quotes it."""

from __future__ import annotations

import re
from datetime import date, datetime

EARLIEST_LISTING = 1940
"""No list that is read here names a party before the Trading with the Enemy lists of that decade."""

LATEST_END = 2200
"""Denial orders have run to 2056 and indefinitely; a year beyond this is a slip."""

_PATTERNS = ("%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%Y-%m-%dT%H:%M:%S")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)$")


def read_day(text: str, *, of: str) -> tuple[date | None, tuple[str, ...]]:
    """A day and what is wrong with it: ISO, MM/DD/YYYY, or 03 Jun 2021. Silence is (None, ())."""
    written = text.strip()
    if not written:
        return None, ()
    day = _parsed(written)
    if day is None or not EARLIEST_LISTING <= day.year <= LATEST_END:
        return None, (f"The {of} '{written}' is impossible and counts as unknown.",)
    return day, ()


def _parsed(written: str) -> date | None:
    iso = _ISO.match(written)
    if iso:
        return _made(*map(int, iso.groups()))
    for pattern in _PATTERNS[1:]:
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
