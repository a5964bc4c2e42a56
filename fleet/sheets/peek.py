"""A look at a file before it is read: its sheets, its headings, what each column seems to be and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fleet.sheets.cells.dates import is_ambiguous_day, settled_order
from fleet.sheets.cells.numbers import settled_mark
from fleet.sheets.cells.raw import RawCell, is_blank, shown
from fleet.sheets.column_reading import CellStore
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.files.sheet_rows import NumberedRow, SheetTab
from fleet.sheets.headings import HeadingMatch, heading_set, is_secret, match_of
from fleet.sheets.instructions import Instructions
from fleet.sheets.noticed import notices
from fleet.sheets.reader import Workbook, open_workbook
from fleet.sheets.shapes import shape_of
from fleet.sheets.tables import Table, candidate_rows, tables_of

LOOKED_AT = 1_000
ROWS_SHOWN = 12
SAMPLES = 3


class Why(StrEnum):
    """Why a column is taken, proposed or left out."""

    CHOSEN = "chosen"
    LAYOUT = "layout"
    HEADING = "heading"
    CONTENT = "content"
    SECRET = "secret"  # noqa: S105 (a reason, no password)
    LIVE = "live"
    TAKEN = "taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeekedSheet:
    """A sheet of the file; `rows` counts those that are filled, headings among them."""

    name: str
    rows: int
    is_hidden: bool
    is_fleet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeekedColumn:
    """A column of the sheet that is looked at.

    `column` is ours that `read` would take it for, or None; `proposed` is what its cells look like where the
    heading says nothing (`why` is then `content`, `because` a half-sentence). `day_order` is the order that its cells
    prove; `ambiguous_days` are samples that could be two days where they prove none. Secrets have no samples.
    """

    place: int
    heading: str
    samples: tuple[str, ...]
    column: str | None
    why: Why
    because: str = ""
    proposed: str | None = None
    unit: str = ""
    has_days: bool = False
    day_order: str | None = None
    ambiguous_days: tuple[str, ...] = ()
    decimal_mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peek:
    """What a look at a file tells. `sheet` is the one that `columns` are of; where `lacks` is not empty, it names
    what is needed and must be mapped or given for the whole file. `refusal` is the sentence for a sheet that
    is not read at all.
    """

    sheets: tuple[PeekedSheet, ...]
    sheet: str
    encoding: str | None
    delimiter: str | None
    first_rows: tuple[tuple[int, tuple[str, ...]], ...]
    heading_row: int
    heading_rows: tuple[int, ...]
    layout: str
    columns: tuple[PeekedColumn, ...]
    heading_set: str
    lacks: str = ""
    refusal: str = ""
    notices: tuple[str, ...] = ()


def peek(
    path: Path | str,
    *,
    sheet: str | None = None,
    heading_row: int | None = None,
    mapping: Mapping[str, str | None] | None = None,
    constants: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Peek:
    """Look at a file, at the sheet and heading row that are named or else at those that are guessed.

    Nothing is refused for what is missing; that is told. Raises UnreadableSheet for a file that cannot be
    opened, and ValueError where one of the arguments is wrong.
    """
    instructions = Instructions.checked(
        sheet=sheet,
        heading_row=heading_row,
        mapping=mapping,
        constants=constants,
        day_order=None,
        encoding=encoding,
        delimiter=delimiter,
    )
    with open_workbook(path, limits, instructions.form) as book:
        tables = tables_of(book, instructions)
        table = _most_like_a_fleet(list(tables.values()), instructions)
        top = list(book.rows(table.tab.name, table.heading_row + LOOKED_AT))
        whole = _whole_columns(book, table)
        said = tuple(problem.sentence for problem, _ in notices(book.oddities, table))
        return Peek(
            sheets=tuple(_sheet(book, tab, tables.get(tab), instructions) for tab in book.tabs()),
            sheet=table.tab.name,
            encoding=book.encoding,
            delimiter=book.delimiter,
            first_rows=_first_rows(top, table),
            heading_row=table.heading_row,
            heading_rows=candidate_rows(top, instructions),
            layout=table.layout.name,
            columns=tuple(_columns(table, top, whole, instructions)),
            heading_set=heading_set(table.headings),
            lacks=table.missing(instructions),
            refusal=table.layout.refusal,
            notices=(*said, *(warning.sentence for warning in table.warnings)),
        )


def _most_like_a_fleet(tables: Sequence[Table], instructions: Instructions) -> Table:
    """The first of those that lack least and have rows."""
    return max(
        tables,
        key=lambda table: (
            not table.tab.is_hidden,
            not table.missing(instructions),
            len(table.columns),
            table.has_rows,
        ),
    )


def _sheet(book: Workbook, tab: SheetTab, table: Table | None, instructions: Instructions) -> PeekedSheet:
    is_fleet = bool(table and table.columns and not table.missing(instructions))
    return PeekedSheet(
        name=tab.name, rows=book.row_count(tab.name), is_hidden=tab.is_hidden, is_fleet=is_fleet
    )


def _first_rows(top: Iterable[NumberedRow], table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The first rows as a person sees them; what stands under a secret heading is left out."""
    hidden = {place for place, heading in enumerate(table.headings) if heading and is_secret(heading)}
    rows = [row for _, row in zip(range(ROWS_SHOWN), top, strict=False)]
    return tuple(
        (
            number,
            tuple(
                "" if place in hidden and number > table.heading_row else shown(cell)
                for place, cell in enumerate(cells)
            ),
        )
        for number, cells in rows
    )


