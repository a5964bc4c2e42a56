"""What is to be said of a sheet as a whole: hidden rows, merged cells, formulas, rows beyond a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fleet.sheets.files.sheet_rows import ROWS_NAMED, Oddities
from fleet.sheets.reading import RowProblem
from fleet.sheets.tables import Table

_CORNERS = re.compile(r"[A-Z]+(\d+):[A-Z]+(\d+)")


def notices(odd: Oddities, table: Table) -> Iterator[tuple[RowProblem, bool]]:
    """Each with whether it is only a warning."""
    for row, cells in odd.overlong:
        yield _overlong(row, cells, len(table.headings)), False
    if odd.left_out_from is not None:
        sentence = (
            f"Row {odd.left_out_from} and what follows were not read: they stand below a long gap of blank "
            "rows."
        )
        yield RowProblem(odd.left_out_from, "", "rows_beyond_gap", "", sentence), True
    if hidden := [row for row in odd.first_hidden if row > table.heading_row]:
        yield _hidden(hidden, odd.hidden_rows), True
    if merged := [name for name in odd.merged if _reaches_below(name, table.heading_row)]:
        yield _merged(merged), True


def _overlong(row: int, cells: int, headings: int) -> RowProblem:
    sentence = (
        f"The row has {cells} cells under {headings} headings, so that they may stand in the wrong columns; put "
        "a cell that holds the delimiter into quotation marks."
    )
    return RowProblem(row, "", "more_cells_than_headings", "", sentence)


def _hidden(rows: list[int], count: int) -> RowProblem:
    sentence = (
        f"The sheet has hidden or filtered rows ({count}, row {_named(list(map(str, rows)), count)}); they were "
        "read like the others. Delete them if they are not meant."
    )
    return RowProblem(rows[0], "", "rows_hidden", str(count), sentence)


def _merged(ranges: list[str]) -> RowProblem:
    found = _CORNERS.fullmatch(ranges[0])
    sentence = (
        f"The sheet has merged cells ({_named(ranges[:ROWS_NAMED], len(ranges))}): only the first cell of each "
        "holds its value, the others are read as empty. Unmerge them and fill each row."
    )
    return RowProblem(int(found[1]) if found else 1, "", "cells_merged", ranges[0], sentence)


def _named(some: list[str], count: int) -> str:
    return ", ".join(some) + (", …" if count > len(some) else "")


def _reaches_below(name: str, heading_row: int) -> bool:
    found = _CORNERS.fullmatch(name)
    return bool(found and int(found[2]) > heading_row)
