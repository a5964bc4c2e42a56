"""The cases that prove the reading, each a file in tests/fleet/samples; those of the flow are in tests/flows."""

from __future__ import annotations

import runpy
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from fleet.sheets.rows import SheetReading, UnreadableSheet, read
from tests.fleet.sheets.made_files import codes, warned

SAMPLES = Path(__file__).parents[1] / "samples"
SCRIPT = Path(__file__).parents[3] / "script" / "make_upload_samples"


def the(name: str, **told: object) -> SheetReading:
    return read(SAMPLES / name, **told)


def first(name: str, column: str, **told: object) -> object:
    return getattr(the(name, **told).rows[0], column)


def test_the_samples_are_those_that_their_script_makes():
    made = runpy.run_path(str(SCRIPT))
    for name, content in {**made["odd_files"](), **made["other_forms"](), **made["tools"]()}.items():
        kept = (SAMPLES / name).read_bytes()
        assert kept == content or unpacked(kept) == unpacked(content), name


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a zip: other versions of zlib pack the same in other bytes."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("impossible_date.csv", ["entry_date_unreadable"]),
        ("ambiguous_date.csv", ["entry_date_ambiguous"] * 2),
        ("heading_twice.csv", ["heading_twice"]),
        ("hyperlink.xlsx", ["formula_not_evaluated"]),
        ("serial_in_e_notation.csv", ["serial_number_in_e_notation"]),
        ("serial_in_e_notation.xlsx", ["serial_number_in_e_notation"]),
        ("doubtful_commas.csv", ["decimal_comma"]),
        ("clear.csv", ["cannot_be_cleared"]),
        ("merged_cells.xlsx", []),
        ("two_makers.csv", []),
        ("serial_twice.csv", ["serial_number_twice"] * 2),
    ],
)
def test_what_is_wrong_with_a_sample_is_told(name, found):
    reading = the(name)
    assert codes(reading) == found
    assert all(problem.sentence.endswith(".") for problem in reading.problems)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zip_bomb.xlsx", "zip_bomb"),
        ("far_corners.xlsx", "took_too_much_memory"),
        ("cut_short.xlsx", "cut_short"),
        ("password.xlsx", "password_protected"),
        ("several_sheets.xlsx", "several_sheets"),
        ("proto_site_map.csv", "several_tables"),
        ("minerstats.csv", "columns_missing"),
        ("miningos_spare_parts.csv", "no_rigs_in_layout"),
        ("pyasic_as_csv.csv", "no_headings"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(name, code):
    with pytest.raises(UnreadableSheet) as caught:
        the(name)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")


def test_a_date_is_read_once_somebody_says_how_it_is_meant():
    assert first("ambiguous_date.csv", "entry_date", day_order="day_first") == date(2025, 4, 3)


def test_a_chinese_sheet_in_gbk_is_read_and_its_password_is_not():
    reading = the("gbk.csv")
    assert (reading.encoding, reading.rows[0].site) == ("gb18030", "四川乐山")
    assert reading.rows[0].country_of_origin == "CN"
    assert "secret" not in repr(reading)


def test_a_byte_order_mark_does_not_belong_to_the_first_heading():
    assert (the("byte_order_mark.csv").encoding, len(the("byte_order_mark.csv").rows)) == ("utf-8-sig", 2)


def test_a_sheet_that_claims_a_million_rows_has_those_that_it_has():
    assert the("claims_a_million_rows.xlsx").row_count == 40


def test_hidden_rows_are_read_and_told():
    reading = the("hidden_rows.xlsx")
    assert (reading.row_count, warned(reading)) == (3, ["rows_hidden"])
    assert "(1, row 3)" in reading.warnings[0].sentence


def test_merged_cells_are_told_by_their_range():
    reading = the("merged_cells.xlsx")
    assert warned(reading) == ["cells_merged"]
    assert "(C2:C3)" in reading.warnings[0].sentence


def test_text_that_looks_like_a_formula_stays_text_in_notes():
    assert first("hyperlink.csv", "notes") == '=HYPERLINK("http://example.com","open")'


def test_a_serial_number_that_became_a_number_is_shown_with_a_warning():
    assert warned(the("serial_as_number.xlsx")) == ["serial_number_is_a_number"]
    assert first("serial_as_number.xlsx", "serial_number") == "123"


def test_a_quoted_cell_keeps_its_lines():
    assert first("quoted_newlines.csv", "notes") == 'fan 2 "loud"\nfan 3 gone, too'


def test_full_width_brackets_and_digits_are_those_of_other_keyboards():
    row = the("full_width_brackets.csv").rows[0]
    assert (row.hashrate_ghs, str(row.customs_value)) == (200_000, "3900.50")


def test_decimal_commas_are_read_where_they_cannot_be_anything_else():
    reading = the("decimal_commas.csv")
    assert [str(row.customs_value) for row in reading.rows] == ["1850.50", "17.60"]
    assert reading.decimal_marks == {"Customs Value": "comma"}
    assert str(first("doubtful_commas.csv", "customs_value", decimal_mark="comma")) == "3.90"


def test_a_cell_may_ask_to_clear_what_is_on_record():
    reading = the("clear.csv", constants={"rack": "R-9"})
    assert reading.rows[0].cleared == {"rack", "customs_value"}
    assert reading.rows[0].rack is None
    assert reading.problems[0].row == 3


def test_a_workbook_of_1997_is_read():
    assert first("excel_97.xls", "serial_number") == "00123"


@pytest.mark.parametrize("name", ["libreoffice.ods", "libreoffice.xlsx"])
def test_what_libreoffice_saves_is_read_hidden_rows_and_leading_zeros_too(name):
    reading = the(name)
    assert [row.serial_number for row in reading.rows] == ["00123", "00124", "00125"]
    assert (reading.rows[0].entry_date, str(reading.rows[0].customs_value)) == (date(2024, 5, 15), "1850.50")
    assert warned(reading) == ["rows_hidden"]


@pytest.mark.parametrize(("name", "encoding"), [("utf_16.csv", "utf-16"), ("windows_1252.csv", "cp1252")])
def test_accents_are_read_in_the_encoding_that_the_file_has(name, encoding):
    reading = the(name)
    assert (reading.encoding, reading.rows[0].notes) == (encoding, "façade à l'est")


def test_a_file_with_tabs_keeps_its_commas():
    reading = the("tabs.tsv")
    assert (reading.delimiter, reading.rows[0].notes) == ("\t", "one, two; three")


def test_days_counted_from_1904_are_the_days_that_they_show():
    assert first("dates_of_1904.xlsx", "entry_date") == date(2024, 5, 11)


def test_a_sheet_that_states_too_few_rows_has_those_that_it_has():
    assert the("states_too_few_rows.xlsx").row_count == 2


def test_a_workbook_with_macros_is_read_without_them():
    assert the("macros.xlsm").row_count == 2


def test_a_serial_number_twice_names_both_rows():
    rows, sentences = zip(
        *((told.row, told.sentence) for told in the("serial_twice.csv").problems), strict=True
    )
    assert rows == (2, 4)
    assert "4" in sentences[0]
    assert "2" in sentences[1]


def test_of_several_sheets_the_one_that_is_named_is_read():
    assert the("several_sheets.xlsx", sheet="Fleet 2024").rows[0].serial_number == "YNAHEAUBCJCBA0002"


@pytest.mark.parametrize(
    "name", ["binary.xlsb", "strict.xlsx", "windows_1251.csv", "utf_16_without_mark.csv"]
)
def test_rare_forms_are_read_like_the_usual_ones(name):
    reading = the(name)
    assert (codes(reading), warned(reading)) == ([], [])
    assert {row.model for row in reading.rows} == {"Antminer S21 200T"}
