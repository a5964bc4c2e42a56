"""A look at a file before it is read: what it would be taken for, and why."""

from __future__ import annotations

import openpyxl
import pytest

from fleet.sheets.peek import Peek, Why, peek
from fleet.sheets.rows import UnreadableSheet
from tests.fleet.sheets.made_files import reading_of, text_file, workbook_file

RIGHT = [["Serial Number", "Model", "Site"], ["A1", "S21 200T", "Pecos TX"]]


def look_at(folder, text, **told) -> Peek:
    return peek(text_file(folder, text), **told)


def column(found: Peek, heading: str):
    return next(column for column in found.columns if column.heading == heading)


def test_each_sheet_is_told_with_its_rows(tmp_path):
    path = workbook_file(tmp_path, [["Notes"]], [*RIGHT, ["A2", "S21", "P"]], RIGHT)
    book = openpyxl.load_workbook(path)
    book["Sheet3"].sheet_state = "hidden"
    book.save(path)
    found = peek(path)
    assert [(sheet.name, sheet.rows, sheet.is_hidden, sheet.is_fleet) for sheet in found.sheets] == [
        ("Sheet1", 1, False, False),
        ("Sheet2", 3, False, True),
        ("Sheet3", 2, True, True),
    ]
    assert found.sheet == "Sheet2"


def test_encoding_delimiter_and_first_rows_are_told(tmp_path):
    path = text_file(tmp_path, "Flotte;;\nSerial;Model;Site\nA1;S21;Montréal\n", encoding="cp1252")
    found = peek(path)
    assert (found.encoding, found.delimiter, found.heading_row) == ("cp1252", ";", 2)
    assert found.first_rows[2] == (3, ("A1", "S21", "Montréal"))


def test_each_column_is_told_with_samples_and_the_reason(tmp_path):
    text = "Serial,Model,Where,Pool Password\nA1,S21,Pecos,x\nA2,S21,Pecos,y\nA3,T21,Waco,z\nA4,S9,Waco,q\n"
    found = look_at(tmp_path, text, mapping={"Where": "site"})
    assert (column(found, "Serial").column, column(found, "Serial").why) == ("serial_number", Why.HEADING)
    assert column(found, "Serial").samples == ("A1", "A2", "A3")
    assert (column(found, "Where").column, column(found, "Where").why) == ("site", Why.CHOSEN)
    assert column(found, "Pool Password").why is Why.SECRET
    assert "hunter" not in repr(found)
    assert not {"x", "y", "z"} & {cell for _, cells in found.first_rows for cell in cells}


@pytest.mark.parametrize(
    ("cells", "proposed"),
    [
        (["AA:BB:CC:DD:EE:01", "aabbccddee02"], "mac_address"),
        (["YNAHEAUBCJCBA0001", "YNAHEAUBCJCBA0002"], "serial_number"),
        (["CN", "Malaysia"], "country_of_origin"),
        (["8543.70.9860", "8471500150"], "hts_code"),
        (["ABC-1234567-8", "ABC-1234568-9"], "entry_number"),
        (["sea", "air"], "transport_mode"),
        (["Antminer S21", "Whatsminer M60S"], "model"),
        (["red", "blue"], None),
    ],
)
def test_a_column_with_a_strange_heading_is_proposed_by_its_cells_and_not_read(tmp_path, cells, proposed):
    text = "Qty,Site,Colour\n" + "".join(f"1,Pecos,{cell}\n" for cell in cells)
    found = column(look_at(tmp_path, text), "Colour")
    assert (found.column, found.proposed) == (None, proposed)
    assert found.why is (Why.CONTENT if proposed else Why.UNKNOWN)
    assert "Colour" in reading_of(tmp_path, text, constants={"model": "S21"}).ignored_columns


def test_a_sheet_without_known_headings_is_proposed_by_its_cells(tmp_path):
    text = "Ding,Ort,Kasten\nYNAHEAUBCJCBA0001,Pecos,Antminer S21\nYNAHEAUBCJCBA0002,Pecos,Antminer T21\n"
    found = look_at(tmp_path, text)
    assert [column.proposed for column in found.columns] == ["serial_number", None, "model"]
    assert "the model" in found.lacks


def test_two_rows_that_may_be_the_heading_row_are_both_told_and_one_may_be_chosen(tmp_path):
    text = "Serial,Model,Site\nMachine SN,Miner Type,Farm\nA1,S21,Pecos\n"
    found = look_at(tmp_path, text)
    assert found.heading_rows == (1, 2)
    assert reading_of(tmp_path, text, heading_row=2).row_count == 1
    assert look_at(tmp_path, text, heading_row=2).heading_row == 2


def test_a_heading_row_without_headings_is_refused_by_its_number(tmp_path):
    with pytest.raises(UnreadableSheet, match="Row 2 has no heading"):
        reading_of(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n", heading_row=2)
    with pytest.raises(ValueError, match="give the number of the row"):
        reading_of(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n", heading_row=0)


def test_days_that_could_be_two_are_shown_until_a_cell_settles_them(tmp_path):
    text = "Serial,Model,Site,Entry Date\nA1,S21,P,03/04/2025\nA2,S21,P,05/06/2025\n"
    days = column(look_at(tmp_path, text), "Entry Date")
    assert (days.day_order, days.ambiguous_days) == (None, ("03/04/2025", "05/06/2025"))
    many = text + "".join(f"B{n},S21,P,2025-01-01\n" for n in range(1500)) + "C1,S21,P,25/04/2025\n"
    days = column(look_at(tmp_path, many), "Entry Date")
    assert (days.day_order, days.ambiguous_days) == ("day_first", ())


def test_the_decimal_mark_that_the_cells_prove_is_told(tmp_path):
    text = "Serial;Model;Site;Value;Power\nA1;S21;P;1.850,00;3500\n"
    found = look_at(tmp_path, text)
    assert column(found, "Value").decimal_mark == "comma"
    assert column(found, "Power").decimal_mark is None


def test_sheets_with_the_same_headings_have_the_same_digest_in_any_order(tmp_path):
    one = look_at(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n")
    other = look_at(tmp_path, "SITE;serial;model\nPecos;A1;S21\n")
    assert one.heading_set == other.heading_set
    assert one.heading_set == reading_of(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n").heading_set
    assert one.heading_set != look_at(tmp_path, "Serial,Model,Farm\nA1,S21,Pecos\n").heading_set


def test_what_is_needed_and_not_there_is_told_and_not_refused(tmp_path):
    found = look_at(tmp_path, "Serial,Site\nA1,Pecos\n")
    assert found.lacks == "the model"
    assert look_at(tmp_path, "Serial,Site\nA1,Pecos\n", constants={"model": "S21"}).lacks == ""
