"""One column of one file, read: each distinct cell once, since most cells repeat."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
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


class ColumnReader:
    """Takes the cells of one column block by block and reads each distinct one once.

    Where no other cell matters, cells are read as they come in, while the child still sends; where the order
    of days or the decimal mark may stand in the last row, all are read at the end. `order` and `mark` are
    what the sender says of days and decimals, `meant` what certain words mean.
    """

    def __init__(
        self,
        found: TableColumn,
        order: DayOrder | None,
        mark: DecimalMark | None,
        meant: Mapping[str, str],
    ) -> None:
        self._meant = meant
        self._found, self._column = found, found.match.column
        self._order, self._mark = order, mark
        self._store = CellStore()
        self._values: list[object] = []
        self._findings: dict[int, Finding] = {}
        self._clearing: set[int] = set()
        self._is_settled_at_once = self._column.settled is None

    def add(self, block: Coded) -> None:
        """The next rows."""
        self._store.add(block)
        if self._is_settled_at_once:
            self._read(self._column.read)

    def finished(self) -> ColumnReading:
        """The reading; the cells are let go, so that they and their values are not both kept."""
        context = ColumnContext(self._found.match.unit, tuple(self._store.cells), self._order, self._mark)
        self._read(self._column.reader(context))
        codes, self._store = self._store.codes, CellStore()
        return ColumnReading(
            column=self._column,
            heading=self._found.heading,
            values=list(map(self._values.__getitem__, codes)),
            findings=[
                (place, self._findings[codes[place]]) for place in _places_of(self._findings.keys(), codes)
            ],
            cleared=list(_places_of(self._clearing, codes)),
            day_order=settled_order(context.cells) if self._column.has_days else None,
            decimal_mark=settled_mark(context.cells) if self._column.has_decimals else None,
        )

    def _read(self, read: Reader) -> None:
        """Read the cells that were not read yet."""
        is_plain = self._column.plain.fullmatch if self._column.plain else None
        values = self._values
        for cell in islice(self._store.cells, len(values), None):
            if is_plain and type(cell) is str and is_plain(cell):
                values.append(cell)
            else:
                values.append(self._value_of(cell, read))

    def _value_of(self, cell: RawCell, read: Reader) -> object:
        code = len(self._values)
        try:
            if isinstance(cell, str):
                text = trimmed(cell)
                if text in self._meant:
                    cell = text = self._meant[text]
                if len(text) <= LONGEST_BLANK_WORD and self._says_nothing(text.casefold(), code):
                    return None
            elif isinstance(cell, BrokenCell):
                _complain_of(cell)
            value = read(cell)
        except WrongCell as wrong:
            self._findings[code] = Finding(wrong.code, shown(cell), str(wrong))
            return None
        except ValueError as error:
            self._findings[code] = Finding(self._column.code, shown(cell), str(error))
            return None
        if isinstance(value, Noted):
            self._findings[code] = Finding(value.code, shown(cell), value.sentence, is_warning=True)
            return value.value
        return value

    def _says_nothing(self, word: str, code: int) -> bool:
        """Whether the cell is blank, or asks to clear what is on record, which is remembered."""
        if word != CLEAR:
            return word in self._column.blank_words
        if not self._column.can_be_cleared:
            raise WrongCell(
                "cannot_be_cleared",
                f"{self._column.headings[0]} cannot be cleared; leave the cell empty to keep what is on record.",
            )
        self._clearing.add(code)
        return True


def _places_of(wanted: Set[int], codes: Sequence[int]) -> Iterator[int]:
    if wanted:
        yield from (place for place, code in enumerate(codes) if code in wanted)


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
