"""One column of one file, read: each distinct cell once, since most cells repeat."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.sheets.cells.dates import DayOrder, settled_order
from fleet.sheets.cells.numbers import DecimalMark, settled_mark
from fleet.sheets.cells.raw import (
    LONGEST_BLANK_WORD,
    BrokenCell,
    Noted,
    RawCell,
    Reader,
    WrongCell,
    shown,
    trimmed,
)
from fleet.sheets.column import Column, ColumnContext
from fleet.sheets.files.blocks import Coded, key_of_each
from fleet.sheets.tables import TableColumn

CLEAR = "<clear>"  # no longer than the longest blank word


class Finding(NamedTuple):
    """What is to be said of a cell."""

    code: str
    value: str
    sentence: str
    is_warning: bool = False


class Said(NamedTuple):
    """What one distinct cell comes to: a value, or None; a finding; whether it clears what is on record."""

    value: object = None
    finding: Finding | None = None
    clears: bool = False


SILENT = Said()


class CellStore:
    """The cells of a column as they come in: each distinct one once, and for each row its place."""

    def __init__(self) -> None:
        self.cells: list[RawCell] = []
        self.codes = array("L")
        self._places: dict[Hashable, int] = {}

    def add(self, block: Coded) -> None:
        """The next rows."""
        cells, codes = block
        keys, places = key_of_each(cells), self._places
        known = len(places)
        here = [places.setdefault(key, len(places)) for key in keys]
        if len(places) > known:
            self.cells.extend(cell for cell, at in zip(cells, here, strict=True) if at >= known)
        self.codes.extend(here if isinstance(codes, range) else map(here.__getitem__, codes))


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """The values of a column, None where a cell is blank or wrong, and what is to be said of the cell at a
    place; `cleared` are the places of cells that clear.
    """

    column: Column
    heading: str
    values: list[object]
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    day_order: DayOrder | None = None
    decimal_mark: DecimalMark | None = None


def read_column(
    table_column: TableColumn,
    store: CellStore,
    order: DayOrder | None = None,
    mark: DecimalMark | None = None,
) -> ColumnReading:
    """Read the cells of one column; `order` and `mark` are what the sender says of days and decimals."""
    column = table_column.match.column
    context = ColumnContext(table_column.match.unit, tuple(store.cells), order, mark)
    read = column.reader(context)
    said = [_outcome(column, read, cell) for cell in store.cells]
    values = [each.value for each in said]
    return ColumnReading(
        column=column,
        heading=table_column.heading,
        values=list(map(values.__getitem__, store.codes)),
        findings=list(_findings(store.codes, said)),
        cleared=list(_places_of({code for code, each in enumerate(said) if each.clears}, store.codes)),
        day_order=settled_order(context.cells) if column.has_days else None,
        decimal_mark=settled_mark(context.cells) if column.has_decimals else None,
    )


def _findings(codes: Sequence[int], said: Sequence[Said]) -> Iterator[tuple[int, Finding]]:
    found = {code: each.finding for code, each in enumerate(said) if each.finding}
    yield from ((place, found[codes[place]]) for place in _places_of(found.keys(), codes))


def _places_of(wanted: Set[int], codes: Sequence[int]) -> Iterator[int]:
    if wanted:
        yield from (place for place, code in enumerate(codes) if code in wanted)


def _outcome(column: Column, read: Reader, cell: RawCell) -> Said:
    try:
        if isinstance(cell, str):
            text = trimmed(cell)
            if len(text) <= LONGEST_BLANK_WORD:
                word = text.casefold()
                if word in column.blank_words:
                    return SILENT
                if word == CLEAR:
                    return _clearing(column)
        elif isinstance(cell, BrokenCell):
            _complain_of(cell)
        value = read(cell)
    except WrongCell as wrong:
        return Said(finding=Finding(wrong.code, shown(cell), str(wrong)))
    except ValueError as error:
        return Said(finding=Finding(column.code, shown(cell), str(error)))
    if isinstance(value, Noted):
        return Said(value.value, Finding(value.code, shown(cell), value.sentence, is_warning=True))
    return Said(value)


def _clearing(column: Column) -> Said:
    if not column.can_be_cleared:
        raise WrongCell(
            "cannot_be_cleared",
            f"{column.headings[0]} cannot be cleared; leave the cell empty to keep what is on record.",
        )
    return Said(clears=True)


def _complain_of(cell: BrokenCell) -> None:
    """Raises `WrongCell` for a cell that has no value of its own."""
    if cell.is_formula:
        raise WrongCell(
            "formula_not_evaluated",
            "The cell holds a formula without its result; write the value, or open the workbook in a "
            "spreadsheet program, save it and send it again.",
        )
    raise WrongCell(
        "cell_is_an_error", f"The cell shows the error {cell.text}; write the value, or leave it empty."
    )
