"""Text files as they come: encodings, delimiters, quotes and the tricks of spreadsheet exports."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.reader import open_workbook
from fleet.sheets.rows import UnreadableSheet, read
from tests.fleet.sheets.made_files import one_cell, reading_of, text_file

PLAIN = "Serial Number,Model,Site\nA1,S21 200T,{site}\n"


@pytest.mark.parametrize(
    ("encoding", "site", "found"),
    [
        ("utf-8", "Montréal", "utf-8"),
        ("utf-8-sig", "Montréal", "utf-8-sig"),
        ("utf-16", "Montréal", "utf-16"),
        ("utf-16-le", "Pecos TX", "utf-16-le"),
        ("utf-16-be", "Pecos TX", "utf-16-be"),
        ("gb18030", "四川省乐山市", "gb18030"),
        ("cp1252", "Montréal", "cp1252"),
        ("cp1252", "Villa Hayes – Paraguay", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path, encoding, site, found):
    reading = read(text_file(tmp_path, PLAIN.format(site=site), encoding=encoding))
    assert [row.site for row in reading.rows] == [site]
    assert reading.encoding == found


def test_a_chinese_sheet_with_chinese_headings_is_read(tmp_path):
    text = "序列号,型号,矿场,原产国,密码\nA1,Antminer S19XP Hyd（Mix）,四川,China,x\n"
    reading = read(text_file(tmp_path, text, encoding="gb18030"))
    assert reading.rows[0].model == "Antminer S19XP Hyd（Mix）"
    assert reading.rows[0].country_of_origin == "CN"
    assert reading.ignored_columns == ["密码"]


def test_bytes_that_fit_no_encoding_are_refused(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_bytes(b"Serial,Model,Site\nA1,S21,\x81 \x8d\n")
    with pytest.raises(UnreadableSheet, match="in no encoding that is known here"):
        read(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_told(tmp_path, delimiter):
    reading = reading_of(tmp_path, PLAIN.format(site="Pecos").replace(",", delimiter))
    assert reading.rows[0].site == "Pecos"
    assert reading.delimiter == delimiter


def test_commas_within_cells_do_not_pass_for_delimiters(tmp_path):
    reading = reading_of(tmp_path, "Serial;Model;Site;Notes\nA1;S21;Pecos;a, b, c, d, e\nA2;S21;Pecos;a\n")
    assert reading.delimiter == ";"


def test_the_hint_that_excel_writes_decides_the_delimiter(tmp_path):
    reading = reading_of(
        tmp_path, "sep=;\nSerial;Model;Site, or none\nA1;S21;x\n", constants={"site": "Pecos"}
    )
    assert reading.delimiter == ";"
    assert reading.heading_row == 2


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks(tmp_path):
    reading = reading_of(
        tmp_path, 'Serial,Model,Site,Notes\nA1,S21,"Pecos, TX","said ""fine""\nand left"\nA2,S21,P,\n'
    )
    assert reading.rows[0].site == "Pecos, TX"
    assert reading.rows[0].notes == 'said "fine"\nand left'
    assert [row.number for row in reading.rows] == [2, 3]


def test_a_line_break_in_a_model_is_a_space(tmp_path):
    assert reading_of(tmp_path, 'Serial,Model,Site\nA1,"Antminer\nS21",P\n').rows[0].model == "Antminer S21"


def test_a_row_with_more_cells_than_headings_is_a_problem(tmp_path):
    reading = reading_of(
        tmp_path, "Serial,Model,Site,Status\nA1,S21,Pecos, TX,stored\nA2,S21,Pecos,stored,,\n"
    )
    assert (reading.problems[0].row, reading.problems[0].code) == (2, "more_cells_than_headings")
    assert [row.number for row in reading.rows] == [3]


def test_two_serial_numbers_in_one_cell_are_a_problem(tmp_path):
    reading = reading_of(tmp_path, 'Serial,Model,Site\n"A1\nA2",S21,P\n')
    assert reading.problems[0].code == "serial_number_unreadable"
    assert "write one serial number in a cell" in reading.problems[0].sentence


def test_spaces_after_commas_do_not_belong_to_cells(tmp_path):
    reading = reading_of(tmp_path, 'Serial, Model, Site\nA1, S21 ,"P, TX"\nA2, S21, "P, TX"\n')
    assert [row.site for row in reading.rows] == ["P, TX", "P, TX"]
    assert reading.rows[0].model == "S21"


def test_spaces_without_width_do_not_belong_to_cells(tmp_path):
    row = reading_of(tmp_path, "Serial,Model,Site\n\u200bA1\ufeff,\xa0S21\xa0,Pecos\n").rows[0]
    assert (row.serial_number, row.model) == ("A1", "S21")


@pytest.mark.parametrize(
    ("cell", "serial"), [("'00123", "00123"), ('"=""00123"""', "00123"), ("00123", "00123")]
)
def test_a_guarded_serial_number_keeps_its_zeros(tmp_path, cell, serial):
    row = reading_of(tmp_path, f"Serial,Model,Site\n{cell},S21,Pecos\n").rows[0]
    assert row.serial_number == serial


