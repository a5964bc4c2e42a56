"""Cells that we write into workbooks: text is always text, whatever it begins with."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from fleet.sheets.cells.raw import BrokenCell, RawCell

LONGEST_TEXT = 32_767  # Excel's own limit; openpyxl would cut without a word
WRONG = PatternFill("solid", start_color="FFF4B6B6")
DOUBTFUL = PatternFill("solid", start_color="FFFFF0B3")
HEADING = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def written_cell(
    sheet: Any, cell: RawCell | None, *, fill: PatternFill | None = None, bold: bool = False
) -> Any:
    """A cell for a write-only sheet.

    openpyxl would make a live formula of text that begins with "="; here it stays text, as it came.
    """
    value = cell.text if isinstance(cell, BrokenCell) else cell
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    written = WriteOnlyCell(sheet, value=value or None if isinstance(value, str) else value)
    if isinstance(written.value, str):
        written.data_type = "s"
    if fill is not None:
        written.fill = fill
    if bold:
        written.font = HEADING
    return written
