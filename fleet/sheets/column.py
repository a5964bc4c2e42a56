"""What a column of the fleet sheet is, and the kinds of column that occur more than once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fleet.sheets.cells.amounts import DOLLAR_UNITS, OTHER_CURRENCIES, amount_reader
from fleet.sheets.cells.dates import DayOrder, day_reader, settled_order
from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.cells.ratings import Rating, rating_reader
from fleet.sheets.cells.raw import BLANK_WORDS, RawCell, Reader
from fleet.sheets.cells.texts import name as name_reader
from fleet.sheets.cells.words import country


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What one file tells of one of its columns: the unit in its heading, its distinct cells, how days and
    decimals are meant.
    """

    unit: str = ""
    cells: tuple[RawCell, ...] = ()
    day_order: DayOrder | None = None
    decimal_mark: DecimalMark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the fleet sheet.

    `headings` are the spellings that people and tools use, ours first; case, spaces and marks do not matter,
    and each may be followed by one of `units`. `holds` is the sentence that people read. `read` turns a raw
    cell that is not blank into a typed value, or a `Noted` one, and raises ValueError with a sentence; `code`
    names the problem where the error brings no code of its own. `settled` gives the reader for one file's
    column, where the heading's unit or the other cells matter. `field` is the attribute of ParsedRow that
    takes the value. `can_be_cleared` tells whether a cell may say <clear>: what names a rig, and what no rig
    is without, may not. A cell that is `plain` is its own value: most identifiers are, and to read them by
    `read` took half of the time.
    """

    name: str
    headings: tuple[str, ...]
    holds: str
    code: str
    read: Reader
    example: str = ""
    settled: Callable[[ColumnContext], Reader] | None = None
    units: tuple[str, ...] = ()
    field: str = ""
    required: str = ""
    is_of_one_rig: bool = False
    has_days: bool = False
    has_decimals: bool = False
    can_be_cleared: bool = True
    blank_words: frozenset[str] = BLANK_WORDS
    plain: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", self.field or self.name)

    def reader(self, context: ColumnContext) -> Reader:
        """How the cells of this column are read in one file."""
        return self.settled(context) if self.settled else self.read


def text_column(
    name: str,
    what: str,
    *,
    headings: tuple[str, ...],
    holds: str,
    example: str,
    can_be_cleared: bool = True,
) -> Column:
    """A column of names; `what` names one in sentences."""
    return Column(
        name=name,
        headings=headings,
        holds=holds,
        example=example,
        code=f"{name}_unreadable",
        read=name_reader(name, what, longest=80 if name in ("rack", "position") else 200),
        can_be_cleared=can_be_cleared,
    )


def country_column(name: str, *, headings: tuple[str, ...], holds: str, example: str) -> Column:
    """A column of countries, where 'NA' is not blank but could be Namibia."""
    return Column(
        name=name,
        headings=headings,
        holds=holds,
        example=example,
        code="country_unknown",
        read=country,
        blank_words=BLANK_WORDS - {"na"},
    )


def day_column(name: str, *, headings: tuple[str, ...], holds: str, example: str = "") -> Column:
    """A column of days, whose order of day and month the sender or the other cells settle."""
    return Column(
        name=name,
        headings=headings,
        holds=holds,
        example=example,
        code=f"{name}_unreadable",
        read=day_reader(name),
        settled=lambda context: day_reader(name, context.day_order or settled_order(context.cells)),
        has_days=True,
    )


def amount_column(name: str, *, headings: tuple[str, ...], holds: str, example: str) -> Column:
    """A column of amounts for one unit, whose heading may name a currency."""
    return Column(
        name=name,
        headings=headings,
        holds=holds,
        example=example,
        code=f"{name}_unreadable",
        read=amount_reader(name),
        settled=lambda context: amount_reader(name, context.unit, context.cells, context.decimal_mark),
        has_decimals=True,
        units=(*DOLLAR_UNITS, *OTHER_CURRENCIES),
    )


def rating_column(
    rating: Rating, *, field: str, headings: tuple[str, ...], holds: str, example: str
) -> Column:
    """A column of hashrates or powers, whose heading may name a unit."""
    return Column(
        name=rating.column,
        headings=headings,
        holds=holds,
        example=example,
        code=f"{rating.column}_unreadable",
        read=rating_reader(rating),
        settled=lambda context: rating_reader(rating, context.unit, context.cells, context.decimal_mark),
        has_decimals=True,
        units=tuple(rating.factors),
        field=field,
    )
