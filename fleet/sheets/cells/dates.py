"""Cells that hold a day, and the order of day and month, which is settled for a whole column or not at all.

03/04/2025 is the third of April to one half of the world and the fourth of March to the other. Nobody's habit
is assumed: either some cell of the same column settles it (25/04/2025 can only be read in one way), or the
person does, or the cell is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from fleet.sheets.cells.raw import RawCell, Reader, WrongCell, is_number, shown, width_folded

FIRST_YEAR, LAST_YEAR = 2009, 2100  # Bitcoin's first block, and a year that only a slip of the finger passes
WRITE = "write it like 2025-06-10"

_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d\d)(\d\d)|(\d{4})年(\d{1,2})月(\d{1,2})日"
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_DAY_NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})[-/., ]*(\d{4})", re.IGNORECASE)
_NAMED_MONTH_DAY = re.compile(r"([a-z]{3,9})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})", re.IGNORECASE)
_TIME_OF_DAY = re.compile(
    r"(?<=\d)[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?\s*([ap]m|Z|[+-]\d\d:?\d\d)?\Z", re.IGNORECASE
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_EXCEL_DAYS = range(39_814, 73_416)  # 2009-01-01 to 2100-12-31 in Excel's count of days
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


class DayOrder(StrEnum):
    """Which comes first in a day written with slashes."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def day_reader(column: str, order: DayOrder | None = None) -> Reader:
    """A reader of days; without an order a cell that could be read in two ways is refused."""

    def read(cell: RawCell) -> date:
        day = _read(column, cell, order)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise WrongCell(
                f"{column}_out_of_range",
                f"The year {day.year} is not between {FIRST_YEAR} and {LAST_YEAR}; {WRITE}.",
            )
        return day

    return read


def settled_order(cells: Iterable[RawCell]) -> DayOrder | None:
    """The order that the column's own cells prove, or None where they prove none or both."""
    orders = {order for cell in cells if isinstance(cell, str) and (order := _proves(cell))}
    return orders.pop() if len(orders) == 1 else None


def is_ambiguous_day(cell: RawCell) -> bool:
    """Whether the cell alone could be two days."""
    found = _YEAR_LAST.fullmatch(_without_time(cell)) if isinstance(cell, str) else None
    return bool(found and found[1] != found[2] and max(int(found[1]), int(found[2])) <= 12)


def _proves(text: str) -> DayOrder | None:
    found = _YEAR_LAST.fullmatch(_without_time(text))
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 >= first else None


def _read(column: str, cell: RawCell, order: DayOrder | None) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise WrongCell(f"{column}_unreadable", f"{shown(cell)} is no date{_as_excel_day(cell)}; {WRITE}.")
    text = _without_time(cell)
    if found := _YEAR_LAST.fullmatch(text):
        return _day_and_month(column, text, (int(found[1]), int(found[2]), int(found[3])), order)
    if (parts := _year_month_day(text)) and (day := _calendar_day(*parts)):
        return day
    raise WrongCell(f"{column}_unreadable", f"'{shown(cell)}' is no date; {WRITE}.")


def _without_time(text: str) -> str:
    return _TIME_OF_DAY.sub("", width_folded(text))


def _year_month_day(text: str) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return year, month, day
    if found := _DAY_NAMED_MONTH.fullmatch(text):
        return int(found[3]), _month_named(found[2]), int(found[1])
    if found := _NAMED_MONTH_DAY.fullmatch(text):
        return int(found[3]), _month_named(found[1]), int(found[2])
    return None


def _day_and_month(column: str, text: str, parts: tuple[int, int, int], order: DayOrder | None) -> date:
    first, second, year = parts
    day_first, month_first = _calendar_day(year, second, first), _calendar_day(year, first, second)
    if order is not None:
        possible = {day_first if order is DayOrder.DAY_FIRST else month_first}
    else:
        possible = {day for day in (day_first, month_first) if day} or {None}
    if len(possible) > 1:
        raise WrongCell(
            f"{column}_ambiguous",
            f"'{text}' could be {month_first} or {day_first}, and no cell of the column settles which; "
            f"{WRITE}, or say whether the day or the month comes first.",
        )
    if (day := possible.pop()) is None:
        with_order = f" with the {order.value.removesuffix('_first')} first" if order else ""
        raise WrongCell(f"{column}_unreadable", f"'{text}' is no date{with_order}; {WRITE}.")
    return day


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_named(word: str) -> int:
    """1 to 12; 0, which makes no date, for a word that names no month."""
    return next(
        (number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.casefold())), 0
    )


def _as_excel_day(cell: RawCell) -> str:
    if is_number(cell) and _EXCEL_DAYS.start <= cell < _EXCEL_DAYS.stop:
        return f" (as a workbook counts days it would be {date.fromordinal(_EXCEL_EPOCH + int(cell))})"
    return ""
