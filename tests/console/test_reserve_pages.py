"""Reserve, refunds and evidence in the console: what is shown, taken along, added and withdrawn, and by whom."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from fleet.models import Lot, OriginEvidence
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

DAY = "?on=2026-11-28"
SHEET = [
    a_row(
        1,
        country_of_origin="MY",
        country_of_assembly="MY",
        entry_date="2024-05-15",
        entry_number="MYS-0000001-1",
        customs_value="1000000.00",
    ),
    a_row(2, entry_number="000123", customs_value="500000.00"),
    a_row(3, entry_number=""),
    a_row(4, entry_date="", entry_number="UNDATED"),
]
PAPER = {
    "title": "Certificate 7",
    "kind": "certificate",
    "country": "my",
    "strength": "strong",
    "issued_on": "2024-04-01",
    "expires_on": "2026-11-29",
    "entry_number": "MYS-0000001-1",
}


@pytest.fixture
def operator(tmp_path):
    """An operator with one entry in dispute and one with something to come back."""
    made = an_operator()
    a_fleet(tmp_path, made, SHEET)
    return made


@pytest.fixture
def client(operator):
    """A manager's browser."""
    return signed_in(a_member(operator))


def send(client, **said):
    file = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 paper")
    return client.post("/evidence/new/", {**PAPER, "file": file, **said})


def test_the_reserve_page_shows_three_columns_with_their_assumptions_and_what_is_unknown(client):
    told = text_of(page_of(client, f"/reserve/{DAY}"))
    assert "$250,000" in told
    assert "No dispute: customs accepts every declared origin." in told
    assert "1 lot unknown, in no sum" in told
    assert "until 15 May 2029" in told
    assert "For 2 lots nothing more could be asked." in told


def test_a_paper_sent_in_the_console_empties_the_likely_column_until_it_expires(client):
    assert send(client).status_code == 302
    assert "Certificate 7 is on record" in text_of(page_of(client, "/evidence/"))
    assert "Evidence in force covers every rig" in text_of(page_of(client, f"/reserve/{DAY}"))
    assert "The evidence has expired: Certificate 7" in text_of(page_of(client, "/reserve/?on=2026-11-29"))


def test_a_paper_that_covers_nothing_is_not_kept(client):
    answer = send(client, entry_number="NO-SUCH-ENTRY")
    assert (answer.status_code, OriginEvidence.objects.count()) == (400, 0)
    assert "No lot fits the filter" in answer.content.decode()
    assert "Name lots, serial numbers or a filter." in send(client, entry_number="").content.decode()


def test_ranges_and_lots_that_are_none_are_refused_beside_their_field(client):
    assert "is no range" in send(client, serials="A1 A2 A3").content.decode()
    assert "is no number of a lot" in send(client, lots="seven").content.decode()
    assert not OriginEvidence.objects.exists()


def test_a_paper_is_withdrawn_with_a_reason_and_stays_in_the_list(client):
    send(client)
    paper = OriginEvidence.objects.get()
    client.post(f"/evidence/{paper.pk}/withdraw/", {"because": ""})
    assert OriginEvidence.objects.get().withdrawn_at is None
    client.post(f"/evidence/{paper.pk}/withdraw/", {"because": "the factory denies it"})
    assert "the factory denies it" in text_of(page_of(client, "/evidence/"))
    assert "No evidence for the declared origin" in text_of(page_of(client, f"/reserve/{DAY}"))


