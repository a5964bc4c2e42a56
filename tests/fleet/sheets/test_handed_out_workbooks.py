"""The template that we hand out and the marked workbook that we hand back."""

from __future__ import annotations

import io

import openpyxl

from fleet.sheets.columns import COLUMNS
from fleet.sheets.report import REASON_HEADING, write_report
from fleet.sheets.rows import RowProblem, read
from fleet.sheets.template import write_template
from tests.fleet.sheets.made_files import codes, text_file, workbook_file

WRONG = "Serial,Model,Site,HTS,Pool Password\nA1,S21,Pecos,8543,hunter2\nA2,S21,Pecos,8543.70.9860,hunter2\n"


def reported(path, **how):
    """The sheet that is handed back for a file, as a workbook."""
    target = io.BytesIO()
    write_report(path, read(path), target, **how)
    return openpyxl.load_workbook(target).active


def values(sheet):
    """The values of a sheet, row by row."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_template_has_every_column_with_a_note(tmp_path):
    path = tmp_path / "template.xlsx"
    with path.open("wb") as stream:
        write_template(stream)
    heads = openpyxl.load_workbook(path)["Fleet"][1]
    assert [cell.value for cell in heads] == [column.headings[0] for column in COLUMNS]
    assert all(column.holds in cell.comment.text for cell, column in zip(heads, COLUMNS, strict=True))


def test_the_template_sent_back_has_one_problem_its_example_row(tmp_path):
    path = tmp_path / "template.xlsx"
    with path.open("wb") as stream:
        write_template(stream)
    reading = read(path)
    assert codes(reading) == ["example_row"]
    assert not reading.warnings
    assert not reading.ignored_columns


def test_the_report_is_their_sheet_with_reasons_and_marks(tmp_path):
    sheet = reported(text_file(tmp_path, WRONG))
    head, wrong, right = values(sheet)
    assert head[-1] == REASON_HEADING
    assert wrong[:4] == ["A1", "S21", "Pecos", "8543"]
    assert wrong[-1].startswith("HTS: '8543' has 4 digits")
    assert right[-1] is None
    assert sheet["D2"].fill.start_color.rgb == "FFF4B6B6"
    assert sheet["C2"].fill.fill_type is None


def test_the_report_holds_no_password(tmp_path):
    assert "hunter2" not in str(values(reported(text_file(tmp_path, WRONG))))


def test_the_report_can_be_mended_and_sent_again(tmp_path):
    path = text_file(tmp_path, WRONG)
    target = io.BytesIO()
    write_report(path, read(path), target)
    back = tmp_path / "back.xlsx"
    back.write_bytes(target.getvalue())
    assert read(back).problems == read(path).problems
    book = openpyxl.load_workbook(back)
    book.active["D2"] = "8543.70.9860"
    book.save(back)
    assert not read(back).problems


def test_the_report_may_hold_the_wrong_rows_alone(tmp_path):
    assert [row[0] for row in values(reported(text_file(tmp_path, WRONG), only_wrong=True))] == [
        "Serial",
        "A1",
    ]


def test_the_report_marks_what_was_found_later(tmp_path):
    found = RowProblem(3, "Model", "model_unknown", "S21", "'S21' is no model in the catalogue.")
    sheet = reported(text_file(tmp_path, WRONG), further=[found])
    assert sheet["B3"].fill.start_color.rgb == "FFF4B6B6"
    assert "no model in the catalogue" in values(sheet)[2][-1]


def test_text_that_looks_like_a_formula_stays_text_in_the_report(tmp_path):
    risky = ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")']
    rows = "".join(
        f'A{number},S21,Pecos,"{text.replace(chr(34), chr(34) * 2)}"\n' for number, text in enumerate(risky)
    )
    sheet = reported(text_file(tmp_path, f"Serial,Model,Site,Notes\n{rows}"))
    assert [sheet[f"D{number}"].value for number in range(2, 7)] == risky
    assert {sheet[f"D{number}"].data_type for number in range(2, 7)} == {"s"}


def test_rows_of_the_report_stand_where_they_stood(tmp_path):
    path = workbook_file(tmp_path, [["Fleet"], [], ["Serial", "Model", "Site"], [], ["A1", None, "Pecos"]])
    sheet = reported(path)
    assert sheet["A5"].value == "A1"
    assert sheet["D5"].value.startswith("Model: The model is missing")
