"""What is written of a row is read as the same row: a law of export, without a database."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import islice

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.sheets.cells.dates import FIRST_YEAR, LAST_YEAR
from fleet.sheets.columns import COLUMNS
from fleet.sheets.export import ROWS_A_PIECE, csv_pieces, headings, write_workbook
from fleet.sheets.reading import ParsedRow
from fleet.sheets.rows import read
from risk.engine.terms.countries import CountryCode, country_names
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import RigStatus, TransportMode

A_ROW = ParsedRow(2, serial_number="A1", model="S21", site="Pecos", status=RigStatus.DEPLOYED)
RISKY = ("+1", "-1", "@x", "'=1", "'+1", "''5", "'tis", "007", "1E5", "x=1", 'say "x", y; z')


def in_csv(folder, rows):
    """The rows as a CSV file."""
    path = folder / "fleet.csv"
    path.write_text("".join(csv_pieces(rows)), encoding="utf-8", newline="")
    return path


def in_workbook(folder, rows):
    """The rows as a workbook."""
    path = folder / "fleet.xlsx"
    with path.open("wb") as target:
        write_workbook(rows, target)
    return path


BOTH = pytest.mark.parametrize("written", [in_csv, in_workbook])

a_text = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z", "Cf")), min_size=1, max_size=12)
    .map(lambda text: f"x{text}")
    .filter(lambda text: text.isprintable())
)
a_day = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
a_country = st.sampled_from(sorted(country_names())).map(CountryCode)
an_amount = st.integers(0, 10**8).map(Money.of_cents)
an_order = st.text("ABC-0123/ #", min_size=1, max_size=12).map(lambda text: f"P{text}O")


@st.composite
def a_right_row(draw):
    """A row that no check complains of."""
    value = draw(st.none() | an_amount)
    return ParsedRow(
        number=2,
        serial_number=draw(an_order),
        model=draw(a_text),
        maker=draw(st.none() | a_text),
        site=draw(a_text),
        status=draw(st.sampled_from([each for each in RigStatus if each is not RigStatus.ON_ORDER])),
        **{
            name: draw(st.none() | a_country)
            for name in ("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country")
        },
        hts_code=draw(st.none() | st.from_regex(r"[0-9]{8}([0-9]{2})?", fullmatch=True).map(HtsCode)),
        entry_date=draw(a_day),
        expected_entry_date=draw(st.none() | a_day),
        entry_number=draw(st.none() | an_order),
        transport_mode=draw(st.none() | st.sampled_from(TransportMode)),
        importer_of_record=draw(st.none() | a_text),
        customs_value=value,
        currency=None if value is None else "USD",
        purchase_order=draw(st.none() | an_order),
        us_content_percent=draw(st.none() | st.decimals(0, 100, places=3)),
        usmca_claim=draw(st.none() | st.booleans()),
        hashrate_ghs=draw(st.none() | st.integers(1, 5_000_000)),
        power_w=draw(st.none() | st.integers(1, 100_000)),
        mac_address=draw(st.none() | st.just("aa:bb:cc:dd:ee:01")),
        rack=draw(st.none() | a_text),
        position=draw(st.none() | st.integers(0, 99).map(str)),
        notes=draw(st.none() | a_text),
    )


@BOTH
@settings(max_examples=15)
@given(row=a_right_row())
def test_a_row_goes_back_in_as_it_came_out(written, row, tmp_path_factory):
    reading = read(written(tmp_path_factory.mktemp("out"), [row]))
    assert (reading.problems, reading.warnings, reading.ignored_columns) == ([], [], [])
    assert reading.rows == [row]


an_awkward_note = st.builds(
    "{}{}{}".format,
    st.sampled_from(["=", "+", "-x", "@", "'", "''", "_x0041_", "#N/A ", "😀"]),
    st.text("ab1 =+-@'\"\n,;|\t😀é中", max_size=20),
    st.sampled_from(["z", "😀", "'", "9"]),
)


@BOTH
@settings(max_examples=40)
@given(notes=an_awkward_note, serial=st.from_regex(r"0[0-9]{29}", fullmatch=True))
def test_awkward_notes_and_long_numbers_of_a_retired_rig_go_back_in_as_they_came_out(
    written, notes, serial, tmp_path_factory
):
    row = replace(A_ROW, serial_number=serial, status=RigStatus.RETIRED, notes=notes)
    reading = read(written(tmp_path_factory.mktemp("out"), [row]))
    assert (reading.problems, reading.warnings) == ([], [])
    assert reading.rows == [row]


@BOTH
@pytest.mark.parametrize("text", RISKY)
@pytest.mark.parametrize("column", ["site", "rack", "serial_number"])
def test_text_that_looks_dangerous_goes_back_in_as_it_came_out(written, column, text, tmp_path):
    row = replace(A_ROW, **{column: text})
    reading = read(written(tmp_path, [row]))
    assert (reading.problems, reading.rows) == ([], [row])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_the_csv_runs_in_a_spreadsheet_program(text, tmp_path):
    path = in_csv(tmp_path, [replace(A_ROW, site=text, notes=text)])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert cells.count(f"'{text}") == 2


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "#N/A", "+1", "007", "1E5"])
def test_text_of_the_workbook_is_text(text, tmp_path):
    sheet = openpyxl.load_workbook(in_workbook(tmp_path, [replace(A_ROW, site=text, notes=text)])).active
    found = [cell for cell in sheet[2] if cell.value == text]
    assert [cell.data_type for cell in found] == ["s", "s"]


@pytest.mark.parametrize("text", ["a_x0041_b", "one\ntwo", "one\r\ntwo", "_x005F_"])
def test_notes_in_a_workbook_keep_their_lines_and_underscores(text, tmp_path):
    assert read(in_workbook(tmp_path, [replace(A_ROW, notes=text)])).rows[0].notes == text


@BOTH
def test_counted_rigs_keep_their_quantity_and_rigs_with_a_name_have_none(written, tmp_path):
    rows = [A_ROW, replace(A_ROW, number=3, serial_number=None, quantity=1, has_quantity=True)]
    assert read(written(tmp_path, rows)).rows == rows


@BOTH
def test_namibia_is_not_taken_for_nothing(written, tmp_path):
    row = replace(A_ROW, country_of_origin=CountryCode("NA"))
    assert read(written(tmp_path, [row])).rows == [row]


@BOTH
def test_half_a_percent_is_not_taken_for_a_half(written, tmp_path):
    row = replace(A_ROW, us_content_percent=Decimal("0.5"))
    assert read(written(tmp_path, [row])).rows == [row]


def test_every_column_is_exported_under_a_heading_that_is_read(tmp_path):
    path = in_csv(tmp_path, [A_ROW])
    assert list(read(path).columns.values()) == [column.name for column in COLUMNS]
    assert len(headings()) == len(fields(ParsedRow)) - 2  # the row's number, and whether it has a quantity


def test_the_headings_come_before_the_first_row_is_asked_for():
    def rows():
        raise AssertionError
        yield

    assert next(csv_pieces(rows())).startswith("\ufeffSerial Number,Model,")


def test_no_more_rows_are_asked_for_than_a_piece_holds():
    asked = []
    rows = (asked.append(number) or replace(A_ROW, number=number) for number in range(10**9))
    assert len(list(islice(csv_pieces(rows), 3))) == 3
    assert len(asked) == 2 * ROWS_A_PIECE


def test_the_workbook_is_frozen_and_filtered_at_its_headings(tmp_path):
    sheet = openpyxl.load_workbook(in_workbook(tmp_path, [A_ROW])).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:AC2"
