"""Where the table lies in a workbook: which sheet, which heading row, and what each heading means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.files.sheet_rows import NumberedRow, SheetTab
from fleet.sheets.headings import (
    HeadingMatch,
    folded,
    heading_text,
    is_secret,
    listed_match_of,
    match_as,
    match_of,
)
from fleet.sheets.instructions import Instructions
from fleet.sheets.layouts import SECTION, SECTIONED, Layout, layout_of
from fleet.sheets.reader import Workbook, tab_named
from fleet.sheets.reading import RowProblem
from fleet.sheets.shapes import bears_out
from fleet.sheets.told_by_cells import GUESSED, cells_under, is_no_status, place_that_looks_like
from fleet.sheets.wrecks import UnreadableSheet

SEARCHED_ROWS = 20
LISTED_HEADINGS = 12
PLACES_LOOKED_AT = 200
IDENTIFIERS = ("serial_number", "mac_address", "quantity")
WANTED = (
    "a fleet sheet needs a column for the serial number (or the MAC address, or a quantity), one for the "
    "model, and one for the site unless everything is on order or in transit"
)
PYASIC_CELLS = 20
PYASIC_ADVICE = (
    "The file has no headings and looks like the output of pyasic's as_csv, whose cells shift wherever a value "
    "has a comma. Write as_dict() of each miner with csv.DictWriter and its headings instead, or send a table "
    "with headings from another tool."
)
_IP_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of the sheet that is read: its place from 0, its heading as written, what it means."""

    place: int
    heading: str
    match: HeadingMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet's table: its heading row and what stands under which heading."""

    tab: SheetTab
    heading_row: int
    layout: Layout
    columns: tuple[TableColumn, ...]
    headings: tuple[str, ...]
    has_rows: bool
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    @property
    def ignored(self) -> list[str]:
        """The headings that are not read, in their order."""
        read = {column.place for column in self.columns}
        return [heading for place, heading in enumerate(self.headings) if heading and place not in read]

    def missing(self, instructions: Instructions) -> str:
        """What the table lacks of what every fleet sheet needs, in words; empty where it lacks nothing."""
        told = {column.match.column.name for column in self.columns} | set(instructions.constants)
        lacks = [] if "model" in told else ["the model"]
        if told.isdisjoint(IDENTIFIERS):
            lacks.append("the serial number (or the MAC address, or a quantity)")
        if told.isdisjoint(("site", "status")):
            lacks.append("the site")
        return " and for ".join(lacks)


def find_table(book: Workbook, instructions: Instructions) -> Table:
    """The one fleet table of the workbook.

    Raises UnreadableSheet: `no_such_sheet`, `empty_file`, `no_headings`, `columns_missing`, `several_sheets`;
    and ValueError where the mapping names a heading that the sheet does not have.
    """
    searched = max(SEARCHED_ROWS, (instructions.heading_row or 0) + 1)
    tops = {tab: list(book.rows(tab.name, searched)) for tab in _candidates(book, instructions)}
    if not instructions.heading_row and any(_is_sectioned(top) for top in tops.values()):
        raise UnreadableSheet("several_tables", SECTIONED)
    tables = [
        _with_guesses(table, top, instructions)
        for tab, top in tops.items()
        if (table := _table_in(tab, top, instructions))
    ]
    if not tables and instructions.heading_row and any(tops.values()):
        sentence = (
            f"Row {instructions.heading_row} has no heading that is known here; map one, or name another."
        )
        raise UnreadableSheet("no_headings", sentence)
    if not tables:
        raise _no_headings(list(tops.values()))
    complete = [table for table in tables if not table.layout.refusal and not table.missing(instructions)]
    if not complete:
        if refusal := next((table.layout.refusal for table in tables if table.layout.refusal), ""):
            raise UnreadableSheet("no_rigs_in_layout", refusal)
        best = max(tables, key=lambda table: len(table.columns))
        _refuse_strange_mapping(best, instructions)
        raise _columns_missing(best, instructions)
    filled = [table for table in complete if table.has_rows] or complete[:1]
    if len(filled) > 1:
        raise _several_sheets(filled)
    _refuse_strange_mapping(filled[0], instructions)
    _notice_hidden_sheets(book, filled[0], instructions)
    return filled[0]