def test_the_guard_before_risky_text_is_taken_off_names(tmp_path):
    assert reading_of(tmp_path, "Serial,Model,Site\nA1,S21,'@Pecos\n").rows[0].site == "@Pecos"
    assert reading_of(tmp_path, "Serial,Model,Site\nA1,S21,'t Veld\n").rows[0].site == "'t Veld"


def test_a_formula_in_text_is_never_evaluated(tmp_path):
    reading = reading_of(tmp_path, 'Serial,Model,Site\nA1,"=HYPERLINK(""http://x"",""S21"")",Pecos\n')
    assert [problem.code for problem in reading.problems] == ["formula_not_evaluated"]


def test_control_characters_are_a_problem(tmp_path):
    reading = reading_of(tmp_path, "Serial,Model,Site\nA\x07,S21,Pecos\n")
    assert [problem.code for problem in reading.problems] == ["serial_number_unreadable"]


@pytest.mark.parametrize(
    "heading", ["COO", "Model", "MAC", "HTS", "Value", "Hashrate", "Entry Date", "Status", "Rack"]
)
@pytest.mark.parametrize("letter", ["x", "9", "1,"])
def test_a_cell_without_end_gives_a_sentence_with_an_end(tmp_path, heading, letter):
    reading = reading_of(
        tmp_path,
        f"Serial|Kind|Site|{heading}\nA1|S21|Pecos|{letter * 20_000}\n",
        mapping={"Kind": "maker"},
        constants={"model": "S21"},
    )
    assert reading.problems
    assert all(len(problem.sentence) < 400 for problem in reading.problems)


def test_text_longer_than_is_kept_is_a_problem(tmp_path):
    reading = one_cell(tmp_path, "Notes", "x" * 2001)
    assert [problem.code for problem in reading.problems] == ["notes_too_long"]
    assert len(reading.problems[0].value) <= 80


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_a_spreadsheet_writes_as_csv_comes_back_cell_by_cell(tmp_path_factory, rows):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["Serial", "Model", "Site"], *rows])
    path = text_file(tmp_path_factory.mktemp("csv"), text.getvalue())
    with open_workbook(path) as book:
        assert [found for _, found in book.rows("")][1:] == rows


def test_a_person_says_how_a_text_is_written_where_the_guess_is_wrong(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_bytes("Серийный номер|Модель|Площадка\nA1|Antminer S21 200T|Братск\n".encode("koi8-r"))
    reading = read(path, encoding="koi8-r")
    assert (reading.rows[0].site, reading.encoding, reading.delimiter) == ("Братск", "koi8-r", "|")
    assert read(path, encoding="koi8-r", delimiter="|").row_count == 1


def test_a_text_that_is_not_in_the_encoding_that_was_named_is_refused(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_bytes("Serial Number,Model,Site\nA1,S21,Ñandú\n".encode("cp1252"))
    with pytest.raises(UnreadableSheet) as caught:
        read(path, encoding="utf-8")
    assert caught.value.code == "encoding_unknown"


@pytest.mark.parametrize(("name", "said"), [("encoding", "rot13"), ("delimiter", "x")])
def test_an_encoding_or_delimiter_that_is_none_is_refused(tmp_path, name, said):
    with pytest.raises(ValueError, match="write one of"):
        read(tmp_path / "any.csv", **{name: said})
