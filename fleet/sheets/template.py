"""The workbook that we hand out: our headings, a sentence on each, an example row, and how to fill it in."""

from __future__ import annotations

from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fleet.sheets.checks import EXAMPLE_SERIAL
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS
from fleet.sheets.written_cells import HEADING, WRAPPED
from risk.engine.terms.rigs import RigStatus, TransportMode

FLEET_SHEET = "Fleet"
HELP_SHEET = "How to fill in"
LAST_ROW = 100_000

_TEXT, _DAY = "@", "yyyy-mm-dd"
_CHOICES = {"status": tuple(RigStatus), "transport_mode": tuple(TransportMode), "usmca_claim": ("yes", "no")}
_HELP = (
    "One row is one rig. Rigs without serial numbers may share a row with their quantity.",
    "Delete the example row. You may delete columns that you do not need, and keep others of your own.",
    "Format serial numbers, entry numbers and orders as text before you write them, so that no digit goes.",
    "Leave a cell empty where you do not know: unknown is never taken for zero.",
)


def write_template(target: IO[bytes]) -> None:
    """Write the template workbook; read back, it has one problem: the example row that is still in it."""
    workbook = Workbook()
    _fill_fleet_sheet(workbook.active)
    _fill_help_sheet(workbook.create_sheet(HELP_SHEET))
    workbook.save(target)


def _fill_fleet_sheet(sheet: Any) -> None:
    sheet.title = FLEET_SHEET
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        _write_heading(sheet, place, column)
        _write_example(sheet, place, column)
        _prepare_cells(sheet, get_column_letter(place), column)


def _write_heading(sheet: Any, place: int, column: Column) -> None:
    cell = sheet.cell(row=1, column=place, value=column.headings[0])
    cell.font = HEADING
    needed = f" Needed: {column.required}." if column.required else ""
    cell.comment = Comment(f"{column.holds}{needed}", "Template", width=320, height=110)


def _write_example(sheet: Any, place: int, column: Column) -> None:
    example = EXAMPLE_SERIAL if column.name == "serial_number" else column.example
    cell = sheet.cell(row=2, column=place, value=example or None)
    cell.font = Font(italic=True, color="FF808080")
    if example:
        cell.data_type = "s"


def _prepare_cells(sheet: Any, letter: str, column: Column) -> None:
    """Formats for the rows to come, and lists to choose from."""
    dimension = sheet.column_dimensions[letter]
    dimension.width = max(14, len(column.headings[0]) + 4)
    dimension.number_format = sheet[f"{letter}2"].number_format = _DAY if column.has_days else _TEXT
    if choices := _CHOICES.get(column.name):
        listed = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        listed.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(listed)


def _fill_help_sheet(sheet: Any) -> None:
    for sentence in _HELP:
        sheet.append([sentence])
    sheet.append([])
    sheet.append(["Column", "Needed", "What it holds", "Example", "Also understood as"])
    for cell in sheet[sheet.max_row]:
        cell.font = HEADING
    for column in COLUMNS:
        others = ", ".join(column.headings[1:])
        sheet.append([column.headings[0], column.required or "no", column.holds, column.example, others])
    for letter, width in zip("ABCDE", (24, 24, 70, 24, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=len(_HELP) + 2):
        for cell in row:
            cell.alignment = WRAPPED