def _notice_hidden_sheets(book: Workbook, table: Table, instructions: Instructions) -> None:
    """A hidden sheet that holds a fleet as well was not read, and its sender may not know of it."""
    for tab in book.tabs() if instructions.sheet is None and not table.tab.is_hidden else ():
        other = (
            _table_in(tab, list(book.rows(tab.name, SEARCHED_ROWS)), instructions) if tab.is_hidden else None
        )
        if other and not other.missing(instructions):
            sentence = (
                f"The hidden sheet '{tab.name[:31]}' seems to hold a fleet too; it was not read. Name it if it is "
                "meant."
            )
            table.warnings.append(RowProblem(table.heading_row, "", "sheet_hidden", tab.name, sentence))


def tables_of(book: Workbook, instructions: Instructions) -> dict[SheetTab, Table]:
    """What may be a table in each sheet, hidden ones too, however little of its headings is known.

    Raises UnreadableSheet: `no_such_sheet`, and `empty_file` where no sheet has a filled row.
    """
    searched = max(SEARCHED_ROWS, (instructions.heading_row or 0) + 1)
    tabs = (tab_named(book.tabs(), instructions.sheet),) if instructions.sheet is not None else book.tabs()
    tops = {tab: list(book.rows(tab.name, searched)) for tab in tabs}
    tables = {tab: _likely_table(tab, top, instructions) for tab, top in tops.items() if top}
    if not tables:
        raise _no_headings(list(tops.values()))
    return tables


def candidate_rows(top: Iterable[NumberedRow], instructions: Instructions) -> tuple[int, ...]:
    """The rows of the first twenty that may be the heading row: at least half as many known headings as in the
    best of them, the best first.
    """
    known = {
        number: len(_columns_meant(cells, instructions)) for number, cells in top if number <= SEARCHED_ROWS
    }
    best = max(known.values(), default=0)
    likely = [number for number, count in known.items() if count >= max(2, best / 2)]
    return tuple(sorted(likely, key=lambda number: -known[number]))


def _likely_table(tab: SheetTab, top: list[NumberedRow], instructions: Instructions) -> Table:
    """The table as `read` would find it, or else one under the fullest of the first rows."""
    if table := _table_in(tab, top, instructions):
        return table
    chosen = [row for row in top if row[0] == instructions.heading_row] or top
    number, cells = max(chosen, key=lambda row: sum(isinstance(cell, str) and bool(cell) for cell in row[1]))
    headings = tuple(heading_text(cell) for cell in cells)
    return Table(
        tab=tab,
        heading_row=number,
        layout=layout_of([]),
        columns=(),
        headings=headings,
        has_rows=any(row > number for row, _ in top),
    )


def _candidates(book: Workbook, instructions: Instructions) -> tuple[SheetTab, ...]:
    tabs = book.tabs()
    if instructions.sheet is not None:
        return (tab_named(tabs, instructions.sheet),)
    return tuple(tab for tab in tabs if not tab.is_hidden) or tabs


def _table_in(tab: SheetTab, top: list[NumberedRow], instructions: Instructions) -> Table | None:
    """The table under the row of the first twenty in which most headings are known, or under the one that
    the sender names.
    """
    chosen = [row for row in top if instructions.heading_row in (None, row[0])]
    number, cells = max(chosen, key=lambda row: len(_columns_meant(row[1], instructions)), default=(0, []))
    if not _columns_meant(cells, instructions):
        return None
    headings = tuple(heading_text(cell) for cell in cells)
    layout = layout_of([heading for heading in headings if heading])
    table = Table(
        tab=tab,
        heading_row=number,
        layout=layout,
        columns=tuple(_chosen(headings, layout, instructions, [row for at, row in top if at > number])),
        headings=headings,
        has_rows=number >= SEARCHED_ROWS or any(row > number for row, _ in top),
    )
    _notice_what_is_left_out(table, instructions)
    return _settled_by_cells(table, [row for row in top if row[0] > number], instructions)


def _settled_by_cells(table: Table, below: list[NumberedRow], instructions: Instructions) -> Table:
    """The table without what is headed like a status and is none."""
    doubted = [
        column
        for column in table.columns
        if is_no_status(column.match, cells_under(column.place, below))
        and folded(column.heading) not in instructions.mapping
    ]
    table.warnings.extend(_no_status(table, column) for column in doubted)
    return replace(table, columns=tuple(column for column in table.columns if column not in doubted))