def test_the_file_comes_back_as_it_was_sent_and_opens_nowhere(client):
    send(client)
    answer = client.get(f"/evidence/{OriginEvidence.objects.get().pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 paper"
    assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_viewer_reads_evidence_and_changes_none(operator, client):
    send(client)
    viewer = signed_in(a_member(operator, role="viewer", username="vic"))
    paper = OriginEvidence.objects.get()
    assert "Add evidence" not in page_of(viewer, "/evidence/")
    assert send(viewer).status_code == 403
    assert viewer.post(f"/evidence/{paper.pk}/withdraw/", {"because": "x"}).status_code == 403
    assert OriginEvidence.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_another_operators_papers_and_entries_do_not_exist(client):
    send(client)
    stranger = signed_in(a_member(an_operator("other", "Other"), username="otto"))
    paper = OriginEvidence.objects.get()
    assert stranger.get(f"/evidence/{paper.pk}/file/").status_code == 404
    assert stranger.post(f"/evidence/{paper.pk}/withdraw/", {"because": "x"}).status_code == 404
    for address in ("/evidence/", "/reserve/", "/refunds/"):
        assert "Certificate 7" not in page_of(stranger, address)
        assert "000123" not in page_of(stranger, address)
    assert stranger.get("/refunds/1.csv").status_code == 404


def test_the_note_is_taken_along_as_sheet_and_as_workbook(client):
    sheet = client.get(f"/reserve/reserve.csv{DAY}")
    assert "250000.00" in sheet.content.decode()
    assert sheet["Content-Disposition"] == 'attachment; filename="prairie-reserve-2026-11-28.csv"'
    book = load_workbook(BytesIO(client.get(f"/reserve/reserve.xlsx{DAY}").content))
    assert book["Reserve"].max_row == 5


def test_refunds_show_route_and_days_and_their_file_has_entry_numbers_as_text(client):
    told = text_of(page_of(client, "/refunds/?on=2026-05-01"))
    assert "$151,500" in told
    assert "69 days left" in told
    assert "no entry number" in told
    assert "unknown whether anything can come back" in told
    file = client.get("/refunds/1.csv?on=2026-05-01")
    assert file.content == b'"Entry Number"\r\n"000123"\r\n'
    assert client.get("/refunds/2.csv?on=2026-05-01").status_code == 404


@pytest.mark.parametrize("day", ["someday", "", "0001-01-01", "9999-12-31", "2017-01-01"])
@pytest.mark.parametrize("room", ["reserve", "refunds"])
def test_any_day_can_be_asked_about_and_one_that_is_none_is_today(client, room, day):
    assert client.get(f"/{room}/?on={day}").status_code == 200


def test_entries_stand_with_duty_fees_and_what_was_paid(client):
    told = text_of(page_of(client, "/entries/"))
    assert "000123" in told
    assert "For 1 of 1 rigs no duty paid is on record." in told
    one = text_of(page_of(client, "/entries/000123/"))
    assert "US-301-CN-L2 25 %: 125000.00" in one
    assert "634.62" in one


def test_an_entry_number_may_hold_a_slash(client, operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(9, entry_number="A/7 #2")])
    assert "/entries/A/7%20%232/" in page_of(client, "/entries/")
    assert "Entry A/7 #2" in text_of(page_of(client, "/entries/A/7%20%232/"))


def test_an_entry_of_another_operator_does_not_exist(client):
    stranger = signed_in(a_member(an_operator("other", "Other"), username="bob"))
    assert client.get("/entries/000123/").status_code == 200
    assert stranger.get("/entries/000123/").status_code == 404
    assert "No lot has an entry date yet" in text_of(page_of(stranger, "/entries/"))


def lot_of(operator, entry_number):
    return Lot.objects.of(operator).get(entry_number=entry_number).pk


def test_the_page_of_a_lot_shows_its_papers_and_how_they_stand(client, operator, time_machine):
    time_machine.move_to("2026-11-28T12:00:00+00:00", tick=False)
    lot = lot_of(operator, "MYS-0000001-1")
    assert "No paper on record covers this lot." in text_of(page_of(client, f"/lots/{lot}/"))
    send(client)
    send(client, title="Affidavit", entry_number="", expires_on="", serials="YNAHEAUBCJCBA0001")
    send(client, title="Old", expires_on="2025-01-01")
    told = text_of(page_of(client, f"/lots/{lot}/"))
    assert "Certificate 7 : Malaysia, strong; covers the whole lot; in force through 28 Nov 2026" in told
    assert "Affidavit : Malaysia, strong; covers 1 rig; in force, without end" in told
    assert "Old : Malaysia, strong; covers the whole lot; expired 1 Jan 2025" in told
    other = lot_of(operator, "000123")
    assert "No paper on record covers this lot." in text_of(page_of(client, f"/lots/{other}/"))


def test_the_page_of_a_lot_leads_to_its_entry_and_to_the_form_with_its_number(client, operator):
    lot = lot_of(operator, "000123")
    page = page_of(client, f"/lots/{lot}/")
    assert 'href="/entries/000123/"' in page
    assert f'href="/evidence/new/?lots={lot}"' in page
    assert f'value="{lot}"' in page_of(client, f"/evidence/new/?lots={lot}")


def test_what_each_rig_cost_to_land_can_be_taken_along(client, operator):
    answer = client.get("/entries/000123/rigs.csv")
    headings, row = answer.content.decode("utf-8-sig").splitlines()
    told = dict(zip(headings.split(","), row.split(","), strict=True))
    assert (told["Serial Number"], told["Customs Value"]) == ("YNAHEAUBCJCBA0002", "500000.00")
    assert (told["Duty"], told["US-301-CN-L2"]) == ("288000.00", "125000.00")
    assert told["Landed Cost"] == "788634.62"
    assert client.get("/entries/nobody's/rigs.csv").status_code == 404
