"""Rows that a program sends as objects: read by the readers of a sheet's columns, held to the same checks.

The names of a row are those of our columns. A number is a number and a text is read as a cell with that text,
whose decimals stand behind a point; null clears what is on record, as <clear> does in a cell, where the column
can be cleared. Rows are numbered from 0.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.cells.raw import EXACT_BELOW, RawCell
from fleet.sheets.column import Column
from fleet.sheets.column_reading import CLEAR, ColumnReader, ColumnReading
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from fleet.sheets.export import cells_of
from fleet.sheets.files.blocks import coded
from fleet.sheets.headings import HeadingMatch
from fleet.sheets.instructions import Instructions
from fleet.sheets.reading import ParsedRow, RowProblem, SheetReading
from fleet.sheets.rows import parse
from fleet.sheets.tables import TableColumn

LAYOUT = "rows"
UNKNOWN = "field_unknown"
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
NOT_PLAIN = "\x1a"  # no reader takes it: what cannot be a cell is a problem of its column

Row = Mapping[str, Any]


def read_objects(rows: Sequence[Any]) -> SheetReading:
    """The rows as a sheet's reading; a row that is no object, or has a name that is no column's, is wrong."""
    told = [row if isinstance(row, Mapping) else {} for row in rows]
    named = set().union(*told)
    columns = [column for column in COLUMNS if column.name in named]
    reading = SheetReading(
        sheet="",
        heading_row=0,
        layout=LAYOUT,
        columns={column.name: column.name for column in columns},
        ignored_columns=[],
        problems=list(_strange_names(rows)),
    )
    if columns:
        read = (_column_reading(place, column, told) for place, column in enumerate(columns))
        parse(reading, array("L", range(len(rows))), read, Instructions.checked(**_NO_CHOICES))
    reading.problems += _silent_rows(reading, len(rows))
    reading.wrong = {problem.row for problem in reading.problems}
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def object_of(row: ParsedRow) -> dict[str, RawCell]:
    """A row as an object that is read as the same row again."""
    told = zip(COLUMNS, cells_of(row), strict=True)
    return {
        column.name: f"{cell:f}" if isinstance(cell, Decimal) else cell
        for column, cell in told
        if cell is not None
    }


def _column_reading(place: int, column: Column, rows: Sequence[Row]) -> ColumnReading:
    found = TableColumn(place, column.name, HeadingMatch(column))
    reader = ColumnReader(found, None, DecimalMark.POINT, {})
    null = CLEAR if column.can_be_cleared else ""
    reader.add(coded([_cell(row.get(column.name, ""), null) for row in rows]))
    return reader.finished()


def _cell(value: Any, null: str) -> RawCell:
    """What a sheet would hold in the place of a value."""
    if value is None:
        return null
    if isinstance(value, str):
        return value if value.isprintable() else _without_surrogates(value)
    if isinstance(value, bool | float | date):
        return value
    if isinstance(value, int):  # of a sheet's number digits are lost, of this one none
        return value if abs(value) < EXACT_BELOW else _digits(value)
    return NOT_PLAIN


def _digits(value: int) -> str:
    return str(value) if abs(value) < 10**100 else NOT_PLAIN


def _without_surrogates(text: str) -> str:
    return _NO_TEXT.sub(NOT_PLAIN, text)


def _strange_names(rows: Iterable[Any]) -> Iterable[RowProblem]:
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            sentence = 'A row is an object, like {"serial_number": "YNAHEAUBCJCBA0001", "model": "…"}.'
            yield RowProblem(number, "", "row_unreadable", "", sentence)
            continue
        for name in sorted(row.keys() - COLUMNS_BY_NAME.keys()):
            shown = _without_surrogates(name)[:80]
            sentence = f"There is no field '{shown}'; there are: {', '.join(COLUMNS_BY_NAME)}."
            yield RowProblem(number, shown, UNKNOWN, "", sentence)


def _silent_rows(reading: SheetReading, count: int) -> Iterable[RowProblem]:
    known = {problem.row for problem in reading.problems}
    for number in sorted(set(range(count)) - set(reading.numbers) - known):
        sentence = "The row says nothing; give at least a serial number and a model."
        yield RowProblem(number, "", "row_empty", "", sentence)


_NO_CHOICES: dict[str, Any] = {"sheet": None, "mapping": None, "constants": None, "day_order": None}
