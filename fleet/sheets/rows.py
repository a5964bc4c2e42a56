"""A sheet's rows: raw cells to typed values, every row checked; bad data is collected and never raised."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.raw import RawCell
from fleet.sheets.checks import complaints
from fleet.sheets.column_reading import ColumnReading, read_column
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.files.sheet_rows import NumberedRow
from fleet.sheets.instructions import Instructions
from fleet.sheets.reader import Workbook, open_workbook
from fleet.sheets.reading import ParsedRow, RowProblem, SheetReading
from fleet.sheets.tables import Table, find_table
from fleet.sheets.wrecks import UnreadableSheet

__all__ = ["ParsedRow", "RowProblem", "SheetReading", "UnreadableSheet", "read"]

ROWS_AT_ONCE = 1_000


def read(
    path: Path | str,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    constants: Mapping[str, str] | None = None,
    day_order: DayOrder | str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> SheetReading:
    """Read a fleet sheet from a file of any known kind.

    `mapping` says for a heading which column it is (None: leave it alone); `constants` gives a column's value
    for every row whose cell is blank or missing; `day_order` says how 03/04/2025 is meant. Raises
    UnreadableSheet where the file cannot be read at all, and ValueError with a sentence where one of these
    three is wrong.
    """
    instructions = Instructions.checked(
        sheet=sheet, mapping=mapping, constants=constants, day_order=day_order
    )
    with open_workbook(path, limits) as book, _collector_at_rest():
        table = find_table(book, instructions)
        reading = _begun(book, table)
        numbers, cells = _gathered(book, table, reading)
        columns = [
            read_column(column, found, instructions.day_order)
            for column, found in zip(table.columns, cells, strict=True)
        ]
        _parse(reading, numbers, columns, instructions)
    return reading


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Reading makes many objects and no cycles; looking for cycles took a third of the time (measured)."""
    was_awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_awake:
            gc.enable()


def _begun(book: Workbook, table: Table) -> SheetReading:
    """The reading as far as headings tell it."""
    return SheetReading(
        sheet=table.tab.name,
        heading_row=table.heading_row,
        layout=table.layout.name,
        columns={column.heading: column.match.column.name for column in table.columns},
        ignored_columns=table.ignored,
        problems=list(table.problems),
        warnings=list(table.warnings),
        encoding=book.encoding,
        delimiter=book.delimiter,
    )


def _gathered(book: Workbook, table: Table, reading: SheetReading) -> tuple[list[int], list[list[RawCell]]]:
    """The row numbers, and for each column of the table its cells. What is not read is dropped at once."""
    numbers: list[int] = []
    columns: list[list[RawCell]] = [[] for _ in table.columns]
    rows = _rows_below_headings(book, table, reading)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        numbers.extend(number for number, _ in batch)
        for column, cells in zip(columns, zip(*(row for _, row in batch), strict=True), strict=True):
            column.extend(cells)
    if not numbers:
        raise UnreadableSheet("no_rows", f"There are no rows under the headings in row {table.heading_row}.")
    if (beyond := book.left_out_from) is not None:
        sentence = f"Row {beyond} and what follows were not read: they stand below a long gap of blank rows."
        _say(reading, RowProblem(beyond, "", "rows_beyond_gap", "", sentence), is_warning=True)
    return numbers, columns


def _rows_below_headings(book: Workbook, table: Table, reading: SheetReading) -> Iterator[NumberedRow]:
    """The cells that are read of each row that has any of them."""
    places = [column.place for column in table.columns]
    is_text, width = book.delimiter is not None, len(table.headings)
    for number, cells in book.rows(table.tab.name):
        if number > table.heading_row:
            if is_text and len(cells) > width:
                _say(reading, _overlong(number, len(cells), width), is_warning=False)
            cells.extend([""] * (places[-1] + 1 - len(cells)))
            row = [cells[place] for place in places]
            if row.count("") < len(row):
                yield number, row


def _overlong(number: int, cells: int, headings: int) -> RowProblem:
    sentence = (
        f"The row has {cells} cells under {headings} headings, so that they may stand in the wrong columns; put "
        "a cell that holds the delimiter into quotation marks."
    )
    return RowProblem(number, "", "more_cells_than_headings", "", sentence)


def _parse(
    reading: SheetReading, numbers: list[int], columns: list[ColumnReading], instructions: Instructions
) -> None:
    unread: dict[int, set[str]] = {}
    for column in columns:
        if column.day_order:
            reading.day_orders[column.heading] = column.day_order
        for place, (code, value, sentence, is_warning) in column.findings:
            _say(reading, RowProblem(numbers[place], column.heading, code, value, sentence), is_warning)
            if not is_warning:
                unread.setdefault(numbers[place], set()).add(column.column.name)
    rows = _typed_rows(numbers, columns, instructions, unread)
    _check(reading, rows, unread)
    _part(reading, rows)


def _typed_rows(
    numbers: list[int],
    columns: list[ColumnReading],
    instructions: Instructions,
    unread: Mapping[int, Set[str]],
) -> list[ParsedRow]:
    """The rows, column by column, in the order of COLUMNS, which is that of ParsedRow's attributes."""
    silent = [None] * len(numbers)
    values: dict[str, list[Any]] = {column.column.name: column.values for column in columns}
    for name, constant in instructions.constants.items():
        values[name] = [constant if value is None else value for value in values.get(name, silent)]
    has_quantity = [value is not None for value in values.get("quantity", silent)]
    values["quantity"] = [value or 1 for value in values.get("quantity", silent)]
    values["model"] = [value or "" for value in values.get("model", silent)]
    in_order = [values.get(column.name, silent) for column in COLUMNS]
    says_nothing = _silent_rows(numbers, columns, unread)
    rows = map(ParsedRow, numbers, *in_order, has_quantity)
    return [row for row in rows if row.number not in says_nothing]


def _silent_rows(
    numbers: list[int], columns: list[ColumnReading], unread: Mapping[int, Set[str]]
) -> set[int]:
    """Rows whose cells say nothing ("-", spaces): they are none, whatever the constants would make of them."""
    told = zip(*(column.values for column in columns), strict=True)
    silent = (
        number
        for number, values in zip(numbers, told, strict=True)
        if not any(values) and set(values) == {None}
    )
    return {number for number in silent if number not in unread}


def _check(reading: SheetReading, rows: list[ParsedRow], unread: Mapping[int, Set[str]]) -> None:
    headings = {name: heading for heading, name in reading.columns.items()}
    for found in complaints(rows, unread):
        value = getattr(found.row, COLUMNS_BY_NAME[found.column].field)
        heading = headings.get(found.column, found.column)
        shown = "" if value is None else str(value)
        problem = RowProblem(found.row.number, heading, found.code, shown, found.sentence)
        _say(reading, problem, found.is_warning)


def _say(reading: SheetReading, problem: RowProblem, is_warning: bool) -> None:
    (reading.warnings if is_warning else reading.problems).append(problem)


def _part(reading: SheetReading, rows: list[ParsedRow]) -> None:
    """Tell right rows from wrong ones, and put problems in the order in which a person meets them."""
    wrong = {problem.row for problem in reading.problems}
    reading.rows = [row for row in rows if row.number not in wrong]
    reading.wrong_rows = [row for row in rows if row.number in wrong]
    reading.problems.sort(key=lambda problem: problem.row)
    reading.warnings.sort(key=lambda problem: problem.row)
