"""Tables of an answer as files to take along: CSV in which no cell runs as a formula, and workbooks of text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from typing import IO

from openpyxl import Workbook

from fleet.sheets.written_cells import written_cell

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the country
ROWS_A_PIECE = 1_000
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | Decimal | int | None


def table_as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as CSV; text that a spreadsheet program would run is guarded by an apostrophe."""
    return "".join(table_in_pieces(headings, rows))


def table_in_pieces(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same, some rows at a time, for tables that are longer than what fits in memory."""
    guarded: Iterator[Sequence[Cell]] = ([_guarded(cell) for cell in row] for row in rows)
    lines, mark = chain([headings], guarded), BYTE_ORDER_MARK
    while some := list(islice(lines, ROWS_A_PIECE)):
        text = StringIO()
        csv.writer(text).writerows(some)
        yield mark + text.getvalue()
        mark = ""


def column_as_csv(heading: str, values: Iterable[str]) -> str:
    """One column of text for a program of somebody else: every cell quoted, no byte order mark."""
    text = StringIO()
    rows = ([_guarded(value)] for value in values)
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[heading], *rows])
    return text.getvalue()


def write_table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], target: IO[bytes]
) -> None:
    """The table as a workbook: text stays text, whatever it begins with."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([written_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([written_cell(sheet, cell) for cell in row])
    workbook.save(target)


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RUN_BY_SPREADSHEETS) else cell
