"""A sheet's rows: raw cells to typed values, every row checked; bad data is collected and never raised."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import compress
from pathlib import Path
from typing import Any

from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.checks import complaints
from fleet.sheets.column_reading import ColumnReader, ColumnReading
from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.instructions import Instructions
from fleet.sheets.noticed import notices
from fleet.sheets.reader import Workbook, open_workbook
from fleet.sheets.reading import CELLS, ParsedRow, RowProblem, SheetReading
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
    values: Mapping[str, Mapping[str, str]] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    meanwhile: Callable[[], object] = lambda: None,
    told: Callable[[int], object] = lambda _: None,
) -> SheetReading:
    """Read a fleet sheet from a file of any known kind.

    `heading_row` says which row holds the headings, where the guess is wrong; `mapping` says for a heading
    which column it is (None: leave it alone); `constants` gives a column's value for every row whose cell is
    blank or missing; `day_order` says how 03/04/2025 is meant, `decimal_mark` how 3,900 is; `values` says by
    column what a word in a cell means; `encoding` and `delimiter` say how a text file is read. `meanwhile` is
    done while another process opens the workbook, and `told` is called with the number of rows read so far.
    Raises UnreadableSheet where the file cannot be read at all, and ValueError with a sentence where one of
    these is wrong.
    """
    instructions = Instructions.checked(
        sheet=sheet,
        mapping=mapping,
        constants=constants,
        day_order=day_order,
        decimal_mark=decimal_mark,
        heading_row=heading_row,
        values=values,
        encoding=encoding,
        delimiter=delimiter,
    )
    with collector_at_rest():
        with open_workbook(path, limits, instructions.form) as book:
            meanwhile()
            table = find_table(book, instructions)
            reading = _begun(book, table)
            numbers, columns = _gathered(book, table, instructions, reading, told)
        parse(reading, numbers, (column.finished() for column in columns), instructions)
    return reading


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """An upload makes many objects and no cycles; looking for cycles took a third of the time (measured)."""
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
    book: Workbook,
    table: Table,
    instructions: Instructions,
    reading: SheetReading,
    told: Callable[[int], object],
) -> tuple[array[int], list[ColumnReader]]:
    """The row numbers, and a reader with the cells of each column. What is not read is never sent here."""
    numbers = array("L")
    order, mark = instructions.day_order, instructions.decimal_mark
    columns = [
        ColumnReader(column, order, mark, instructions.values.get(column.match.column.name, {}))
        for column in table.columns
    ]
    places = [column.place for column in table.columns]
    for block in book.blocks(table.tab.name, places, below=table.heading_row, width=len(table.headings)):
        numbers.extend(block.numbers)
        for column, cells in zip(columns, block.columns, strict=True):
            column.add(cells)
        told(len(numbers))
    if not numbers:
        raise UnreadableSheet("no_rows", f"There are no rows under the headings in row {table.heading_row}.")
    for problem, is_warning in notices(book.oddities, table):
        _say(reading, problem, is_warning)
    return numbers, columns


def parse(
    reading: SheetReading,
    numbers: array[int],
    columns: Iterable[ColumnReading],
    instructions: Instructions,
) -> None:
    """Put the values of columns into the reading, and everything that is wrong with its rows."""
    unread: dict[int, set[str]] = {}
    cleared: dict[int, set[str]] = {}
    values: dict[str, Sequence[Any]] = {}
    for column in columns:
        values[column.column.field] = column.values
        if column.day_order:
            reading.day_orders[column.heading] = column.day_order
        if column.decimal_mark:
            reading.decimal_marks[column.heading] = column.decimal_mark
        for place in column.cleared:
            cleared.setdefault(numbers[place], set()).add(column.column.name)
        for place, (code, value, sentence, is_warning) in column.findings:
            _say(reading, RowProblem(numbers[place], column.heading, code, value, sentence), is_warning)
            if not is_warning:
                unread.setdefault(numbers[place], set()).add(column.column.name)
    reading.numbers, kept = _without_silent_rows(numbers, values, cleared.keys() | unread.keys())
    reading.cells = _cells(reading.numbers, kept, cleared, instructions)
    reading.cleared = cleared
    _check(reading, unread)
    reading.wrong = {problem.row for problem in reading.problems}
    reading.problems.sort(key=lambda problem: problem.row)
    reading.warnings.sort(key=lambda problem: problem.row)


def _without_silent_rows(
    numbers: array[int], values: dict[str, Sequence[Any]], telling: Set[int]
) -> tuple[Sequence[int], dict[str, Sequence[Any]]]:
    """What is left without rows of "-" and spaces, which are none, whatever the constants would make of them;
    `telling` are the rows that say something although they have no value.
    """
    if any(None not in column for column in values.values()):
        return numbers, values
    silent = (None,) * len(values)
    rows = zip(numbers, zip(*values.values(), strict=True), strict=True)
    says = [told != silent or number in telling for number, told in rows]
    return array("L", compress(numbers, says)), {
        name: list(compress(column, says)) for name, column in values.items()
    }


def _cells(
    numbers: Sequence[int],
    values: dict[str, Sequence[Any]],
    cleared: Mapping[int, Set[str]],
    instructions: Instructions,
) -> dict[str, Sequence[Any]]:
    """The values by attribute of ParsedRow, those that are given for the whole file among them."""
    silent = [None] * len(numbers)
    for name, constant in instructions.constants.items():
        attribute = COLUMNS_BY_NAME[name].field
        values[attribute] = [
            constant if value is None and name not in cleared.get(number, ()) else value
            for number, value in zip(numbers, values.get(attribute, silent), strict=True)
        ]
    quantities = values.get("quantity", silent)
    values["has_quantity"] = [value is not None for value in quantities]
    values["quantity"] = [value or 1 for value in quantities]
    values["model"] = [value or "" for value in values.get("model", silent)]
    return {name: values.get(name, silent) for name in CELLS}


def _check(reading: SheetReading, unread: Mapping[int, Set[str]]) -> None:
    headings = {name: heading for heading, name in reading.columns.items()}
    for found in complaints(reading, unread):
        value = reading.cells[COLUMNS_BY_NAME[found.column].field][found.place]
        heading = headings.get(found.column, found.column)
        shown = "" if value is None else str(value)
        problem = RowProblem(reading.numbers[found.place], heading, found.code, shown, found.sentence)
        _say(reading, problem, found.is_warning)


def _say(reading: SheetReading, problem: RowProblem, is_warning: bool) -> None:
    (reading.warnings if is_warning else reading.problems).append(problem)
