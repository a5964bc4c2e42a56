"""How figures are written for the one who reads them: marks in numbers, order of days, time zone of moments.

The product's own way holds wherever nobody has asked for another: in the API, in files, letters and records. A page
of the console is told to one person, and `told_as` holds for that alone (docs/adr/0022).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

NARROW_SPACE = "\u202f"


class NumberFormat(StrEnum):
    """How one thousand two hundred thirty-four and a half is written."""

    POINT = "1,234.5"
    COMMA = "1.234,5"
    SPACE = "1 234,5"


class DateStyle(StrEnum):
    """How the fifth of March is written; never in figures whose order has to be guessed."""

    DAY_FIRST = "5 Mar 2027"
    MONTH_FIRST = "Mar 5, 2027"
    YEAR_FIRST = "2027-03-05"


MARKS = {
    NumberFormat.POINT: {",": ",", ".": "."},
    NumberFormat.COMMA: {",": ".", ".": ","},
    NumberFormat.SPACE: {",": NARROW_SPACE, ".": ","},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How one reader has figures written; `zone` None leaves moments in the zone that they are in."""

    numbers: NumberFormat = NumberFormat.POINT
    days: DateStyle = DateStyle.DAY_FIRST
    zone: tzinfo | None = None


THE_PRODUCTS = Figures()
_told: ContextVar[Figures] = ContextVar("figures", default=THE_PRODUCTS)


@contextmanager
def told_as(figures: Figures) -> Iterator[None]:
    """Within, words of numbers and days are those of one reader."""
    before = _told.set(figures)
    try:
        yield
    finally:
        _told.reset(before)


def figures_told() -> Figures:
    """How figures are written just now."""
    return _told.get()


def written(number: str) -> str:
    """A number with the reader's marks, from one written "1,234.5"."""
    marks = MARKS[_told.get().numbers]
    return "".join(marks.get(sign, sign) for sign in number)


def day_written(when: date) -> str:
    """A day in the reader's order; a moment is the day that it is where the reader is."""
    told = _told.get()
    if isinstance(when, datetime) and when.tzinfo and told.zone:
        when = when.astimezone(told.zone)
    if told.days is DateStyle.YEAR_FIRST:
        return f"{when:%Y-%m-%d}"
    if told.days is DateStyle.MONTH_FIRST:
        return f"{when:%b} {when.day}, {when.year}"
    return f"{when.day} {when:%b %Y}"
