"""Workbooks as they come: typed cells, odd sheets, and what the fast reader passes over in silence."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from fleet.sheets.reader import open_workbook
from fleet.sheets.rows import read
from tests.fleet.sheets.made_files import codes, raw_workbook, warned, workbook_file, xml_row, zip_file

HEADINGS = ["Serial Number", "Model", "Site", "Entry Date", "Customs Value", "HTS"]
SAMPLE = Path(__file__).parents[3] / "samples" / "prairie-hash-fleet.xlsx"


def the_row(folder, *cells):
    """What is read from a workbook with one row of these cells under HEADINGS."""
    return read(workbook_file(folder, [HEADINGS, list(cells)]))


def test_date_cells_are_days(tmp_path):
    assert the_row(tmp_path, "A1", "S21", "Pecos", date(2024, 5, 15)).rows[0].entry_date == date(2024, 5, 15)
    at_noon = the_row(tmp_path, "A1", "S21", "Pecos", datetime(2024, 5, 15, 12, 30))  # noqa: DTZ001 (cells have no zone)
    assert at_noon.rows[0].entry_date == date(2024, 5, 15)


def test_a_number_in_a_column_of_days_is_a_problem_that_shows_the_day_it_may_be(tmp_path):
    problem = the_row(tmp_path, "A1", "S21", "Pecos", 45000).problems[0]
    assert problem.code == "entry_date_unreadable"
    assert "it would be 2023-03-15" in problem.sentence


def test_binary_fractions_come_back_to_the_cent_without_a_word(tmp_path):
    reading = the_row(tmp_path, "A1", "S21", "Pecos", None, 99.99)
    assert str(reading.rows[0].customs_value) == "99.99"
    assert not reading.warnings


def test_a_serial_number_as_a_number_is_a_warning_that_shows_the_value(tmp_path):
    reading = the_row(tmp_path, 123, "S21", "Pecos")
    assert reading.rows[0].serial_number == "123"
    assert warned(reading) == ["serial_number_is_a_number"]
    assert "'123'" in reading.warnings[0].sentence


@pytest.mark.parametrize("serial", [12345678901234567890, 1.23e16, "1.23E+16", "1.2345678901235E+15"])
def test_a_serial_number_that_lost_digits_is_a_problem(tmp_path, serial):
    assert codes(the_row(tmp_path, serial, "S21", "Pecos")) == ["serial_number_in_e_notation"]


def test_a_serial_number_with_an_e_among_its_digits_is_none_in_e_notation(tmp_path):
    assert the_row(tmp_path, "02010000012e4567", "S21", "Pecos").rows[0].serial_number == "02010000012e4567"


def test_a_serial_number_that_the_program_made_a_date_of_is_a_problem(tmp_path):
    assert codes(the_row(tmp_path, date(2025, 3, 1), "S21", "Pecos")) == ["serial_number_is_a_date"]


def test_an_hts_code_as_a_number_is_read_with_a_warning(tmp_path):
    reading = the_row(tmp_path, "A1", "S21", "Pecos", None, None, 8543709860)
    assert reading.rows[0].hts_code.digits == "8543709860"
    assert warned(reading) == ["hts_code_is_a_number"]


def test_one_and_true_are_not_the_same_cell(tmp_path):
    reading = read(
        workbook_file(tmp_path, [["Serial", "Model", "Site"], [1, "S21", "P"], [True, "S21", "P"]])
    )
    assert [row.serial_number for row in reading.rows] == ["1"]
    assert [(problem.row, problem.value) for problem in reading.problems] == [(3, "TRUE")]


def test_a_model_typed_as_a_number_is_its_digits(tmp_path):
    assert the_row(tmp_path, "A1", 1466, "Pecos").rows[0].model == "1466"


def test_a_cell_with_an_error_is_a_problem_and_not_a_blank(tmp_path):
    reading = the_row(tmp_path, "A1", "S21", "Pecos", None, "#N/A")
    assert codes(reading) == ["cell_is_an_error"]
    assert "#N/A" in reading.problems[0].sentence


def test_a_formula_without_its_result_is_a_problem_and_not_a_blank(tmp_path):
    reading = the_row(tmp_path, "A1", "S21", "Pecos", None, "=1000+900")
    assert codes(reading) == ["formula_not_evaluated"]
    assert reading.problems[0].column == "Customs Value"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="@" t="e"><v>#DIV/0!</v></c>', "cell_is_an_error"),
        ('<c r="@" s="3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "cell_is_an_error"),
        ('<c t="e" r="@"><f t="shared" si="0"/><v>#N/A</v></c>', "cell_is_an_error"),
        ('<c r="@"><f>1+1</f></c>', "formula_not_evaluated"),
        ('<c r="@"><f>1+1</f><v/></c>', "formula_not_evaluated"),
        ('<c r="@" s="1"><f t="shared" ref="D2:D9" si="0">1+1</f><v></v></c>', "formula_not_evaluated"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_errors_and_uncalculated_formulas_are_found_however_they_are_written(tmp_path, cell, code, prefix):
    rows = xml_row(1, "Serial", "Model", "Site", "Value") + xml_row(2, "A1", "S21", "Pecos", cell)
    if prefix:
        rows = re.sub(r"(</?)(row|c|f|v|is|t)(?=[ />])", rf"\1{prefix}\2", rows)
        rows = rows.replace(
            "<x:row", '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        )
    assert codes(read(raw_workbook(tmp_path, rows))) == [code]


def test_a_formula_with_its_result_gives_the_result(tmp_path):
    value = '<c r="@"><f>1000+900</f><v>1900</v></c>'
    path = raw_workbook(
        tmp_path, xml_row(1, "Serial", "Model", "Site", "Value") + xml_row(2, "A1", "S21", "Pecos", value)
    )
    assert str(read(path).rows[0].customs_value) == "1900.00"


def test_the_size_that_a_sheet_claims_is_not_believed(tmp_path):
    rows = "".join(xml_row(number, f"A{number}", "S21", "Pecos") for number in range(2, 42))
    head = xml_row(1, "Serial", "Model", "Site")
    for claimed in ("A1:C2", "A1:XFD1048576"):
        path = raw_workbook(tmp_path, head + rows, before=f'<dimension ref="{claimed}"/>')
        assert read(path).row_count == 40


def test_blank_rows_are_skipped_and_rows_keep_their_numbers(tmp_path):
    rows = [[], HEADINGS, [], ["A1", "S21", "P"], [None, " "], [None, None, "-"], ["A2", "S21", "P"]]
    reading = read(workbook_file(tmp_path, rows))
    assert [row.number for row in reading.rows] == [4, 7]
    assert not reading.problems


@pytest.mark.parametrize(("gap", "read_rows", "warnings"), [(1000, 2, []), (1001, 1, ["rows_beyond_gap"])])
def test_reading_stops_at_a_thousand_blank_rows_and_says_so(tmp_path, gap, read_rows, warnings):
    beyond = 3 + gap
    head = xml_row(1, "Serial", "Model", "Site") + xml_row(2, "A1", "S21", "Pecos")
    reading = read(raw_workbook(tmp_path, head + xml_row(beyond, "A2", "S21", "Pecos")))
    assert reading.row_count == read_rows
    assert warned(reading) == warnings


def test_a_table_may_stand_below_a_title_and_to_the_right(tmp_path):
    rows = [["Fleet 2026"], [None], [None, None, "S/N", "Model", "Site"], [None, None, "A1", "S21", "Pecos"]]
    reading = read(workbook_file(tmp_path, rows))
    assert reading.heading_row == 3
    assert reading.rows[0].serial_number == "A1"


def test_a_table_that_begins_far_to_the_right_has_its_errors_in_the_right_columns(tmp_path):
    rows = [[None, None, "S/N", "Model", "Site", "Value"], [None, None, "A1", "S21", "Pecos", "#REF!"]]
    assert [problem.column for problem in read(workbook_file(tmp_path, rows)).problems] == ["Value"]


def test_sheets_without_a_fleet_and_hidden_sheets_are_passed_over(tmp_path):
    path = workbook_file(
        tmp_path, [["How to read this"]], [HEADINGS, ["A1", "S21", "P"]], [HEADINGS, ["B1", "S21", "P"]]
    )
    book = openpyxl.load_workbook(path)
    book["Sheet3"].sheet_state = "hidden"
    book.save(path)
    assert read(path).sheet == "Sheet2"
    assert warned(read(path)) == ["sheet_hidden"]
    assert read(path, sheet="Sheet3").rows[0].serial_number == "B1"


def test_macros_are_no_hindrance(tmp_path):
    path = workbook_file(tmp_path, [HEADINGS, ["A1", "S21", "P"]], name="fleet.xlsm")
    assert read(path).row_count == 1


def test_a_sheet_of_libreoffice_is_read(tmp_path):
    def cell(text, attributes='office:value-type="string"'):
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    day = 'office:value-type="date" office:date-value="2024-05-15"'
    rows = [
        [cell("Serial"), cell("Model"), cell("Site"), cell("Entry Date")],
        [cell("00123"), cell("S21"), cell("Pecos"), cell("15/05/24", day)],
    ]
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    table = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Fleet">{table}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"}
    row = read(zip_file(tmp_path, parts, name="fleet.ods")).rows[0]
    assert (row.serial_number, row.entry_date) == ("00123", date(2024, 5, 15))


def test_a_workbook_of_1997_is_read():
    """The file was written by xlwt 1.3.0: its table begins in B2, its second serial number is a number."""
    reading = read(Path(__file__).parents[1] / "samples" / "excel_97.xls")
    assert [row.serial_number for row in reading.rows] == ["00123", "456"]
    assert [row.number for row in reading.rows] == [3, 4]
    assert {row.entry_date for row in reading.rows} == {date(2024, 5, 15)}
    assert warned(reading) == ["serial_number_is_a_number", "hts_code_is_a_number"]


def test_the_two_libraries_read_the_sample_alike():
    """Calamine reads in production; openpyxl, which is slower and older, is its witness."""
    with open_workbook(SAMPLE) as book:
        fast = dict(book.rows("Fleet"))
    slow = openpyxl.load_workbook(SAMPLE)["Fleet"]
    for number, row in enumerate(slow.iter_rows(values_only=True), start=1):
        expected = [
            cell.date() if isinstance(cell, datetime) else "" if cell is None else cell for cell in row
        ]
        found = fast.get(number, [])
        assert [*found, *[""] * (len(expected) - len(found))] == expected
