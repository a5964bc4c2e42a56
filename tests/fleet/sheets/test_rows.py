"""Rows: what the sender tells beside the file, what is right, what is wrong, and that all of it is told."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.sheets.checks import EXAMPLE_SERIAL
from risk.engine.terms.rigs import RigStatus
from tests.fleet.sheets.made_files import codes, reading_of, warned

BARE = "Serial,Model\nA1,S21\nA2,S21\n"


def test_all_problems_of_a_file_are_told_at_once_and_in_the_order_of_its_rows(tmp_path):
    text = (
        "Serial,Model,Site,HTS,Entry Date,Value\n"
        "A1,S21,Pecos,8543,31/31/2024,-5\n"
        "A2,S21,Pecos,8543.70.9860,2025-06-10,3900\n"
        ",,,,,x\n"
    )
    reading = reading_of(tmp_path, text)
    assert [(problem.row, problem.code) for problem in reading.problems] == [
        (2, "hts_code_unreadable"),
        (2, "entry_date_unreadable"),
        (2, "value_negative"),
        (4, "customs_value_unreadable"),
        (4, "identifier_missing"),
        (4, "model_missing"),
        (4, "site_missing"),
    ]
    assert [row.number for row in reading.rows] == [3]
    assert [row.number for row in reading.wrong_rows] == [2, 4]
    assert reading.row_count == 3


def test_every_sentence_ends_as_a_sentence_does(tmp_path):
    text = "Serial,Model,Site,HTS,COO,Entry Date,Value,MAC,Qty,Status\nA1,,,8,X,Y,Z,M,0,?!\n"
    reading = reading_of(tmp_path, text)
    assert len(reading.problems) == 8
    assert all(problem.sentence.endswith((".", "?")) for problem in reading.problems)


def test_a_wrong_cell_is_not_complained_of_twice(tmp_path):
    assert codes(reading_of(tmp_path, "Serial,Model,Site\n1.23E+16,S21,Pecos\n")) == [
        "serial_number_in_e_notation"
    ]
    assert codes(reading_of(tmp_path, "Serial,Model,Site,Status\nA1,S21,,gone fishing\n")) == [
        "status_unknown"
    ]


def test_a_column_of_theirs_is_ours_when_they_say_so(tmp_path):
    text = "Asset,Kind,Where,Rate GH/s\nA1,S21,Pecos,200000\n"
    mapping = {"asset": "serial_number", "Kind": "model", "Where": "site", "Rate GH/s": "hashrate_ths"}
    reading = reading_of(tmp_path, text, mapping=mapping)
    assert reading.columns == {
        "Asset": "serial_number",
        "Kind": "model",
        "Where": "site",
        "Rate GH/s": "hashrate_ths",
    }
    assert reading.rows[0].hashrate_ghs == 200_000


def test_a_column_of_theirs_is_left_alone_when_they_say_so(tmp_path):
    reading = reading_of(
        tmp_path, "Serial,Model,Site,Status\nA1,S21,Pecos,offline\n", mapping={"Status": None}
    )
    assert reading.ignored_columns == ["Status"]
    assert not reading.problems


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"Serial": "serial"}, "There is no column 'serial'; the columns are serial_number, model"),
        (
            {"Colour": "notes"},
            "names 'Colour', which is no heading of the sheet; row 1 has 'Serial', 'Model'",
        ),
        ({"Serial": "notes", "Model": "notes"}, "'Serial' and 'Model' are both mapped to notes"),
        ({"Pool Password": "notes"}, "such a column is never read"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path, mapping, sentence):
    with pytest.raises(ValueError, match=sentence):
        reading_of(tmp_path, BARE, mapping=mapping, constants={"site": "Pecos"})


def test_a_constant_is_given_to_every_row_that_lacks_the_value(tmp_path):
    text = "Serial,Model,Site\nA1,S21,\nA2,S21,Dalton\n"
    constants = {"site": "Pecos", "entry_date": "2024-05-15", "status": "stored"}
    reading = reading_of(tmp_path, text, constants=constants)
    assert [row.site for row in reading.rows] == ["Pecos", "Dalton"]
    assert {row.entry_date for row in reading.rows} == {date(2024, 5, 15)}
    assert {row.status for row in reading.rows} == {RigStatus.STORED}


@pytest.mark.parametrize(
    ("constants", "sentence"),
    [
        ({"sites": "Pecos"}, "There is no column 'sites'"),
        ({"site": " "}, "site is given without a value"),
        ({"serial_number": "A1"}, "serial_number differs from rig to rig"),
        ({"entry_date": "03/04/2025"}, "entry_date: '03/04/2025' could be 2025-03-04 or 2025-04-03"),
        ({"country_of_origin": "Chnia"}, "country_of_origin: 'Chnia' is no country"),
        ({"hts_code": "84.71"}, "hts_code: '84.71' has 4 digits"),
    ],
)
def test_a_constant_that_its_column_cannot_take_is_refused(tmp_path, constants, sentence):
    with pytest.raises(ValueError, match=sentence):
        reading_of(tmp_path, BARE, constants={"site": "Pecos", **constants})


def test_an_ambiguous_constant_is_read_in_the_order_that_is_told(tmp_path):
    constants = {"site": "Pecos", "entry_date": "03/04/2025"}
    reading = reading_of(tmp_path, BARE, constants=constants, day_order="day_first")
    assert reading.rows[0].entry_date == date(2025, 4, 3)


def test_a_row_of_a_quantity_needs_no_serial_number(tmp_path):
    row = reading_of(tmp_path, "Qty,Model,Site\n500,S21,Pecos\n").rows[0]
    assert (row.quantity, row.has_quantity, row.serial_number) == (500, True, None)


def test_a_rig_without_a_quantity_is_one(tmp_path):
    row = reading_of(tmp_path, "Serial,Model,Site,Qty\nA1,S21,Pecos,\n").rows[0]
    assert (row.quantity, row.has_quantity) == (1, False)


def test_a_mac_address_is_enough_to_tell_a_rig(tmp_path):
    assert (
        reading_of(tmp_path, "MAC,Model,Site\naabbccddeeff,S21,Pecos\n").rows[0].mac_address
        == "aa:bb:cc:dd:ee:ff"
    )


def test_a_serial_number_of_many_rigs_is_a_problem_and_of_one_is_none(tmp_path):
    text = "Serial,Model,Site,Qty\nA1,S21,Pecos,2\nA2,S21,Pecos,1\n"
    assert [(found.row, found.code) for found in reading_of(tmp_path, text).problems] == [
        (2, "quantity_with_identifier")
    ]


def test_a_serial_number_twice_names_every_row_that_has_it(tmp_path):
    text = "Serial,Model,Site\nA1,S21,Pecos\nB1,S21,Pecos\na1,S21,Pecos\n"
    reading = reading_of(tmp_path, text)
    assert [(found.row, found.code) for found in reading.problems] == [
        (2, "serial_number_twice"),
        (4, "serial_number_twice"),
    ]
    assert reading.problems[0].sentence == "Row 4 has the same serial number; each rig is to have one row."


def test_a_mac_address_twice_is_found_in_two_notations(tmp_path):
    text = "MAC,Model,Site\naabbccddeeff,S21,Pecos\nAA-BB-CC-DD-EE-FF,S21,Pecos\n"
    assert codes(reading_of(tmp_path, text)) == ["mac_address_twice", "mac_address_twice"]


@pytest.mark.parametrize("status", ["on order", "in transit"])
def test_what_is_still_to_come_needs_no_site(tmp_path, status):
    assert not codes(reading_of(tmp_path, f"Serial,Model,Site,Status\nA1,S21,,{status}\n"))


def test_what_stands_somewhere_needs_a_site(tmp_path):
    assert (
        codes(reading_of(tmp_path, "Serial,Model,Site,Status\nA1,S21,,stored\nA2,S21,,\n"))
        == ["site_missing"] * 2
    )


@pytest.mark.parametrize(
    ("headings", "cells", "code"),
    [
        ("Status,Entry Date", "on order,2025-06-10", "entry_date_on_order"),
        ("Entry Date,Loaded Date", "2025-06-10,2025-06-11", "loaded_after_entry"),
        ("Status,Expected Entry Date,Loaded Date", "in transit,2026-12-01,2026-12-02", "loaded_after_entry"),
    ],
)
def test_facts_that_contradict_each_other_are_a_problem(tmp_path, headings, cells, code):
    assert codes(reading_of(tmp_path, f"Serial,Model,Site,{headings}\nA1,S21,Pecos,{cells}\n")) == [code]


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Currency", "USD", "currency_without_value"),
        ("Expected Entry Date", "2026-12-01", "entry_date_missing"),
    ],
)
def test_facts_that_lead_nowhere_are_a_warning(tmp_path, heading, cell, code):
    reading = reading_of(tmp_path, f"Serial,Model,Site,{heading}\nA1,S21,Pecos,{cell}\n")
    assert warned(reading) == [code]
    assert reading.row_count == len(reading.rows) == 1


def test_the_example_row_of_the_template_is_no_rig(tmp_path):
    assert codes(reading_of(tmp_path, f"Serial,Model,Site\n{EXAMPLE_SERIAL},S21,Pecos\n")) == ["example_row"]


def test_reading_the_same_file_twice_says_the_same(tmp_path):
    text = "Serial,Model,Site,COO\nA1,S21,Pecos,Chnia\nA1,S21,,CN\n"
    assert reading_of(tmp_path, text) == reading_of(tmp_path, text)