def _whole_columns(book: Workbook, table: Table) -> dict[int, list[RawCell]]:
    """Every distinct cell of the columns of days and of decimals, by place: one cell far below settles them."""
    wanted = [
        column.place
        for column in table.columns
        if column.match.column.has_days or column.match.column.has_decimals
    ]
    stores = {place: CellStore() for place in wanted}
    for block in book.blocks(table.tab.name, wanted, below=table.heading_row, width=len(table.headings)):
        for place, cells in zip(wanted, block.columns, strict=True):
            stores[place].add(cells)
    return {place: store.cells for place, store in stores.items()}


def _columns(
    table: Table, top: Sequence[NumberedRow], whole: Mapping[int, list[RawCell]], instructions: Instructions
) -> Iterable[PeekedColumn]:
    rows = [cells for number, cells in top if number > table.heading_row]
    width = max([len(table.headings), *map(len, rows)], default=0)
    read = {column.place: column.match for column in table.columns}
    for place in range(width):
        heading = table.headings[place] if place < len(table.headings) else ""
        cells = [row[place] for row in rows if place < len(row) and not is_blank(row[place])]
        if heading or cells:
            match = read.get(place)
            yield (
                _taken(table, place, heading, cells, match, whole, instructions)
                if match
                else _left_out(table, place, heading, cells, instructions)
            )


def _taken(
    table: Table,
    place: int,
    heading: str,
    cells: list[RawCell],
    match: HeadingMatch,
    whole: Mapping[int, list[RawCell]],
    instructions: Instructions,
) -> PeekedColumn:
    all_cells = whole.get(place, [])
    order = settled_order(all_cells) if match.column.has_days else None
    return PeekedColumn(
        place=place,
        heading=heading,
        samples=_samples(cells),
        column=match.column.name,
        why=_why(table, heading, instructions),
        unit=match.unit,
        has_days=match.column.has_days,
        day_order=order,
        ambiguous_days=_samples(
            [cell for cell in all_cells if is_ambiguous_day(cell)]
            if match.column.has_days and not order
            else []
        ),
        decimal_mark=settled_mark(all_cells) if match.column.has_decimals else None,
    )


def _why(table: Table, heading: str, instructions: Instructions) -> Why:
    if instructions.maps(heading):
        return Why.CHOSEN
    return Why.LAYOUT if table.layout.says(heading)[0] else Why.HEADING


def _left_out(
    table: Table, place: int, heading: str, cells: list[RawCell], instructions: Instructions
) -> PeekedColumn:
    """A column that is not read; where only its heading is unknown, its cells may tell what it is."""
    if heading and is_secret(heading):
        return PeekedColumn(place=place, heading=heading, samples=(), column=None, why=Why.SECRET)
    why = Why.UNKNOWN
    if instructions.maps(heading):
        why = Why.CHOSEN
    elif table.layout.is_live(heading):
        why = Why.LIVE
    elif (match := match_of(heading)) and not match.is_doubtful:
        why = Why.TAKEN
    elif table.layout.says(heading)[0]:
        why = Why.LAYOUT
    there = {column.match.column.name for column in table.columns}
    shape = shape_of(cells) if why is Why.UNKNOWN else None
    if shape and shape.column not in there:
        return PeekedColumn(
            place=place,
            heading=heading,
            samples=_samples(cells),
            column=None,
            why=Why.CONTENT,
            because=shape.because,
            proposed=shape.column,
        )
    return PeekedColumn(place=place, heading=heading, samples=_samples(cells), column=None, why=why)


def _samples(cells: Iterable[RawCell]) -> tuple[str, ...]:
    """The first three that differ."""
    return tuple(dict.fromkeys(map(shown, cells)))[:SAMPLES]
