"""One column of one file, read: each distinct cell once, since most cells repeat."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.sheets.cells.dates import DayOrder, settled_order
from fleet.sheets.cells.raw import BrokenCell, Noted, RawCell, Reader, WrongCell, is_blank, shown
from fleet.sheets.column import Column, ColumnContext
from fleet.sheets.tables import TableColumn


class Finding(NamedTuple):
    """What is to be said of a cell."""

    code: str
    value: str
    sentence: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """The values of a column, None where a cell is blank or wrong, and what is to be said of the cell at a
    place.
    """

    column: Column
    heading: str
    values: list[object]
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    day_order: DayOrder | None = None


def read_column(table_column: TableColumn, cells: Sequence[RawCell], order: DayOrder | None) -> ColumnReading:
    """Read the cells of one column; `order` is what the sender says of days."""
    column = table_column.match.column
    keys = _keys(cells)
    distinct = dict(zip(keys, cells, strict=True))
    context = ColumnContext(table_column.match.unit, tuple(distinct.values()), order)
    read = column.reader(context)
    said = {key: _outcome(column, read, cell) for key, cell in distinct.items()}
    return ColumnReading(
        column=column,
        heading=table_column.heading,
        values=[said[key][0] for key in keys],
        findings=list(_findings(keys, said)),
        day_order=settled_order(context.cells) if column.has_days else None,
    )


def _keys(cells: Sequence[RawCell]) -> Sequence[Hashable]:
    """What tells cells apart; to Python 1, 1.0 and True are equal, to a sheet they are not."""
    if set(map(type, cells)) == {str}:
        return cells
    return [cell if isinstance(cell, str) else (type(cell), cell) for cell in cells]


def _findings(
    keys: Sequence[Hashable], said: dict[Hashable, tuple[object, Finding | None]]
) -> Iterator[tuple[int, Finding]]:
    noticed = {key: finding for key, (_, finding) in said.items() if finding}
    if noticed:
        yield from ((place, noticed[key]) for place, key in enumerate(keys) if key in noticed)


def _outcome(column: Column, read: Reader, cell: RawCell) -> tuple[object, Finding | None]:
    if is_blank(cell, column.blank_words):
        return None, None
    try:
        value = read(_whole(cell))
    except WrongCell as wrong:
        return None, Finding(wrong.code, shown(cell), str(wrong))
    except ValueError as error:
        return None, Finding(column.code, shown(cell), str(error))
    if isinstance(value, Noted):
        return value.value, Finding(value.code, shown(cell), value.sentence, is_warning=True)
    return value, None


def _whole(cell: RawCell) -> RawCell:
    """The cell, unless it has no value of its own."""
    if not isinstance(cell, BrokenCell):
        return cell
    if cell.is_formula:
        raise WrongCell(
            "formula_not_evaluated",
            "The cell holds a formula without its result; write the value, or open the workbook in a "
            "spreadsheet program, save it and send it again.",
        )
    raise WrongCell(
        "cell_is_an_error", f"The cell shows the error {cell.text}; write the value, or leave it empty."
    )
