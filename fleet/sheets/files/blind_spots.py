"""What calamine passes over in silence: cells with an error, and formulas that were saved without their
value.

Both come back from calamine as blank cells, and a blank cell means "nothing to say"; here they are found in
the sheet's XML, so that they can be complained of. Only .xlsx and .xlsm can be looked through in this way.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from fleet.sheets.cells.raw import BrokenCell

_CHUNK = 1 << 20
_LONGEST_ROW = 4 << 20
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATIONSHIP = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')

_CELL = rb'<(?:\w+:)?c(?=[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})")'
_F, _V = rb"<(?:\w+:)?f\b[^>]*", rb"<(?:\w+:)?v ?"
_ENDED = rb"</(?:\w+:)?"
_FORMULA = _F + rb"(?:/>|>[^<]*" + _ENDED + rb"f>)"
_ERROR = re.compile(
    _CELL + rb'(?=[^>]*\bt="e")[^>]*>(?:' + _FORMULA + rb")?" + _V + rb">(?P<text>[^<]{1,40})<"
)
_UNCALCULATED = re.compile(
    _CELL + rb"[^>]*>" + _FORMULA + rb"(?:" + _V + rb"(?:/>|>" + _ENDED + rb"v>))?" + _ENDED + rb"c>"
)

BrokenCells = dict[int, dict[int, BrokenCell]]
"""Row number and column number, both from 1, to what stands there."""


def broken_cells(path: Path, sheet_name: str) -> BrokenCells:
    """The cells of the sheet that have an error or an uncalculated formula in place of a value."""
    broken: BrokenCells = {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet_name)
        for chunk in _chunks(archive, part) if part else ():
            for row, column, cell in _found_in(chunk):
                broken.setdefault(row, {})[column] = cell
    return broken


def _part_of(archive: zipfile.ZipFile, sheet_name: str) -> str | None:
    """The name of the sheet's part; None where the workbook does not say it in the usual way."""
    sheets = _tags(archive, "xl/workbook.xml", _SHEET)
    relation = next((sheet.get("r:id") for sheet in sheets if sheet.get("name") == sheet_name), None)
    relations = _tags(archive, "xl/_rels/workbook.xml.rels", _RELATIONSHIP)
    target = next((found.get("Target", "") for found in relations if found.get("Id") == relation), "")
    part = "xl/" + target.removeprefix("/").removeprefix("xl/")
    return part if part in archive.namelist() else None


def _tags(archive: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> list[dict[str, str]]:
    """The attributes of each such tag; the two parts that are asked for hold nothing else of interest."""
    text = archive.read(part).decode("utf-8", "replace") if part in archive.namelist() else ""
    return [
        {name: unescape(value) for name, value in _ATTRIBUTE.findall(found)} for found in tag.findall(text)
    ]


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends, so that no cell is cut in two."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            whole, end, rest = (rest + piece).rpartition(b"row>")
            yield whole + end
            rest = rest[-_LONGEST_ROW:]
    yield rest


def _found_in(chunk: bytes) -> Iterator[tuple[int, int, BrokenCell]]:
    if b't="e"' in chunk:
        for found in _ERROR.finditer(chunk):
            yield int(found["row"]), _column_number(found["column"]), BrokenCell(found["text"].decode())
    if b"<f" in chunk or b":f" in chunk:
        for found in _UNCALCULATED.finditer(chunk):
            yield int(found["row"]), _column_number(found["column"]), BrokenCell("formula", is_formula=True)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
