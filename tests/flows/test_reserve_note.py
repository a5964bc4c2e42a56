"""Papers in bulk, columns that move by themselves, and refunds by entry: real sheets, services and commands."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fleet.flows.origin_evidence import SerialRange, rigs_in
from fleet.models import EvidenceRange, Lot, OriginEvidence, Rig
from fleet.services import add_evidence, attach_evidence, register_operator, withdraw_evidence
from fleet.sheets.answer_tables import column_as_csv, table_as_csv, write_table
from ledger.models import AuditEntry
from risk.dashboard.reserve_answer import RESERVE_HEADINGS, reserve_answer, reserve_rows
from risk.engine.allocation import shared_out
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.refunds import portal_files, refunds
from risk.flows.reserve_note import reserve_note
from risk.models import Assessment, PolicyEdition
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.flows.test_checked_uploads import clock, imported, operator
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["operator"]


def disputed_row(number, **said):
    """A rig declared Malaysia, entered in the months that are disputed."""
    facts = {"country_of_origin": "MY", "country_of_assembly": "MY", "entry_date": "2024-05-15"}
    return a_row(number, **(facts | {"entry_number": "MYS-0000001-1"} | said))


def held(operator, folder, rows):
    imported(operator, a_csv(folder, rows))
    assess_owed_lots(assessed_on=TODAY, clock=clock)


def a_paper(operator, **said):
    facts = {
        "kind": "certificate",
        "title": "Certificate 7",
        "country": "MY",
        "strength": "strong",
        "issued_on": date(2024, 4, 1),
    }
    file = ContentFile(b"%PDF-1.7 certificate", name="certificate.pdf")
    return add_evidence(operator=operator, file=file, file_name="certificate.pdf", at=NOW, **(facts | said))


def noted(operator, on=TODAY):
    return reserve_answer(reserve_note(operator, on=on, edition=PolicyEdition.objects.current()))


def coming_back(operator, on=TODAY):
    return refunds(operator, on=on, edition=PolicyEdition.objects.current())


def columns(note):
    return note["total"]["low"], note["total"]["likely"], note["total"]["high"]


def test_the_dispute_of_april_to_june_2024_is_25_points_of_the_customs_value(operator, tmp_path):
    days = ("2024-04-02", "2024-05-15", "2024-06-28")
    held(operator, tmp_path, [disputed_row(n, entry_date=day) for n, day in enumerate(days)])
    note = answer_of("reserve", "--operator", "prairie", "--on", "2026-11-28")
    assert columns(note) == ("0.00", "3750.00", "3750.00")
    lot = next(lot for lot in note["lots"] if lot["entry_date"] == "2024-05-15")
    assert (lot["declared_origin"]["country"], lot["assessed_origin"]["country"]) == ("MY", "CN")
    assert lot["assessed_origin"]["source"] and lot["declared_origin"]["source"]
    entry = note["by_entry"][0]
    assert (entry["entry_number"], entry["clocks"]) == ("MYS-0000001-1", [])  # its lots name three days
    assert [(each["stage"], each["high"]) for each in note["by_stage"]] == [
        ("penalty period only", "3750.00")
    ]
    assert [(clock["clock"], clock["last_day"]) for clock in lot["clocks"]] == [
        ("liquidation", "2025-03-25"),
        ("protest", "2025-09-21"),
        ("penalty", "2029-05-15"),
    ]


def test_evidence_that_expires_tomorrow_moves_the_likely_column_tomorrow(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1)])
    tomorrow = TODAY + timedelta(days=1)
    attach_evidence(evidence=a_paper(operator, expires_on=tomorrow), entry_number="MYS-0000001-1")
    assert columns(noted(operator, TODAY)) == ("0.00", "0.00", "1250.00")
    assert columns(noted(operator, tomorrow)) == ("0.00", "1250.00", "1250.00")
    assert noted(operator, tomorrow)["lots"][0]["because"].startswith(
        "The evidence has expired: Certificate 7"
    )


def test_serial_numbers_cover_their_rigs_and_the_rest_stays_likely(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(n) for n in range(1, 5)])
    touched = attach_evidence(
        evidence=a_paper(operator), serials=[("YNAHEAUBCJCBA0001", "ynaheaubcjcba0003")]
    )
    assert touched == 1
    assert columns(noted(operator)) == ("0.00", "1250.00", "5000.00")
    attach_evidence(evidence=a_paper(operator), serials=[("YNAHEAUBCJCBA0004", "YNAHEAUBCJCBA0009")])
    assert columns(noted(operator)) == ("0.00", "0.00", "5000.00")


def test_a_range_names_no_longer_and_no_shorter_serial_numbers(operator, tmp_path):
    serials = ("A1", "A2", "A10", "A3", "B2")
    held(operator, tmp_path, [disputed_row(1, serial_number=serial) for serial in serials])
    named = rigs_in(operator, [SerialRange.of("A1", "a2"), SerialRange.of("A2", "A3")])
    assert sorted(rig.identity for rig in named) == ["a1", "a2", "a3"]


def test_papers_that_overlap_cover_a_rig_once(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(n) for n in range(1, 4)])
    for last in ("YNAHEAUBCJCBA0001", "YNAHEAUBCJCBA0002"):
        attach_evidence(evidence=a_paper(operator), serials=[("YNAHEAUBCJCBA0001", last)])
    assert columns(noted(operator)) == ("0.00", "1250.00", "3750.00")


def test_a_paper_of_another_origin_moves_the_assessed_origin_and_the_declared_one_stays(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1, entry_date="2023-05-15", model="Antminer S19 95T")])
    before = noted(operator)["lots"][0]
    attach_evidence(
        evidence=a_paper(operator, country="CN", title="Work order 9"), maker="Bitmain", origin="MY"
    )
    after = noted(operator)["lots"][0]
    assert before["declared_origin"] == after["declared_origin"]
    assert after["assessed_origin"]["source"] == "evidence: Work order 9"
    assert (after["assessed_origin"]["country"], after["likely"]) == ("CN", "1250.00")


def test_another_operators_evidence_is_invisible_and_its_lots_are_none(operator, tmp_path):
    other = register_operator(slug="other", name="Other")
    for each in (operator, other):
        held(each, tmp_path, [disputed_row(1)])
    paper = a_paper(other)
    attach_evidence(evidence=paper, serials=[("YNAHEAUBCJCBA0001", "YNAHEAUBCJCBA0001")])
    assert columns(noted(other)) == ("0.00", "0.00", "1250.00")
    assert columns(noted(operator)) == ("0.00", "1250.00", "1250.00")
    with pytest.raises(ValidationError, match="There is no lot"):
        attach_evidence(evidence=paper, lot_ids=[Lot.objects.of(operator).get().pk])


def test_withdrawn_evidence_counts_no_more_and_stays_on_record_with_its_reason(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1)])
    paper = a_paper(operator)
    attach_evidence(evidence=paper, lot_ids=[Lot.objects.of(operator).get().pk])
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_evidence(evidence=paper, because=" ", at=NOW)
    withdraw_evidence(evidence=paper, because="forged", at=NOW)
    assert columns(noted(operator)) == ("0.00", "1250.00", "1250.00")
    assert OriginEvidence.objects.get(pk=paper.pk).withdrawn_because == "forged"
    deeds = AuditEntry.objects.filter(subject=f"evidence {paper.pk}").order_by("pk")
    assert [entry.deed for entry in deeds] == ["evidence added", "evidence attached", "evidence withdrawn"]
    with pytest.raises(ValidationError, match="withdrawn"):
        attach_evidence(evidence=paper, entry_number="MYS-0000001-1")


def test_evidence_makes_entered_lots_owed_an_assessment_and_leaves_those_to_come(operator, tmp_path):
    to_come = disputed_row(
        2, status="on order", entry_date="", expected_entry_date="2026-12-20", entry_number="", site=""
    )
    held(operator, tmp_path, [disputed_row(1), to_come])
    assert not Assessment.objects.exists()
    attach_evidence(evidence=a_paper(operator), maker="Bitmain")
    assert [owed.lot.entry_number for owed in Assessment.objects.all()] == ["MYS-0000001-1"]


def test_ten_thousand_rigs_come_under_a_paper_in_a_few_queries(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1)])
    lot = Lot.objects.of(operator).get()
    rigs = [Rig(operator=operator, lot=lot, serial_number=f"BULK{n:06d}") for n in range(10_000)]
    Rig.objects.bulk_create(rigs, batch_size=2000)
    paper = a_paper(operator)
    with CaptureQueriesContext(connection) as asked:
        attach_evidence(evidence=paper, serials=[("BULK000000", "BULK009999")])
    assert len(asked) <= 13
    assert len(rigs_in(operator, [SerialRange.of("BULK000000", "BULK009999")])) == 10_000
    assert EvidenceRange.objects.count() == 1


@pytest.mark.parametrize("ends", [("A2", "A1"), ("A1", "A10"), ("", "A1")])
def test_a_range_whose_ends_do_not_fit_is_refused_and_nothing_is_attached(operator, ends):
    with pytest.raises(ValidationError, match="no range of serial numbers"):
        attach_evidence(evidence=a_paper(operator), serials=[ends])
    assert not EvidenceRange.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "XX"},
        {"strength": "iron"},
        {"kind": "rumour"},
        {"expires_on": date(2024, 3, 31)},
        {"title": " "},
    ],
)
def test_a_paper_with_a_word_that_is_none_is_refused(operator, wrong):
    with pytest.raises(ValidationError):
        a_paper(operator, **wrong)
    assert not OriginEvidence.objects.exists()


def test_a_paper_is_kept_under_a_random_name_with_the_digest_of_its_bytes(operator):
    paper = a_paper(operator)
    assert paper.file.name.startswith(f"evidence/{operator.pk}/") and "certificate" not in paper.file.name
    assert len(paper.sha256) == 64
    assert paper.file_name == "certificate.pdf"


def test_the_sums_by_entry_maker_and_site_are_the_total_to_the_cent(operator, tmp_path):
    rows = [disputed_row(n, site=site, customs_value="33.33") for n, site in enumerate(("A", "B", "B"))]
    held(operator, tmp_path, [*rows, disputed_row(9, entry_number="", customs_value="100.01")])
    note = noted(operator)
    for name in ("by_entry", "by_maker", "by_site"):
        cents = sum(round(float(each["high"]) * 100) for each in note[name])
        assert cents == round(float(note["total"]["high"]) * 100), name
    assert note["by_entry"][-1]["entry_number"] is None


def test_money_is_shared_out_to_the_cent():
    assert shared_out(100, [1, 1, 1]) == [34, 33, 33]
    assert shared_out(5, [0, 0]) == [3, 2]
    assert shared_out(0, [3, 4]) == [0, 0]


def test_a_lot_without_a_value_or_a_day_is_counted_as_unknown_and_not_as_nothing(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1, customs_value=""), disputed_row(2, entry_date="")])
    total = noted(operator)["total"]
    assert total["unknown_lots"] == {"low": 0, "likely": 2, "high": 2}


def test_a_note_as_a_table_runs_no_formula(operator, tmp_path):
    held(operator, tmp_path, [disputed_row(1)])
    Lot.objects.of(operator).update(entry_number="=1+1")
    rows = reserve_rows(reserve_note(operator, on=TODAY, edition=PolicyEdition.objects.current()))
    told = list(csv.reader(StringIO(table_as_csv(RESERVE_HEADINGS, rows))))
    assert told[1][1] == "'=1+1"
    book = BytesIO()
    write_table("Reserve", RESERVE_HEADINGS, rows, book)
    cell = load_workbook(book)["Reserve"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_of_an_entry_of_500000_the_struck_down_150000_come_back_and_no_line_of_section_301(
    operator, tmp_path
):
    held(operator, tmp_path, [a_row(n, customs_value="50000.00") for n in range(10)])
    asked = "--hts 8543.70.9860 --origin CN --entry-date 2025-06-10 --value 500000 --mode air"
    duty = answer_of("duty", *asked.split())
    assert (duty["total_duty"], duty["refundable_duty"]) == ("288000.00", "150000.00")
    found = answer_of("refunds", "--operator", "prairie", "--on", "2026-05-01")
    assert (found["total"], found["by_route"]["refund portal"]) == (
        "150000.00",
        {"entries": 1, "amount": "150000.00"},
    )
    assert sorted(line["amount"] for line in found["lines"]) == ["100000.00", "50000.00"]
    assert not any("301" in line["measure"] for line in found["lines"])
    assert {line["days_left"] for line in found["lines"]} == {69}


def test_only_entries_with_a_refundable_line_reach_the_portal_and_lots_without_a_number_stand_apart(
    operator, tmp_path
):
    rows = [
        a_row(1, entry_number="00012345678"),
        a_row(2, entry_number="OLD-1", entry_date="2024-05-20"),
        a_row(3, entry_number=""),
        a_row(4, entry_number="UNDATED-1", entry_date=""),
    ]
    held(operator, tmp_path, rows)
    found = coming_back(operator)
    assert found.entry_numbers() == ["00012345678"]
    answer = answer_of("refunds", "--operator", "prairie", "--output", str(tmp_path / "out"))
    assert "no entry number" in answer["without_entry_number"]["sentence"]
    assert len(answer["without_entry_number"]["lines"]) == 2
    assert len(answer["undecided"]["lots"]) == 1
    written = tmp_path / "out" / "prairie-refund-entries-1.csv"
    assert answer["files"] == [str(written)]
    assert written.read_bytes() == b'"Entry Number"\r\n"00012345678"\r\n'


def test_a_portal_file_holds_9999_entries_at_most():
    numbers = [f"{n:011d}" for n in range(20_000)]
    files = portal_files(numbers)
    assert [len(each) for each in files] == [9999, 9999, 2]
    assert [number for each in files for number in each] == numbers
    assert column_as_csv("Entry Number", files[0]).count("\r\n") == 10_000
    assert portal_files([]) == []


def test_a_refundable_entry_without_a_value_is_claimed_and_its_amount_is_unknown(operator, tmp_path):
    held(operator, tmp_path, [a_row(1, customs_value="")])
    found = answer_of("refunds", "--operator", "prairie", "--on", "2026-05-01")
    assert [line["amount"] for line in found["lines"]] == [None, None]
    assert (found["total"], found["unknown_lots"], found["portal_files"]) == ("0.00", 1, [1])


def test_a_paper_comes_and_goes_by_commands_and_one_that_covers_nothing_is_not_kept(
    operator, tmp_path, settings
):
    held(operator, tmp_path, [disputed_row(1)])
    settings.MEDIA_ROOT = tmp_path / "files"
    file = tmp_path / "order.pdf"
    file.write_bytes(b"%PDF-1.7 order")
    asked = (
        str(file),
        "--operator",
        "prairie",
        "--title",
        "Order 9",
        "--country",
        "my",
        "--strength",
        "strong",
    )
    with pytest.raises(CommandError, match="Name lots"):
        answer_of("add_evidence", *asked)
    assert not OriginEvidence.objects.exists()
    assert not [each for each in (tmp_path / "files").rglob("*") if each.is_file()]
    kept = answer_of("add_evidence", *asked, "--serials", "YNAHEAUBCJCBA0001..YNAHEAUBCJCBA0099")
    assert kept["lots"] == 1
    assert columns(noted(operator)) == ("0.00", "0.00", "1250.00")
    answer_of("withdraw_evidence", str(kept["evidence"]), "--because", "the factory denies it")
    assert columns(noted(operator)) == ("0.00", "1250.00", "1250.00")


def test_commands_refuse_an_operator_that_is_none(operator):
    for command in ("reserve", "refunds"):
        with pytest.raises(CommandError, match="There is no operator"):
            answer_of(command, "--operator", "nobody")
