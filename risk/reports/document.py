"""What a report says, before it is a file: sections of tiles, tables and sentences, and what all of it rests on.

Cells are values, not words: a share is a Decimal from 0 to 1, money is Money, a hashrate whole GH/s; None is not
known. Whoever writes the file gives them their form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from risk.dashboard.bars import Bar, GroupTable
from risk.dashboard.step_chart import StepChart
from risk.engine.terms.money import Money

Cell: TypeAlias = str | int | Decimal | date | Money | None


class Kind(StrEnum):
    """What a column holds, and so how its cells are written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    DOLLARS = "dollars"
    HASHRATE = "hashrate"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading, what stands under it, and how wide it is beside the others; some have room in a workbook alone."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 10
    on_paper: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns. `empty` is said where there is none; `parts` are the columns whose shares make up a whole,
    which a workbook draws as bars, and `steps_of` the one that it draws through time, up to `steps_through`.
    `note` stands above, `more` below. Paper has the first `rows_on_paper` rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    more: str = ""
    empty: str = "Nothing is on record."
    parts: tuple[str, ...] = ()
    steps_of: str = ""
    steps_through: date | None = None
    rows_on_paper: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Paragraphs under a heading; of each, what stands before the first ": " is what it is about."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The one number: what it says, of what, its bar, and what each part of the bar means."""

    share: str
    whole: str
    bar: Bar
    meanings: dict[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A number with its question, and what is not in it."""

    title: str
    question: str
    amount: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Numbers side by side."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """One or two fleets by a fact, side by side, each group with its bar."""

    tables: tuple[GroupTable, ...]
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The exposed share through time."""

    title: str
    chart: StepChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What follows begins on a page of its own."""


Section: TypeAlias = Table | Words | Figure | Boxes | Groups | Steps | Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a report rests on. `lists` are editions of government lists, each with its day; `verified_through` the day
    through which the law was checked."""

    edition: int | None
    verified_through: date | None
    lists: tuple[str, ...]
    assessed_at: datetime | None
    owed_lots: int
    set_aside_lots: int
    lots: int
    rigs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report on one operator's fleet. `file_name` is without its ending."""

    title: str
    operator: str
    about: str
    made_at: datetime
    basis: Basis
    sections: tuple[Section, ...]
    file_name: str

    @property
    def digest(self) -> str:
        """SHA-256 of what the report says and rests on: the same facts have the same digest in every form, whenever
        they are written."""
        said = asdict(self)
        del said["made_at"]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(section for section in self.sections if isinstance(section, Table))
