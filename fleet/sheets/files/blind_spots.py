"""What calamine passes over in silence: cells with an error, and formulas that were saved without their
value.

Both come back from calamine as blank cells, and a blank cell means "nothing to say"; here they are found in
the sheet's XML, so that they can be complained of, and with them the rows that are hidden or stand there
twice. Only .xlsx, .xlsm and (for hidden rows) .ods can be looked through in this way.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from pathlib import Path

from fleet.sheets.cells.raw import BrokenCell
from fleet.sheets.files.ods_rows import hidden_in_ods
from fleet.sheets.files.sheet_rows import ROWS_NAMED
from fleet.sheets.wrecks import UnreadableSheet

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

_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})"[^>]*(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_IS_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")

BrokenCells = dict[int, dict[int, BrokenCell]]
"""Row number and column number, both from 1, to what stands there."""


@dataclass(slots=True)
class Unseen:
    """What calamine does not tell of a sheet; `formulas` counts cells whose saved result is read."""

    broken: BrokenCells = field(default_factory=dict)
    hidden_rows: int = 0
    first_hidden: list[int] = field(default_factory=list)
    formulas: int = 0
    last_row: int = 0

    def follow(self, numbers: Sequence[int]) -> None:
        """Go on to these rows. Raises UnreadableSheet (`damaged`): of two rows of one number calamine reads one."""
        for before, number in pairwise((self.last_row, *numbers)):
            if number <= before:
                raise UnreadableSheet(
                    "damaged",
                    f"The workbook is damaged (row {number} comes after row {before}); open it in your spreadsheet "
                    "program and save it anew.",
                )
            self.last_row = number

    def hide(self, numbers: Iterable[int]) -> None:
        """Count hidden rows, and remember the first of them by number."""
        for number in numbers:
            self.hidden_rows += 1
            if len(self.first_hidden) < ROWS_NAMED:
                self.first_hidden.append(number)


def unseen_in(path: Path, sheet_name: str, parts: frozenset[str]) -> Unseen:
    """What is odd about a sheet of a workbook with these parts."""
    unseen = Unseen()
    if "xl/workbook.xml" in parts:
        with zipfile.ZipFile(path) as archive:
            part = _part_of(archive, sheet_name)
            for chunk in chunks_of(archive, part) if part else ():
                _look_through(chunk, unseen)
    elif "content.xml" in parts:
        with zipfile.ZipFile(path) as archive:
            unseen.hide(hidden_in_ods(chunks_of(archive, "content.xml"), sheet_name))
    return unseen


def _look_through(chunk: bytes, unseen: Unseen) -> None:
    unseen.follow([int(number) for number in _ROW.findall(chunk)])
    has_formulas = _may_have_formulas(chunk)
    for row, column, cell in _found_in(chunk, has_formulas):
        unseen.broken.setdefault(row, {})[column] = cell
        unseen.formulas -= cell.is_formula
    if b"hidden=" in chunk:
        unseen.hide(map(int, _HIDDEN.findall(chunk)))
    unseen.formulas += len(_IS_FORMULA.findall(chunk)) if has_formulas else 0


def _may_have_formulas(chunk: bytes) -> bool:
    """Searched for as plain bytes first, which is much faster than the pattern: a formula either ends in a
    tag of its own, or shares that of another cell by its number.
    """
    return b"f>" in chunk or b' si="' in chunk or b"f/>" in chunk


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


def chunks_of(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends, so that no cell is cut in two."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            whole, end, rest = (rest + piece).rpartition(b"row>")
            yield whole + end
            rest = rest[-_LONGEST_ROW:]
    yield rest


def _found_in(chunk: bytes, has_formulas: bool) -> Iterator[tuple[int, int, BrokenCell]]:
    if b't="e"' in chunk:
        for found in _ERROR.finditer(chunk):
            yield int(found["row"]), _column_number(found["column"]), BrokenCell(found["text"].decode())
    if has_formulas:
        for found in _UNCALCULATED.finditer(chunk):
            yield int(found["row"]), _column_number(found["column"]), BrokenCell("formula", is_formula=True)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
