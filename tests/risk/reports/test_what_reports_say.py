"""Reports say what the API says, in letters that are kept, of one operator alone; unknown is never nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management.base import CommandError

from fleet.models import Site
from fleet.services import register_operator
from risk.reports.paper import Paper, Place
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.risk.reports.reading import a_report, read_pdf, read_workbook, rows_of, text_of_pdf
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

MIXED = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos", hashrate_ths="100"),
    a_row(3, country_of_origin="", country_of_assembly="", customs_value=""),
]
MEASURES = ("units", "hashrate", "power", "value")


@pytest.fixture
def operator(tmp_path):
    made = an_operator()
    a_fleet(tmp_path, made, MIXED)
    return made


def shares_of(row, titles):
    return [Decimal(str(row[title])) for title in titles]


def test_the_first_page_has_the_number_its_bar_and_what_it_rests_on(operator):
    first = " ".join(read_pdf(a_report(operator)).pages[0].extract_text().split())
    assert "60 %" in first
    assert "of 500 TH/s is exposed" in first
    assert "T tariff" in first and "U unknown" in first
    assert "Prairie Hash" in first
    assert "policy edition 1, law verified through 10 Oct 2026" in first
    assert "3 lots, 3 rigs" in first
    for told in ("Duty to come", "Contingent duty", "Refundable duty", "Replacement duty", "Coming changes"):
        assert told in first


def test_a_pdf_has_title_language_outline_and_pictures_told_in_words(operator):
    content = a_report(operator)
    read = read_pdf(content)
    assert read.metadata.title == "Board report, Prairie Hash"
    assert read.trailer["/Root"]["/Lang"] == "en-US"
    assert next(entry.title for entry in read.outline if not isinstance(entry, list)) == "Board report"
    assert "/StructTreeRoot" in read.trailer["/Root"]
    told = [
        str(each.get_object().get("/Alt", "")) for each in _figures(read.trailer["/Root"]["/StructTreeRoot"])
    ]
    assert any("tariff 60 %" in sentence for sentence in told)


def _figures(element):
    for child in element.get("/K", ()):
        below = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(below, dict):
            yield below
            yield from _figures(below)


def test_every_sheet_tells_what_it_rests_on_when_it_lies_alone(operator):
    for page in read_pdf(a_report(operator)).pages:
        foot = " ".join(page.extract_text().split())
        assert "Prairie Hash · Board report · policy edition 1" in foot
        assert "digest" in foot


def test_the_shares_of_the_workbook_are_those_that_the_api_tells(operator):
    told = answer_of("exposure", "--operator", operator.slug)
    sheet = read_workbook(a_report(operator, form="xlsx"))["Exposed share by every measure"]
    rows = {row["What"]: row for row in rows_of(sheet)}
    titles = [f"By {name}" for name in MEASURES]
    for kind, name in (("any", "exposed (tariff or sanction)"), ("tariff", "tariff"), ("watch", "watch")):
        expected = [Decimal(told["exposed"][kind][f"share_of_{measure}"]) for measure in MEASURES]
        assert shares_of(rows[name], titles) == expected
    for part, answer in told["bar"].items():
        expected = [Decimal(answer[f"share_of_{measure}"]) for measure in MEASURES]
        assert shares_of(rows[f"in the one bar: {part}"], titles) == expected


@pytest.mark.parametrize(
    ("by", "sheet", "heading"),
    [("maker", "By maker", "Maker"), ("model", "By model", "Model"), ("site", "By site", "Site")],
)
def test_every_group_of_the_workbook_is_that_of_the_api(operator, by, sheet, heading):
    groups = answer_of("exposure", "--operator", operator.slug, "--by", by)["groups"]
    rows = {row[heading]: row for row in rows_of(read_workbook(a_report(operator, form="xlsx"))[sheet])}
    assert len(rows) == len(groups)
    for group in groups:
        row = rows[group["key"] or "not given"]
        assert row["Rigs"] == group["units"]
        assert Decimal(str(row["Exposed at least"])) == Decimal(group["exposed"]["any"]["share_of_hashrate"])
        assert Decimal(str(row["Tariff"])) == Decimal(group["bar"]["tariff"]["share_of_hashrate"])


def test_a_workbook_has_frozen_headings_formats_and_charts_of_its_own(operator):
    book = read_workbook(a_report(operator, form="xlsx"))
    sheet = book["By maker"]
    assert sheet.freeze_panes == "B4"
    assert len(sheet._charts) == 1
    assert len(book["Through time"]._charts) == 1
    formats = {cell.value: sheet.cell(4, cell.column).number_format for cell in sheet[3] if cell.value}
    assert formats["Exposed at least"] == "0.0%"
    assert formats["Value (USD)"] == '"$"#,##0.00'
    assert formats["Rigs"] == "#,##0"


def test_the_workbook_draws_the_share_through_time_as_a_stair_that_goes_on_through_today(operator):
    sheet = read_workbook(a_report(operator, form="xlsx"))["Through time"]
    days = [cell.value for cell in sheet[3]].index("Drawn: day")
    corners = [row[days : days + 2] for row in sheet.iter_rows(min_row=4, values_only=True) if row[days]]
    assert [on for on, _ in corners] == sorted(on for on, _ in corners)
    assert [share for _, share in corners[::2]] == [share for _, share in corners[1::2]]
    assert corners[-1][0].date() >= TODAY


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path):
    operator = register_operator(slug="evil", name="=HYPERLINK(0)")
    a_fleet(tmp_path, operator, [a_row(1)])
    Site.objects.of(operator).update(name="=1+1")
    book = read_workbook(a_report(operator, form="xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=1+1" in [cell.value for cell in cells]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_pdf_and_workbook_of_the_same_facts_have_the_same_digest(operator):
    summary = read_workbook(a_report(operator, form="xlsx"))["Summary"]
    (digest,) = (
        str(row[0]).removeprefix("digest ")
        for row in summary.iter_rows(values_only=True)
        if str(row[0]).startswith("digest ")
    )
    assert digest[:16] in text_of_pdf(a_report(operator))


def test_what_nobody_knows_is_told_as_not_known_and_never_as_nothing(operator):
    rows = rows_of(read_workbook(a_report(operator, "liability", "xlsx"))["Lots with something at stake"])
    (unknown,) = (row for row in rows if row["Declared origin"] == "not known")
    assert unknown["High (USD)"] == "not known"
    assert "What is unknown" in text_of_pdf(a_report(operator))
    assert "country of origin" in text_of_pdf(a_report(operator))


def test_letters_of_other_scripts_are_kept(tmp_path):
    operator = register_operator(slug="qubit", name="Qubit Énergie Łódź")
    a_fleet(tmp_path, operator, [a_row(1, site="Жодино"), a_row(2, site="深圳一号")])
    board, card = text_of_pdf(a_report(operator)), text_of_pdf(a_report(operator, "vendor", vendor="bitmain"))
    assert "Qubit Énergie Łódź" in board
    assert "Жодино" in board
    assert "深圳一号" in board
    assert "比特大陆" in card


def test_letters_that_no_font_here_has_are_told_in_latin_ones(tmp_path):
    operator = register_operator(slug="amman", name="شركة التعدين")
    a_fleet(tmp_path, operator, [a_row(1)])
    told = text_of_pdf(a_report(operator))
    assert "shrkh lt`dyn" in told
    assert "�" not in told


@pytest.mark.parametrize("kind", ["board", "liability", "refunds", "vendor"])
@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_report_never_names_another_operator(operator, tmp_path, kind, form):
    other = register_operator(slug="birch", name="Birch Bitworks")
    a_fleet(tmp_path, other, [a_row(7, site="Birchtown"), a_row(8, entry_number="BIR-0000001-1")])
    content = a_report(operator, kind, form, vendor="bitmain")
    if form == "pdf":
        told = text_of_pdf(content)
    else:
        told = " ".join(
            str(value)
            for sheet in read_workbook(content)
            for row in sheet.iter_rows(values_only=True)
            for value in row
        )
    assert "Prairie Hash" in told
    assert "Birch" not in told
    assert "BIR-0000001-1" not in told


def test_an_empty_fleet_has_a_report_that_says_so():
    told = text_of_pdf(a_report(an_operator()))
    assert "The fleet is empty" in told
    assert "not assessed yet" in told


def test_the_refund_list_is_the_one_that_the_command_tells(operator):
    told = answer_of("refunds", "--operator", operator.slug, "--on", "2026-11-22")
    rows = rows_of(read_workbook(a_report(operator, "refunds", "xlsx"))["By entry and measure"])
    assert [Decimal(str(row["Amount (USD)"])) for row in rows] == [
        Decimal(line["amount"]) for line in told["lines"]
    ]
    assert [row["Entry"] for row in rows] == [line["entry_number"] for line in told["lines"]]


def test_the_liability_note_has_the_sums_of_the_reserve(operator):
    total = answer_of("reserve", "--operator", operator.slug, "--on", "2026-11-22")["total"]
    told = text_of_pdf(a_report(operator, "liability"))
    for column in ("low", "likely", "high"):
        assert f"${Decimal(total[column]):,.0f}" in told
    assert "No dispute: customs accepts every declared origin." in told


def test_the_command_writes_the_report_to_a_file(operator, tmp_path):
    path = tmp_path / "board.xlsx"
    answer = answer_of(
        "report", "board", "--operator", operator.slug, "--format", "xlsx", "--output", str(path)
    )
    assert answer["file"] == str(path)
    assert answer["digest"] in [row[0].removeprefix("digest ") for row in _summary(path.read_bytes())]


def test_the_command_refuses_a_scorecard_of_nobody(operator):
    with pytest.raises(CommandError, match="There is no vendor 'nobody'"):
        answer_of("report", "vendor", "--operator", operator.slug, "--vendor", "nobody")


def _summary(content):
    return [row for row in read_workbook(content)["Summary"].iter_rows(values_only=True) if row[0]]


def test_a_number_is_never_cut_and_words_are_with_an_ellipsis():
    paper = Paper(title="Proof", author="Rig ledger", foot="", made_at=NOW)
    paper.add_page()
    paper.table_row(["Hydro-cooled", "$123,456,789,000"], [Place(40, 40, "L"), Place(80, 30, "R")])
    told = text_of_pdf(bytes(paper.output()))
    assert "$123,456,789,000" in told
    assert "Hydro-…" in told
