"""Files made for these tests: right ones, odd ones and hostile ones, all by code."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from fleet.sheets.rows import SheetReading, read

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PARTS = {
    "[Content_Types].xml": f"""{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>""",
    "xl/workbook.xml": f"""{_XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Fleet" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""{_XML}<Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Target="worksheets/sheet1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>""",
}


def text_file(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "fleet.csv") -> Path:
    """A text file of that content."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def reading_of(folder: Path, text: str, **told: Any) -> SheetReading:
    """What is read from a text file of that content."""
    return read(text_file(folder, text), **told)


def one_cell(folder: Path, heading: str, cell: str, **told: Any) -> SheetReading:
    """What is read from a right row with one more column, whose cell is `cell`."""
    return reading_of(folder, f"Serial Number|Model|Site|{heading}\nA1|S21 200T|Pecos TX|{cell}\n", **told)


def workbook_file(folder: Path, *sheets: Sequence[Sequence[object]], name: str = "fleet.xlsx") -> Path:
    """A workbook of sheets of rows, cells typed as given."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def raw_workbook(folder: Path, sheet_data: str, *, before: str = "", name: str = "raw.xlsx") -> Path:
    """A workbook whose one sheet has exactly this XML between <sheetData> and </sheetData>."""
    sheet = f"""{_XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}
<sheetData>{sheet_data}</sheetData></worksheet>"""
    return zip_file(folder, {**_PARTS, "xl/worksheets/sheet1.xml": sheet}, name=name)


def zip_file(folder: Path, parts: Mapping[str, str | bytes], *, name: str) -> Path:
    """A zip of these parts."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def xml_row(number: int, *cells: str) -> str:
    """A row of a raw sheet: text cells, or XML where one begins with "<" ("@" stands for its reference)."""
    written = [
        cell.replace("@", f"{letter}{number}")
        if cell.startswith("<")
        else f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCDEFGHIJ", cells, strict=False)
    ]
    return f'<row r="{number}">{"".join(written)}</row>'


def ole_file(folder: Path, *streams: str, name: str = "fleet.xls") -> Path:
    """The beginning of an OLE file whose directory names these streams; nothing else of it is right."""
    directory = b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in ("Root Entry", *streams))
    path = folder / name
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + directory)
    return path


def codes(reading: SheetReading) -> list[str]:
    """The codes of all problems."""
    return [problem.code for problem in reading.problems]


def warned(reading: SheetReading) -> list[str]:
    """The codes of all warnings."""
    return [warning.code for warning in reading.warnings]
