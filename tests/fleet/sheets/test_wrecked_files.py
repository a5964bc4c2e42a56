"""Files that cannot be read at all: each is one sentence, and whoever asked lives on."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from fleet.sheets.files.limits import Limits
from fleet.sheets.rows import UnreadableSheet, read
from tests.fleet.sheets.made_files import (
    ole_file,
    raw_workbook,
    text_file,
    workbook_file,
    xml_row,
    zip_file,
)

SAMPLES = Path(__file__).parents[1] / "samples"
RIGHT = [["Serial Number", "Model", "Site"], ["A1", "S21 200T", "Pecos TX"]]
FAR_CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def refusal(path: Path, **told: object) -> UnreadableSheet:
    """The refusal of a file; its sentence ends as sentences do and fits where it is kept."""
    with pytest.raises(UnreadableSheet) as caught:
        read(path, **told)
    assert caught.value.sentence.endswith(".")
    assert len(caught.value.sentence) < 400
    return caught.value


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert refusal(tmp_path / "gone.xlsx").code == "no_such_file"
    assert refusal(tmp_path).code == "no_such_file"


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\xef\xbb\xbf", bytes(100)])
def test_an_empty_file_is_called_empty(tmp_path, content):
    path = tmp_path / "fleet.csv"
    path.write_bytes(content)
    assert refusal(path).code == "empty_file"


def test_a_workbook_without_a_filled_cell_is_called_empty(tmp_path):
    assert refusal(workbook_file(tmp_path, [])).code == "empty_file"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "a picture"),
        (b"<html><table><tr><td>Serial</td></tr></table></html>", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML file"),
        (b"\x1f\x8b\x08....", "a packed archive"),
        (b"\xef\xbb\xbf<!-- saved by a system --><html></html>", "a web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "a web page in one file"),
        (b'[\n  {"serial": "A1", "model": "S21"}]', "a JSON file"),
        (b"\x01\x00\x02\x03" * 100, "a binary file"),
        ('<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "an XML file"),
        (b'ID;PWXL;N;E\r\nC;Y1;X1;K"Serial Number"\r\n', "a SYLK file"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "a DIF file"),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_content_whatever_its_name(tmp_path, content, what):
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(content)
    wreck = refusal(path)
    assert wreck.code == "wrong_kind"
    assert what in wreck.sentence


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("Index/Document.iwa", "an Apple Numbers"),
        ("a.txt", "a packed archive"),
    ],
)
def test_a_zip_that_is_no_workbook_is_told_by_its_parts(tmp_path, part, what):
    wreck = refusal(zip_file(tmp_path, {part: "x"}, name="fleet.xlsx"))
    assert wreck.code == "wrong_kind"
    assert what in wreck.sentence


def test_a_workbook_under_another_name_is_read_all_the_same(tmp_path):
    assert read(workbook_file(tmp_path, RIGHT, name="fleet.csv")).row_count == 1
    assert read(text_file(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n", name="fleet.xlsx")).row_count == 1


def test_a_workbook_with_a_password_is_refused_by_name(tmp_path):
    wreck = refusal(ole_file(tmp_path, "EncryptionInfo", "EncryptedPackage"))
    assert wreck.code == "password_protected"


def test_a_zip_with_a_locked_part_is_refused_by_name(tmp_path):
    path = raw_workbook(tmp_path, xml_row(1, "Serial"))
    content = path.read_bytes()
    place = content.rindex(b"PK\x01\x02") + 8  # the flags of the last part in the directory
    path.write_bytes(content[:place] + b"\x01" + content[place + 1 :])
    assert refusal(path).code == "password_protected"


def test_an_ole_file_that_is_no_workbook_is_refused(tmp_path):
    assert refusal(ole_file(tmp_path, "WordDocument")).sentence.startswith("The file is a Word document")


def test_an_old_workbook_cut_short_is_called_damaged(tmp_path):
    assert refusal(ole_file(tmp_path, "Workbook")).code == "damaged"


def test_a_workbook_cut_short_says_so(tmp_path):
    path = workbook_file(tmp_path, RIGHT)
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).code == "cut_short"


def test_a_workbook_with_broken_xml_is_called_damaged(tmp_path):
    assert refusal(raw_workbook(tmp_path, "<row><c></row>")).code == "damaged"


def test_a_text_file_cut_inside_a_quoted_cell_says_so(tmp_path):
    assert refusal(text_file(tmp_path, 'Serial,Model,Site\nA1,S21,"Pecos')).code == "cut_short"


def test_stray_text_after_a_quoted_cell_names_its_line(tmp_path):
    wreck = refusal(text_file(tmp_path, 'Serial,Model,Site\nA1,"S21" 200T,Pecos\n'))
    assert wreck.code == "quotes_unreadable"
    assert "Line 2" in wreck.sentence


def test_a_file_over_the_size_limit_says_both_sizes(tmp_path):
    path = text_file(tmp_path, "x" * 2_000_000)
    wreck = refusal(path, limits=Limits(file_bytes=1_000_000))
    assert wreck.code == "too_large"
    assert "2.0 MB" in wreck.sentence
    assert "1.0 MB" in wreck.sentence


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = raw_workbook(tmp_path, "")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(60_000_000))
    assert path.stat().st_size < 100_000
    assert refusal(path).code == "zip_bomb"


def test_a_zip_of_thousands_of_parts_is_refused(tmp_path):
    path = zip_file(tmp_path, {f"xl/{number}": "" for number in range(2001)}, name="fleet.xlsx")
    assert refusal(path).code == "zip_bomb"


def test_the_two_far_corners_that_abort_the_parser_do_not_abort_the_caller(tmp_path):
    path = raw_workbook(tmp_path, FAR_CORNER)
    assert path.stat().st_size < 3_000
    assert refusal(path).code == "took_too_much_memory"
    assert read(workbook_file(tmp_path, RIGHT)).row_count == 1


def test_more_cells_than_the_limit_are_refused(tmp_path):
    few = Limits(cells=5)
    assert refusal(workbook_file(tmp_path, RIGHT), limits=few).code == "too_many_cells"
    assert (
        refusal(text_file(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n"), limits=few).code == "too_many_cells"
    )


def test_more_columns_than_any_spreadsheet_has_are_refused(tmp_path):
    assert refusal(text_file(tmp_path, "Serial,Model,Site" + ",x" * 16_384)).code == "too_many_cells"


def test_a_workbook_that_takes_too_long_says_so(tmp_path):
    rows = f"<row>{'<c><v>1</v></c>' * 40}</row>" * 150_000
    slow = Limits(cpu_seconds=1, ratio=10**6, memory_bytes=8 * 1024**3)
    wreck = refusal(raw_workbook(tmp_path, rows), limits=slow)
    assert wreck.code == "took_too_long"


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path):
    wreck = refusal(workbook_file(tmp_path, RIGHT, [["Notes"]]), sheet="Rigs")
    assert wreck.code == "no_such_sheet"
    assert "'Sheet1', 'Sheet2'" in wreck.sentence


def test_a_text_file_has_no_sheets_by_name(tmp_path):
    assert refusal(text_file(tmp_path, "Serial,Model,Site\n"), sheet="Fleet").code == "no_such_sheet"


def test_a_sheet_without_headings_says_which_ones_it_needs(tmp_path):
    wreck = refusal(text_file(tmp_path, "A1,S21,Pecos\nA2,S21,Pecos\n"))
    assert wreck.code == "no_headings"
    assert "serial number" in wreck.sentence
    assert "model" in wreck.sentence


def test_headings_below_the_twentieth_row_are_not_looked_for(tmp_path):
    assert (
        refusal(text_file(tmp_path, "x\n" * 20 + "Serial,Model,Site\nA1,S21,Pecos\n")).code == "no_headings"
    )


def test_headings_without_rows_say_so(tmp_path):
    assert refusal(text_file(tmp_path, "Serial,Model,Site\n\n\n")).code == "no_rows"


@pytest.mark.parametrize(
    ("headings", "lacking"),
    [
        ("Serial,Site", "for the model"),
        ("Model,Site", "for the serial number (or the MAC address, or a quantity)"),
        ("Serial,Model", "for the site"),
    ],
)
def test_a_sheet_without_a_needed_column_says_which_and_what_it_has(tmp_path, headings, lacking):
    wreck = refusal(text_file(tmp_path, f"{headings}\nA,B\n"))
    assert wreck.code == "columns_missing"
    assert lacking in wreck.sentence
    assert headings.split(",")[0] in wreck.sentence


def test_two_sheets_with_fleets_ask_which_one_is_meant(tmp_path):
    path = workbook_file(tmp_path, RIGHT, RIGHT)
    wreck = refusal(path)
    assert wreck.code == "several_sheets"
    assert "'Sheet1', 'Sheet2'" in wreck.sentence
    assert read(path, sheet="sheet2").sheet == "Sheet2"


def test_one_endless_line_is_refused_before_it_is_read(tmp_path):
    wreck = refusal(
        text_file(tmp_path, "Serial,Model,Site\n" + "," * 300_000), limits=Limits(line_bytes=200_000)
    )
    assert wreck.code == "line_too_long"


def test_a_cell_longer_than_any_is_not_called_a_file_cut_short(tmp_path):
    wreck = refusal(text_file(tmp_path, f"Serial,Model,Site\nA1,{'x' * 200_000},Pecos\n"))
    assert wreck.code == "cell_too_long"
    assert "Line 2" in wreck.sentence


def test_more_rows_than_a_workbook_can_have_are_refused_in_a_text_file_too(tmp_path):
    text = "Serial,Model,Site\n" + "".join(f"A{number},S21,Pecos\n" for number in range(9))
    assert refusal(text_file(tmp_path, text), limits=Limits(rows=9)).code == "too_many_rows"
    assert read(text_file(tmp_path, text), limits=Limits(rows=10)).row_count == 9


@pytest.mark.parametrize("repeats", ["1000000000", "99999999999999999999"])
def test_a_row_repeated_without_end_is_refused_at_once(tmp_path, repeats):
    row = f'<table:table-row table:number-rows-repeated="{repeats}"/>'
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": row}
    assert refusal(zip_file(tmp_path, parts, name="fleet.ods")).code == "too_many_rows"


def test_more_sheets_than_anybody_looks_through_are_refused(tmp_path):
    wreck = refusal(workbook_file(tmp_path, RIGHT, RIGHT, RIGHT), limits=Limits(sheets=2))
    assert wreck.code == "too_many_sheets"
    assert "3 sheets" in wreck.sentence


def test_a_workbook_of_charts_alone_has_no_sheet_with_cells(tmp_path):
    path = tmp_path / "charts.xlsx"
    book = Workbook()
    book.create_chartsheet().add_chart(BarChart())
    book.remove(book.worksheets[0])
    book.save(path)
    assert "no sheet with cells" in refusal(path).sentence


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_that_multiply_are_never_unfolded(tmp_path, part):
    path = workbook_file(tmp_path, RIGHT)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    laughs = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    parts[part] = laughs + parts[part].replace(b'name="Sheet1"', b'name="&b;"').replace(
        b"</sheetData>", b'<row r="9"><c r="A9" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
    )
    assert refusal(zip_file(tmp_path, parts, name="laughs.xlsx")).code == "damaged"


def test_a_text_out_of_the_shared_ones_is_damage(tmp_path):
    cells = xml_row(1, "Serial", "Model", "Site") + xml_row(
        2, '<c r="@" t="s"><v>999999</v></c>', "S21", "Pecos"
    )
    assert refusal(raw_workbook(tmp_path, cells)).code == "damaged"


def test_any_part_lost_or_emptied_is_read_around_or_refused(tmp_path):
    whole = workbook_file(tmp_path, RIGHT)
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for lost in parts:
        for left in (
            {name: content for name, content in parts.items() if name != lost},
            {**parts, lost: b""},
        ):
            path = zip_file(tmp_path, left, name="part.xlsx")
            try:
                assert read(path).row_count == 1, lost
            except UnreadableSheet as wreck:
                assert wreck.code in {"damaged", "wrong_kind"}, lost


def test_a_file_in_utf_32_is_read_as_such(tmp_path):
    assert (
        read(text_file(tmp_path, "Serial,Model,Site\nA1,S21,Pecos\n", encoding="utf-32")).encoding == "utf-32"
    )


def test_a_file_in_windows_1251_is_told_from_western_and_chinese_ones(tmp_path):
    text = "Серийный номер;Модель;Площадка\nA1;S21;Братск\n"
    assert read(text_file(tmp_path, text, encoding="cp1251")).rows[0].site == "Братск"
    western = read(text_file(tmp_path, "Número de série;Modèle;Site\nA1;S21;Québec\n", encoding="cp1252"))
    assert western.rows[0].site == "Québec"


@pytest.mark.parametrize("tenths", range(1, 10))
def test_an_xls_that_is_cut_at_any_tenth_says_that_its_end_is_missing(tmp_path, tenths):
    content = (SAMPLES / "excel_97.xls").read_bytes()
    path = tmp_path / "fleet.xls"
    path.write_bytes(content[: len(content) * tenths // 10])
    assert refusal(path).code == "cut_short"


@pytest.mark.parametrize("name", ["fleet.xlsx", "fleet.xls", "fleet.xlsb", "fleet.ods", "fleet.csv", "fleet"])
@pytest.mark.parametrize("sample", ["excel_97.xls", "libreoffice.ods", "libreoffice.xlsx", "gbk.csv"])
def test_a_file_is_read_by_its_content_whatever_it_is_called(tmp_path, sample, name):
    path = tmp_path / name
    path.write_bytes((SAMPLES / sample).read_bytes())
    assert read(path).rows == read(SAMPLES / sample).rows


@pytest.mark.parametrize("kind", ["text", "presentation", "graphics"])
def test_another_document_of_an_office_suite_is_named(tmp_path, kind):
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<a/>"}
    assert refusal(zip_file(tmp_path, parts, name="fleet.ods")).code == "wrong_kind"


def test_utf8_with_another_encoding_pasted_in_is_not_read_as_that_one(tmp_path):
    path = text_file(tmp_path, "Serial,Model,Site\nA1,S21,Ñandú\n")
    path.write_bytes(path.read_bytes() + "A2,S21,Ñu\n".encode("cp1252"))
    assert refusal(path).code == "encoding_unknown"


def test_a_serial_number_that_stands_in_every_row_is_told_in_time_that_grows_with_the_rows(tmp_path):
    reading = read(text_file(tmp_path, "Serial,Model,Site\n" + "A1,S21,Pecos\n" * 20_000))
    assert len(reading.problems) == 20_000
    assert reading.problems[-1].sentence.startswith("Row 2, 3, 4, 5, 6, … has")


def test_of_two_rows_of_one_number_none_is_lost_in_silence(tmp_path):
    rows = "".join(xml_row(number, *RIGHT[at]) for number, at in ((1, 0), (2, 1), (2, 1)))
    wreck = refusal(raw_workbook(tmp_path, rows))
    assert wreck.code == "damaged"
    assert "row 2 comes after row 2" in wreck.sentence


def test_a_long_text_that_a_small_file_repeats_in_every_cell_takes_little_memory(tmp_path):
    text = "L" * 50_000
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="str"><v>{text}</v></c></row>' for at in range(1, 12_000))
    path = raw_workbook(tmp_path, rows)
    small = Limits(ratio=10**6)
    assert small.memory_for(path.stat().st_size, 600_000_000) < 480 * 1024**2
    assert refusal(path, limits=small).code == "took_too_much_memory"


def test_a_stray_control_character_does_not_make_a_text_a_binary_file(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_bytes(b"Serial Number,Model,Site\nA1,S21 200T,Pecos\0 TX\nA2,S21 200T,Pecos TX\n")
    assert read(path).row_count == 2
