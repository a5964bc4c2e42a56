"""The sheet that goes back to its sender: theirs, with what is wrong marked, ready to be mended and sent again."""

from __future__ import annotations

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from fleet.models import Upload
from fleet.sheets.report import REASON_HEADING
from tests.commands import answer_of
from tests.sheets import a_csv, a_row, a_workbook

pytestmark = pytest.mark.usefixtures("shipped")
ROWS = [
    a_row(1),
    a_row(2, hts_code="8543", model="Antminer S99"),
    a_row(3) | {"Notes": "@here"},
    a_row(4, customs_value="-1"),
]
FILLED = [{**dict.fromkeys(ROWS[2], ""), **row} for row in ROWS]
BOTH = pytest.mark.parametrize("made", [a_csv, a_workbook])


def refused(path) -> Upload:
    """The upload of a file with wrong rows."""
    with pytest.raises(CommandError, match="rows are wrong"):
        answer_of("import_fleet", str(path), "--operator", "prairie", "--create-operator", "Prairie")
    return Upload.objects.latest("pk")


def handed_back(folder, upload, *arguments):
    """The path of the workbook that the command writes."""
    path = folder / "problems.xlsx"
    answer_of("problem_workbook", str(upload.pk), "--output", str(path), *arguments)
    return path


def sheet_of(path):
    """The first sheet of a workbook."""
    return openpyxl.load_workbook(path).active


def reasons(sheet):
    """The reasons by the number of the row."""
    assert sheet.cell(1, sheet.max_column).value == REASON_HEADING
    cells = [row[-1] for row in sheet.iter_rows(min_row=2)]
    return {cell.row: cell.value for cell in cells if cell.value}


@BOTH
def test_each_wrong_row_has_all_its_reasons_and_each_wrong_cell_its_mark(made, tmp_path):
    sheet = sheet_of(handed_back(tmp_path, refused(made(tmp_path, FILLED))))
    told = reasons(sheet)
    assert list(told) == [3, 5]
    assert "HTS Code: '8543' has 4 digits" in told[3]
    assert "Model: 'Antminer S99' names no one model" in told[3]
    assert told[5].startswith("Customs Value: -1 is negative")
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fill_type}
    assert {sheet.cell(1, openpyxl.utils.cell.coordinate_to_tuple(at)[1]).value for at in marked} == {
        "HTS Code",
        "Model",
        "Customs Value",
    }


@BOTH
def test_it_is_filtered_and_its_headings_stay_in_sight(made, tmp_path):
    sheet = sheet_of(handed_back(tmp_path, refused(made(tmp_path, FILLED))))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}5"


@BOTH
def test_mended_and_sent_again_it_is_applied(made, tmp_path):
    path = handed_back(tmp_path, refused(made(tmp_path, FILLED)))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, columns["HTS Code"]).value = "8543.70.9860"
    sheet.cell(3, columns["Model"]).value = "Antminer S21 200T"
    sheet.cell(5, columns["Customs Value"]).value = 5000
    book.save(path)
    answer = answer_of("import_fleet", str(path), "--operator", "prairie")
    assert (answer["state"], answer["new"]) == ("applied", 4)
    assert answer["ignored_columns"] == [REASON_HEADING]


@BOTH
def test_the_wrong_rows_alone_are_a_sheet_that_can_be_sent(made, tmp_path):
    path = handed_back(tmp_path, refused(made(tmp_path, FILLED)), "--only-wrong")
    assert list(reasons(sheet_of(path))) == [2, 3]
    assert refused(path).wrong == 2


def test_sent_again_unmended_it_has_the_reasons_once(tmp_path):
    first = handed_back(tmp_path, refused(a_csv(tmp_path, FILLED)))
    again = handed_back(tmp_path, refused(first))
    assert [cell.value for cell in sheet_of(again)[1]].count(REASON_HEADING) == 1
    assert reasons(sheet_of(again)) == reasons(sheet_of(first))


def test_more_than_the_thousand_problems_that_are_kept_are_marked(tmp_path):
    rows = [a_row(number, model="Antminer S99") for number in range(1, 1102)]
    upload = refused(a_csv(tmp_path, rows))
    assert upload.problems.count() < 1101
    assert len(reasons(sheet_of(handed_back(tmp_path, upload)))) == 1101


def test_what_the_check_found_in_the_fleet_is_marked(tmp_path):
    with pytest.raises(CommandError):
        answer_of(
            "import_fleet",
            str(a_csv(tmp_path, [a_row(1)])),
            *("--operator", "prairie", "--create-operator", "Prairie", "--mode", "update"),
        )
    sheet = sheet_of(handed_back(tmp_path, Upload.objects.latest("pk")))
    assert "The fleet has no such rig" in reasons(sheet)[2]


def test_a_file_that_could_not_be_read_has_nothing_to_mark(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_text("nothing\n")
    with pytest.raises(CommandError):
        answer_of("import_fleet", str(path), "--operator", "prairie", "--create-operator", "Prairie")
    upload, written = Upload.objects.latest("pk"), tmp_path / "problems.xlsx"
    with pytest.raises(CommandError, match="No row can be marked"):
        call_command("problem_workbook", str(upload.pk), "--output", str(written))
    assert not written.exists()
