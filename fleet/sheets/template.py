"""The workbook that we hand out: our headings, a sentence on each, lists to choose from, an example row, and
how to fill it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fleet.sheets.checks import EXAMPLE_SERIAL
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS
from fleet.sheets.written_cells import DAY_FORMAT, HEADING, NUMBERS, TEXT_FORMAT, WRAPPED
from risk.engine.terms.countries import country_names
from risk.engine.terms.rigs import RigStatus, TransportMode

FLEET_SHEET = "Fleet"
HELP_SHEET = "How to fill in"
LISTS_SHEET = "Lists"
LAST_ROW = 100_000

_COUNTRIES = ("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country")
_HELP = (
    "One row is one rig. Rigs without serial numbers may share a row with their quantity.",
    "Delete the grey example row. You may delete columns that you do not need, and keep others of your own.",
    "The columns of serial numbers, codes and orders are text, so that no zero at the beginning goes.",
    "Where a cell has a list, choose from it; sites and countries may also be typed, a country as its code.",
    "Leave a cell empty where you do not know: unknown is never taken for zero.",
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a drop-down offers. `are_all`: anything else is refused, otherwise it may be typed."""

    words: tuple[str, ...]
    are_all: bool = True


def write_template(target: IO[bytes], *, sites: Iterable[str] = ()) -> None:
    """Write the template workbook, with the operator's sites to choose from.

    Sent back as it is, it has one problem: the example row that is still in it, which says so itself.
    """
    workbook = Workbook()
    choices = _choices(sorted(set(sites), key=str.casefold))
    _fill_fleet_sheet(workbook.active)
    _fill_help_sheet(workbook.create_sheet(HELP_SHEET))
    _fill_lists_sheet(workbook.create_sheet(LISTS_SHEET), choices)
    _add_drop_downs(workbook[FLEET_SHEET], choices)
    workbook.save(target)


def _choices(sites: list[str]) -> Mapping[str, Choices]:
    """By name of the column, in the order of COLUMNS."""
    countries = Choices(tuple(sorted(country_names().values())), are_all=False)
    offered = {
        "status": Choices(tuple(RigStatus)),
        "transport_mode": Choices(tuple(TransportMode)),
        "usmca_claim": Choices(("yes", "no")),
        "currency": Choices(("USD",)),
        **dict.fromkeys(_COUNTRIES, countries),
        **({"site": Choices(tuple(sites), are_all=False)} if sites else {}),
    }
    return {column.name: offered[column.name] for column in COLUMNS if column.name in offered}


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
    """Formats for the rows to come: days, numbers, and text that keeps its zeros."""
    dimension = sheet.column_dimensions[letter]
    dimension.width = max(14, len(column.headings[0]) + 4)
    if column.name not in NUMBERS:
        number_format = DAY_FORMAT if column.has_days else TEXT_FORMAT
        dimension.number_format = sheet[f"{letter}2"].number_format = number_format


def _fill_lists_sheet(sheet: Any, choices: Mapping[str, Choices]) -> None:
    """A column of words for each drop-down; hidden, as it is for the drop-downs alone."""
    sheet.sheet_state = "hidden"
    for place, (name, offered) in enumerate(choices.items(), start=1):
        for number, word in enumerate((f"List of {name}", *offered.words), start=1):
            cell = sheet.cell(row=number, column=place, value=word)
            cell.data_type = "s"


def _add_drop_downs(sheet: Any, choices: Mapping[str, Choices]) -> None:
    places = {column.name: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
    for place, (name, offered) in enumerate(choices.items(), start=1):
        letter = get_column_letter(place)
        words = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(offered.words) + 1}"
        listed = DataValidation(type="list", formula1=words, allow_blank=True)
        listed.showErrorMessage = offered.are_all
        listed.error = "Choose one from the list, or leave the cell empty."
        listed.add(f"{places[name]}2:{places[name]}{LAST_ROW}")
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