def _with_guesses(table: Table, top: list[NumberedRow], instructions: Instructions) -> Table:
    """The table with the model or the serial number that no heading names, where one column alone looks like
    it: said in a warning. Whoever looks into the file first is asked instead.
    """
    below = [row for row in top if row[0] > table.heading_row]
    for name in ("model", "serial_number"):
        if found := _guessed(table, name, below, instructions):
            table.warnings.append(_guess(table, found))
            table = replace(table, columns=(*table.columns, found))
    return replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.place)))


def _guessed(
    table: Table, name: str, below: list[NumberedRow], instructions: Instructions
) -> TableColumn | None:
    told = {column.match.column.name for column in table.columns} | set(instructions.constants)
    if not told.isdisjoint(IDENTIFIERS if name in IDENTIFIERS else (name,)):
        return None
    read = {column.place for column in table.columns}
    free = [
        place
        for place, heading in enumerate(table.headings[:PLACES_LOOKED_AT])
        if heading and place not in read and _is_open(heading, table, instructions)
    ]
    place = place_that_looks_like(name, free, lambda place: cells_under(place, below))
    if place is None:
        return None
    return TableColumn(place, table.headings[place], HeadingMatch(COLUMNS_BY_NAME[name], rank=GUESSED))


def _is_open(heading: str, table: Table, instructions: Instructions) -> bool:
    """Whether neither the sender nor the layout says anything of the heading, nor it has a meaning."""
    return not (
        folded(heading) in instructions.mapping
        or table.layout.says(heading)[0]
        or is_secret(heading)
        or ((match := match_of(heading)) and not match.is_doubtful)
    )


def _no_status(table: Table, column: TableColumn) -> RowProblem:
    sentence = (
        f"'{column.heading}' was not read: none of its first cells is a known status. Map it if it is meant."
    )
    return RowProblem(table.heading_row, column.heading, "heading_not_read", "", sentence)


def _guess(table: Table, column: TableColumn) -> RowProblem:
    name = column.match.column.name
    sentence = (
        f"'{column.heading}' was taken for the {name}, because its cells look like one; map it if it is not."
    )
    return RowProblem(table.heading_row, column.heading, "heading_guessed", name, sentence)


def _columns_meant(cells: Iterable[RawCell], instructions: Instructions) -> set[str]:
    matches = (_meaning(heading_text(cell), None, instructions) for cell in cells)
    return {match.column.name for match in matches if match and not match.is_doubtful}


def _meaning(heading: str, layout: Layout | None, instructions: Instructions) -> HeadingMatch | None:
    """What the sender says of a heading comes first, then what its layout says, then the synonyms; of a tool
    whose headings are known nothing more is guessed.
    """
    word = folded(heading)
    if not word or is_secret(heading):
        return None
    if word in instructions.mapping:
        column = instructions.mapping[word]
        return match_as(heading, column) if column else None
    has_own_say, name = layout.says(heading) if layout else (False, None)
    if has_own_say:
        return match_as(heading, COLUMNS_BY_NAME[name]) if name else None
    return listed_match_of(heading) if layout and layout.told_by else match_of(heading)


def _chosen(
    headings: tuple[str, ...], layout: Layout, instructions: Instructions, rows: list[list[RawCell]]
) -> list[TableColumn]:
    """For each of our columns the heading that means it best; the leftmost of equals. What a heading only seems
    to mean counts where the cells below bear it out.
    """
    best: dict[str, TableColumn] = {}
    for place, heading in enumerate(headings):
        match = _meaning(heading, layout, instructions)
        if match is None or (match.is_doubtful and not bears_out(match, _cells_at(place, rows))):
            continue
        before = best.get(match.column.name)
        if before is None or match.rank < before.match.rank:
            best[match.column.name] = TableColumn(place, heading, match)
    return sorted(best.values(), key=lambda column: column.place)


def _cells_at(place: int, rows: list[list[RawCell]]) -> list[RawCell]:
    return [cells[place] for cells in rows if place < len(cells)]


