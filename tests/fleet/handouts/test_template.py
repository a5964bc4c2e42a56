"""The workbook that is handed out: it says how to fill it in, and what it lets one choose is understood."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from fleet.sheets.rows import read
from fleet.sheets.template import FLEET_SHEET, HELP_SHEET, LISTS_SHEET, write_template
from fleet.sheets.written_cells import NUMBERS
from risk.engine.terms.rigs import RigStatus

SITES = ["Rockdale", '=Pecos, "North"', "Öland"]
LETTERS = {column.name: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)}


@pytest.fixture
def path(tmp_path):
    """A template for an operator with sites."""
    path = tmp_path / "template.xlsx"
    with path.open("wb") as target:
        write_template(target, sites=SITES)
    return path


@pytest.fixture
def book(path):
    """The same, opened."""
    return openpyxl.load_workbook(path)


def offered(book):
    """The words that each column's drop-down offers, by name of the column, and whether others are refused."""
    named = {letter: name for name, letter in LETTERS.items()}
    words = {}
    for listed in book[FLEET_SHEET].data_validations.dataValidation:
        sheet, _, cells = listed.formula1.partition("!")
        assert sheet.strip("'") == LISTS_SHEET
        column, first, _, last = range_boundaries(cells.replace("$", ""))
        name = named[str(listed.sqref).rstrip("0123456789").partition("2:")[0]]
        chosen = [book[LISTS_SHEET].cell(row, column).value for row in range(first, last + 1)]
        words[name] = chosen, listed.showErrorMessage
    return words


def filled(path, book, **said):
    """The template with its example row overwritten."""
    row = {"serial_number": "A1", "model": "Antminer S21 200T", "site": "Rockdale"} | said
    for name, letter in LETTERS.items():
        book[FLEET_SHEET][f"{letter}2"] = row.get(name)
    book.save(path)
    return path


def test_sent_back_as_it_is_it_says_that_the_example_is_still_in_it(path):
    reading = read(path)
    assert [(problem.row, problem.code) for problem in reading.problems] == [(2, "example_row")]
    assert (reading.sheet, reading.rows, reading.warnings) == (FLEET_SHEET, [], [])


def test_filled_in_it_is_read_without_a_word(path, book):
    reading = read(filled(path, book))
    assert (reading.problems, reading.warnings, len(reading.rows)) == ([], [], 1)


def test_the_drop_downs_are_for_what_has_few_answers(book):
    assert set(offered(book)) == {
        *("status", "transport_mode", "usmca_claim", "currency", "site"),
        *("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country"),
    }


def test_every_word_that_can_be_chosen_is_understood(book):
    for name, (words, _) in offered(book).items():
        for word in set(words) - set(SITES):
            COLUMNS_BY_NAME[name].read(word)


def test_the_operators_sites_can_be_chosen_and_new_ones_typed(book):
    assert offered(book)["site"] == (sorted(SITES, key=str.casefold), False)
    assert {cell.data_type for row in book[LISTS_SHEET].iter_rows() for cell in row if cell.value} == {"s"}


def test_a_status_that_is_none_cannot_be_typed(book):
    assert offered(book)["status"] == (list(RigStatus), True)


def test_without_sites_there_is_no_list_of_them(tmp_path):
    path = tmp_path / "template.xlsx"
    with path.open("wb") as target:
        write_template(target)
    assert "site" not in offered(openpyxl.load_workbook(path))


def test_what_is_no_number_and_no_day_is_kept_as_text(book):
    formats = {
        name: book[FLEET_SHEET].column_dimensions[letter].number_format for name, letter in LETTERS.items()
    }
    for name, column in COLUMNS_BY_NAME.items():
        expected = "General" if name in NUMBERS else "yyyy-mm-dd" if column.has_days else "@"
        assert formats[name] == expected, name


def test_the_instructions_name_every_column(book):
    told = [cell.value for cell in book[HELP_SHEET]["A"]]
    assert {column.headings[0] for column in COLUMNS} <= set(told)


def test_the_headings_stay_in_sight(book):
    assert book[FLEET_SHEET].freeze_panes == "A2"
