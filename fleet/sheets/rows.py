"""A sheet's rows: raw cells to typed values, every row checked; bad data is collected and never raised."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import fields
from itertools import compress, repeat
from pathlib import Path
from typing import Any

from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.checks import complaints
from fleet.sheets.column_reading import ColumnReader, ColumnReading
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.instructions import Instructions
from fleet.sheets.noticed import notices
from fleet.sheets.reader import Workbook, open_workbook
from fleet.sheets.reading import ClearingRow, ParsedRow, RowProblem, SheetReading
from fleet.sheets.tables import Table, find_table
from fleet.sheets.wrecks import UnreadableSheet

__all__ = ["ParsedRow", "RowProblem", "SheetReading", "UnreadableSheet", "read"]


def read(
    path: Path | str,
    *,
    sheet: str | None = None,
    heading_row: int | None = None,
    mapping: Mapping[str, str | None] | None = None,
    constants: Mapping[str, str] | None = None,
    day_order: DayOrder | str | None = None,
    decimal_mark: DecimalMark | str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> SheetReading:
    """Read a fleet sheet from a file of any known kind.

    `heading_row` says which row holds the headings, where the guess is wrong; `mapping` says for a heading
    which column it is (None: leave it alone); `constants` gives a column's value for every row whose cell is
    blank or missing; `day_order` says how 03/04/2025 is meant, `decimal_mark` how 3,900 is. Raises
    UnreadableSheet where the file cannot be read at all, and ValueError with a sentence where one of these is
    wrong.
    """
    instructions = Instructions.checked(
        sheet=sheet,
        mapping=mapping,
        constants=constants,
        day_order=day_order,
        decimal_mark=decimal_mark,
        heading_row=heading_row,
    )
    with _collector_at_rest():
        with open_workbook(path, limits) as book:
            table = find_table(book, instructions)
            reading = _begun(book, table)
            numbers, columns = _gathered(book, table, instructions, reading)
        _parse(reading, numbers, (column.finished() for column in columns), instructions)
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


def _gathered(
    book: Workbook, table: Table, instructions: Instructions, reading: SheetReading
) -> tuple[array[int], list[ColumnReader]]:
    """The row numbers, and a reader with the cells of each column. What is not read is never sent here."""
    numbers = array("L")
    told = instructions.day_order, instructions.decimal_mark
    columns = [ColumnReader(column, *told) for column in table.columns]
    places = [column.place for column in table.columns]
    for block in book.blocks(table.tab.name, places, below=table.heading_row, width=len(table.headings)):
        numbers.extend(block.numbers)
        for column, cells in zip(columns, block.columns, strict=True):
            column.add(cells)
    if not numbers:
        raise UnreadableSheet("no_rows", f"There are no rows under the headings in row {table.heading_row}.")
    for problem, is_warning in notices(book.oddities, table):
        _say(reading, problem, is_warning)
    return numbers, columns


def _parse(
    reading: SheetReading,
    numbers: array[int],
    columns: Iterable[ColumnReading],
    instructions: Instructions,
) -> None:
    unread: dict[int, set[str]] = {}
    cleared: dict[int, set[str]] = {}
    values: dict[str, list[Any]] = {}
    for column in columns:
        name = column.column.name
        values[name] = column.values
        if column.day_order:
            reading.day_orders[column.heading] = column.day_order
        if column.decimal_mark:
            reading.decimal_marks[column.heading] = column.decimal_mark
        for place in column.cleared:
            cleared.setdefault(place, set()).add(name)
        for place, (code, value, sentence, is_warning) in column.findings:
            _say(reading, RowProblem(numbers[place], column.heading, code, value, sentence), is_warning)
            if not is_warning:
                unread.setdefault(numbers[place], set()).add(name)
    rows = _typed_rows(numbers, values, cleared, instructions, unread)
    values.clear()
    _check(reading, rows, unread)
    _part(reading, rows)


def _typed_rows(
    numbers: array[int],
    values: dict[str, list[Any]],
    cleared: Mapping[int, Set[str]],
    instructions: Instructions,
    unread: Mapping[int, Set[str]],
) -> list[ParsedRow]:
    """The rows, column by column, in the order of COLUMNS, which is that of ParsedRow's attributes."""
    says_something = _says_something(numbers, values, cleared, unread)
    silent = [None] * len(numbers)
    for name, constant in instructions.constants.items():
        values[name] = [
            constant if value is None and name not in cleared.get(place, ()) else value
            for place, value in enumerate(values.get(name, silent))
        ]
    quantities = values.get("quantity")
    has_quantity = [value is not None for value in quantities] if quantities else repeat(False, len(numbers))
    values["quantity"] = [value or 1 for value in quantities] if quantities else [1] * len(numbers)
    values["model"] = [value or "" for value in values.get("model", silent)]
    in_order = [values.get(column.name, silent) for column in COLUMNS]
    rows = list(map(ParsedRow, numbers, *in_order, has_quantity))
    for place, columns in cleared.items():
        rows[place] = ClearingRow(**_told_by(rows[place]), clears=frozenset(columns))
    return rows if says_something is None else list(compress(rows, says_something))


def _told_by(row: ParsedRow) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(row)}


def _says_something(
    numbers: array[int],
    values: Mapping[str, list[Any]],
    cleared: Mapping[int, Set[str]],
    unread: Mapping[int, Set[str]],
) -> list[bool] | None:
    """Whether each row says anything; None where all do. Rows of "-" and spaces are none, whatever the
    constants would make of them.
    """
    if any(None not in column for column in values.values()):
        return None
    silent = (None,) * len(values)
    return [
        told != silent or place in cleared or number in unread
        for place, (number, told) in enumerate(zip(numbers, zip(*values.values(), strict=True), strict=True))
    ]


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
    reading.rows = [row for row in rows if row.number not in wrong] if wrong else rows
    reading.wrong_rows = [row for row in rows if row.number in wrong] if wrong else []
    reading.problems.sort(key=lambda problem: problem.row)
    reading.warnings.sort(key=lambda problem: problem.row)