def _notice_what_is_left_out(table: Table, instructions: Instructions) -> None:
    """A heading that is there twice is a problem; another word for a column that is read already is a
    warning, and so is a figure of the moment.
    """
    for heading in table.headings:
        if table.layout.is_live(heading) and folded(heading) not in instructions.mapping:
            table.warnings.append(_live(table, heading))
    read = {column.match.column.name: column for column in table.columns}
    table.warnings.extend(_taken_for(table, column) for column in table.columns if column.match.is_doubtful)
    for place, heading in enumerate(table.headings):
        match = _meaning(heading, table.layout, instructions)
        if match is None or match.is_doubtful or read[match.column.name].place == place:
            continue
        chosen = read[match.column.name].heading
        if folded(chosen) == folded(heading):
            sentence = f"The heading '{heading}' is there twice; rename or delete one of the columns."
            table.problems.append(RowProblem(table.heading_row, heading, "heading_twice", heading, sentence))
        else:
            sentence = f"'{heading}' was not read: '{chosen}' already gives the {match.column.name}."
            table.warnings.append(
                RowProblem(table.heading_row, heading, "heading_not_read", heading, sentence)
            )


def _taken_for(table: Table, column: TableColumn) -> RowProblem:
    sentence = (
        f"'{column.heading}' was taken for the {column.match.column.name}, as its words and cells suggest; map it if "
        "it is something else."
    )
    return RowProblem(table.heading_row, column.heading, "heading_guessed", column.heading, sentence)


def _live(table: Table, heading: str) -> RowProblem:
    match = match_of(heading)
    what = match.column.name if match else "rig"
    sentence = (
        f"'{heading}' of {table.layout.tool} tells how the machine runs at the moment, which is no {what} of "
        "record; it was not read. Map it if it is meant."
    )
    return RowProblem(table.heading_row, heading, "live_figure_not_read", "", sentence)


def _refuse_strange_mapping(table: Table, instructions: Instructions) -> None:
    there = {folded(heading) for heading in table.headings}
    strange = [heading for word, heading in instructions.spelled.items() if word not in there]
    if strange:
        raise ValueError(
            f"The mapping names '{strange[0]}', which is no heading of the sheet; {_there_are(table)}."
        )


def _no_headings(tops: list[list[NumberedRow]]) -> UnreadableSheet:
    if any(_is_row_of_pyasic(cells) for top in tops for _, cells in top[:1]):
        return UnreadableSheet("no_headings", PYASIC_ADVICE)
    if not any(tops):
        return UnreadableSheet("empty_file", f"The first {SEARCHED_ROWS} rows are empty; {WANTED}.")
    return UnreadableSheet(
        "no_headings", f"No headings were found in the first {SEARCHED_ROWS} rows; {WANTED}."
    )


def _is_sectioned(top: list[NumberedRow]) -> bool:
    """Whether the sheet begins with a line that names the first of its tables."""
    return any(heading_text(cells[0]).casefold().startswith(SECTION) for _, cells in top[:3] if cells)


def _is_row_of_pyasic(cells: list[RawCell]) -> bool:
    """Whether the row is one of pyasic's as_csv: an IP address, then the many fields of its data."""
    return len(cells) >= PYASIC_CELLS and bool(_IP_ADDRESS.fullmatch(heading_text(cells[0])))


def _columns_missing(table: Table, instructions: Instructions) -> UnreadableSheet:
    sentence = f"The sheet has no column for {table.missing(instructions)}; {_there_are(table)}."
    if table.layout.advice:
        sentence = f"The sheet has no column for {table.missing(instructions)}: {table.layout.advice}."
    return UnreadableSheet("columns_missing", sentence)


def _several_sheets(tables: list[Table]) -> UnreadableSheet:
    names = ", ".join(f"'{table.tab.name[:31]}'" for table in tables[:LISTED_HEADINGS])
    return UnreadableSheet(
        "several_sheets", f"More than one sheet holds a fleet: {names}; name the one to read."
    )


def _there_are(table: Table) -> str:
    headings = [heading for heading in table.headings if heading]
    more = ", …" if len(headings) > LISTED_HEADINGS else ""
    listed = ", ".join(f"'{heading[:30]}'" for heading in headings[:LISTED_HEADINGS])
    return f"row {table.heading_row} has {listed}{more}"
