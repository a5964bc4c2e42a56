"""The fleet sheet of the benchmarks: so many rigs in 250 lots, 14 columns, as a workbook like Excel's own."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | float | date

HEADINGS = (
    *("Serial Number", "Model", "Site", "Status", "Country of Assembly", "Country of Origin", "HTS Code"),
    *("Import Country", "Entry Date", "Entry Number", "Transport Mode", "Customs Value", "Hashrate (TH/s)"),
    "Power (W)",
)
LOTS = 250
CHANGED_EVERY = 20

_MODELS = (
    *(("Antminer S19j Pro 104T", 104, 3068), ("Antminer S21 200T", 200, 3500)),
    *(("Antminer S19 XP 140T", 140, 3010), ("Antminer T21 190T", 190, 3610)),
    *(("Whatsminer M50S 126T", 126, 3276), ("Whatsminer M60 172T", 172, 3422)),
)
_ORIGINS, _SITES = ("CN", "MY", "ID", "TH", "US"), ("Rockdale", "Pecos", "Childress", "Villeta")
_EPOCH = date(1899, 12, 30)
_LETTERS = "ABCDEFGHIJKLMN"
_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_SPACE} xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Fleet" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet {_SPACE}><fonts count="1"><font/></fonts><fills count="1"><fill>'
    '<patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>",
}


def rows(count: int, *, changed: bool = False) -> Iterator[tuple[Cell, ...]]:
    """The rows under the headings; with `changed` every twentieth says something else than before."""
    for number in range(count):
        lot = number % LOTS
        model, hashrate, power = _MODELS[lot % len(_MODELS)]
        origin = _ORIGINS[lot % len(_ORIGINS)]
        is_changed = changed and number % CHANGED_EVERY == 0
        yield (
            *(f"BENCH{number:012d}", model, _SITES[lot % len(_SITES)]),
            *("repair" if is_changed else "deployed", origin, origin, "8543.70.9860", "US"),
            *(date(2023, 1, 2) + timedelta(days=4 * lot), f"ABC-{1234567 + lot}-1"),
            *("air" if lot % 2 else "vessel", 1850.25 + lot, hashrate, power),
        )


def write(path: Path, told: Iterable[tuple[Cell, ...]], *, level: int = 6) -> Path:
    """Write a workbook with shared strings; another `level` of compression gives other bytes, the same rows."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"<worksheet {_SPACE}><sheetData>".encode())
            for number, row in enumerate((HEADINGS, *told), start=1):
                sheet.write(_row(number, row, strings).encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f"<sst {_SPACE}>{items}</sst>")
    return path


def _row(number: int, row: Iterable[Cell], strings: dict[str, int]) -> str:
    cells = []
    for letter, cell in zip(_LETTERS, row, strict=True):
        if isinstance(cell, str):
            index = strings.setdefault(cell, len(strings))
            cells.append(f'<c r="{letter}{number}" t="s"><v>{index}</v></c>')
        elif isinstance(cell, date):
            cells.append(f'<c r="{letter}{number}" s="1"><v>{(cell - _EPOCH).days}</v></c>')
        else:
            cells.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'
