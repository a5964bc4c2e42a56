"""Cells that we write into workbooks: text is always text, whatever it begins with."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from fleet.sheets.cells.raw import BrokenCell, RawCell

LONGEST_TEXT = 32_767  # Excel's own limit; openpyxl would cut without a word
WRONG = PatternFill("solid", start_color="FFF4B6B6")
DOUBTFUL = PatternFill("solid", start_color="FFFFF0B3")
HEADING = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
NUMBERS = frozenset(
    ("quantity", "customs_value", "duty_paid", "us_content_percent", "hashrate_ths", "power_w")
)

WrittenCell: TypeAlias = RawCell | Decimal | None

_LOST_IN_XML = re.compile(r"[\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def written_cell(
    sheet: Any, cell: WrittenCell, *, fill: PatternFill | None = None, bold: bool = False
) -> Any:
    """What is appended to a write-only sheet for a cell: the bare value where that is enough, as it is quicker.

    openpyxl would make a live formula of text that begins with "="; here it stays text, as it came.
    """
    value = cell.text if isinstance(cell, BrokenCell) else cell
    if not isinstance(value, str):
        return value if fill is None and not bold else _marked(WriteOnlyCell(sheet, value=value), fill, bold)
    if fill is None and not bold and _needs_no_care(value):
        return value or None
    written = WriteOnlyCell(sheet, value=_kept_by_xml(value) or None)
    if written.value is not None:
        written.data_type = "s"
    return _marked(written, fill, bold)


def _needs_no_care(text: str) -> bool:
    """Whether openpyxl takes the text for text and a reader of XML gives it back; no pattern, for speed."""
    is_plain = text.isprintable() and "_x" not in text
    return is_plain and text[:1] not in ("=", "#") and len(text) <= LONGEST_TEXT


def _kept_by_xml(text: str) -> str:
    """The text as a workbook keeps it: "_x0041_" would be read as "A", and a bare line end would be lost."""
    text = _LIKE_AN_ESCAPE.sub("_x005F_", _LOST_IN_XML.sub("", text)).replace("\r", "_x000D_")
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:LONGEST_TEXT]


def _marked(written: Any, fill: PatternFill | None, bold: bool) -> Any:
    if fill is not None:
        written.fill = fill
    if bold:
        written.font = HEADING
    return written
