"""A fleet as a sheet that goes back in unchanged: typed rows to CSV text or to a workbook.

What is written of a row is read as the same row again; each column is written in the form that its reader
in COLUMNS takes without a warning. Text that a spreadsheet program would run as a formula is guarded by an
apostrophe in CSV, which has no types; in a workbook text is text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from io import StringIO
from itertools import islice
from operator import attrgetter
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from fleet.sheets.cells.raw import BLANK_WORDS
from fleet.sheets.columns import COLUMNS
from fleet.sheets.reading import ParsedRow
from fleet.sheets.written_cells import DAY_FORMAT, NUMBERS, TEXT_FORMAT, WrittenCell, written_cell
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import Money, plain

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the country
FLEET_SHEET = "Fleet"
MOST_ROWS = 1_048_576  # of a sheet of a workbook, its headings among them
ROWS_A_PIECE = 500

_UNITS = {"hashrate_ths": "TH/s", "power_w": "W"}
_RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r")
_LOOKS_GUARDED = re.compile(r"'+[=+\-@\t\r0-9]")  # the reader would take one apostrophe away

_values_of = attrgetter(*(column.field for column in COLUMNS))


def headings() -> list[str]:
    """The headings of an export, in the order of COLUMNS; those with units name them."""
    return [
        f"{column.headings[0]} ({_UNITS[column.name]})" if column.name in _UNITS else column.headings[0]
        for column in COLUMNS
    ]


def csv_pieces(rows: Iterable[ParsedRow]) -> Iterator[str]:
    """The rows as CSV text: the headings at once, then some hundred lines at a time."""
    yield BYTE_ORDER_MARK + _lines([headings()])
    cells = ([_guarded(cell) for cell in cells_of(row)] for row in rows)
    while piece := list(islice(cells, ROWS_A_PIECE)):
        yield _lines(piece)


def write_workbook(rows: Iterable[ParsedRow], target: IO[bytes]) -> int:
    """Write the rows as a workbook; returns how many they are.

    Raises ValueError with a sentence when they are more than a sheet of a workbook holds.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(FLEET_SHEET)
    _prepare(sheet)
    sheet.append([written_cell(sheet, heading, bold=True) for heading in headings()])
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= MOST_ROWS:
            raise ValueError(f"A workbook holds {MOST_ROWS - 1:,} rigs at most; export the fleet as .csv.")
        sheet.append([_in_workbook(sheet, cell) if type(cell) is str else cell for cell in cells_of(row)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{count + 1}"
    workbook.save(target)
    return count


def cells_of(row: ParsedRow) -> list[WrittenCell]:
    """The cells of one row, in the order of COLUMNS; None where nothing is known."""
    cells = list(_values_of(row))
    for place, write in _WRITERS:
        if cells[place] is not None:
            cells[place] = write(cells[place])
    if not row.has_quantity:
        cells[_QUANTITY] = None
    return cells


def _prepare(sheet: Any) -> None:
    """The look of the columns: wide enough, and text where digits must stay as typed."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = max(12, len(column.headings[0]) + 4)
        if column.name not in NUMBERS:
            dimension.number_format = DAY_FORMAT if column.has_days else TEXT_FORMAT


def _in_workbook(sheet: Any, text: str) -> Any:
    return written_cell(sheet, _unmistakable(text))


def _lines(rows: Iterable[list[Any]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _guarded(cell: WrittenCell) -> WrittenCell:
    """Text that cannot run when the file is opened in a spreadsheet program."""
    if isinstance(cell, str) and cell[:1] in _RUN_BY_SPREADSHEETS:
        return f"'{cell}"
    return _unmistakable(cell)


def _unmistakable(cell: WrittenCell) -> WrittenCell:
    """Text of which the reader takes no apostrophe away, since one more is there to be taken."""
    if isinstance(cell, str) and cell[:1] == "'" and _LOOKS_GUARDED.match(cell):
        return f"'{cell}"
    return cell


def _country(code: CountryCode) -> str:
    """The code; the name where the code is a word for nothing: "NA" is Namibia's."""
    return code.country_name if code.casefold() in BLANK_WORDS else str(code)


def _amount(money: Money) -> Decimal:
    return money.amount


def _percentage(percent: Decimal) -> WrittenCell:
    """With its sign where 0.5 alone could be a half or half a percent."""
    return f"{plain(percent):f}%" if 0 < percent <= 1 else plain(percent)


def _yes_or_no(holds: bool) -> str:
    return "yes" if holds else "no"


def _terahashes(gigahashes: int) -> Decimal:
    return plain(Decimal(gigahashes) / 1000)


_WRITTEN_AS: Mapping[str, Callable[[Any], WrittenCell]] = {
    "status": str,
    "transport_mode": str,
    "country_of_assembly": _country,
    "country_of_origin": _country,
    "hashboard_origin": _country,
    "import_country": _country,
    "hts_code": str,
    "customs_value": _amount,
    "duty_paid": _amount,
    "us_content_percent": _percentage,
    "usmca_claim": _yes_or_no,
    "hashrate_ths": _terahashes,
}
_WRITERS = tuple(
    (place, _WRITTEN_AS[column.name]) for place, column in enumerate(COLUMNS) if column.name in _WRITTEN_AS
)
_QUANTITY = next(place for place, column in enumerate(COLUMNS) if column.name == "quantity")
