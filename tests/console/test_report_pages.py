"""Reports in the console: taken along at once or from a worker, and mailed by those who may say so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.pages import reports
from fleet.models.operator import OperatorRole
from keeping.housekeeping.clearing import housekeep
from risk.models import Report, ReportSchedule
from risk.reports import writing
from risk.reports.tasks import tend_reports, write_report
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.risk.reports.reading import text_of_pdf
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

BOARD = {"kind": "board", "form": "pdf", "measure": "units"}


@pytest.fixture
def operator(tmp_path):
    made = an_operator()
    a_fleet(tmp_path, made, [a_row(1), a_row(2, country_of_origin="", country_of_assembly="")])
    return made


@pytest.fixture
def manager(operator):
    person = a_member(operator)
    person.email = "ann@example.com"
    person.save()
    return person


@pytest.fixture
def client(manager):
    return signed_in(manager)


def read(answer):
    """All of an answer; a file that was read to its end is closed."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def taken(client, **said):
    """Where asking for a report leads: the answer, and all that is in it."""
    answer = client.post("/reports/new/", BOARD | said, follow=True)
    return answer, read(answer)


def test_the_report_of_a_small_fleet_is_taken_at_once(client):
    answer, content = taken(client)
    assert answer["Content-Type"] == "application/pdf"
    assert "prairie-board-units-" in answer["Content-Disposition"]
    told = text_of_pdf(content)
    assert "50 %" in told and "of 2 rigs are exposed" in told
    assert "Board report by units, PDF" in text_of(page_of(client, "/reports/"))


def test_the_report_of_a_large_fleet_is_written_by_a_worker_and_its_page_tells_when(client, monkeypatch):
    monkeypatch.setattr(reports, "WRITTEN_AT_ONCE", 0)
    page = client.post("/reports/new/", BOARD | {"form": "xlsx"})["Location"]
    assert "Being written" in page_of(client, page)
    assert client.get(f"{page}file/").status_code == 404
    write_report(report_id=Report.objects.get().pk)
    assert "Take prairie-board-units-" in page_of(client, page)
    assert read(client.get(f"{page}file/")).startswith(b"PK")


def test_the_sweep_writes_what_the_queue_lost_and_it_goes_when_it_was_kept_long_enough(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(reports, "WRITTEN_AT_ONCE", 0)
    client.post("/reports/new/", BOARD)
    tend_reports()
    kept = Report.objects.get()
    path = Path(kept.file.path)
    assert kept.state == "ready" and path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        housekeep(now=kept.asked_at + timedelta(days=91), only=["reports"])
    assert not path.exists() and not Report.objects.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "gossip"}, "not a valid choice"),
        ({"form": "exe"}, "not a valid choice"),
        ({"kind": "vendor", "vendor": "nobody"}, "Choose the maker"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(client, said, told):
    assert told in text_of(taken(client, **said)[1].decode())
    assert not Report.objects.exists()


def test_a_stranger_finds_no_report_and_no_schedule(client, manager, operator):
    taken(client)
    schedule = ReportSchedule.objects.create(
        operator=operator, kind="board", form="pdf", rhythm="weekly", since="2026-11-01", made_by=manager
    )
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    report = Report.objects.get().pk
    addresses = (f"/reports/{report}/", f"/reports/{report}/file/", f"/reports/schedules/{schedule.pk}/end/")
    assert {stranger.get(address).status_code for address in addresses} == {404}
    page = text_of(page_of(stranger, "/reports/"))
    assert "No report was made yet" in page and "Nothing is mailed" in page
    assert "No maker is in this fleet yet" in page


def test_a_manager_says_what_is_mailed_to_whom_and_ends_it_after_a_look(client, manager):
    form = page_of(client, "/reports/schedules/new/")
    assert "ann@example.com" in form
    said = BOARD | {"rhythm": "weekly", "recipients": [manager.pk]}
    page = text_of(client.post("/reports/schedules/new/", said, follow=True).content.decode())
    assert "Board report by units, PDF weekly ann@example.com not yet" in page
    end = f"/reports/schedules/{ReportSchedule.objects.get().pk}/end/"
    assert "weekly, to 1 member; sent 0 times so far" in text_of(page_of(client, end))
    assert "Nothing is mailed" in text_of(client.post(end, follow=True).content.decode())
    assert not ReportSchedule.objects.exists()


def test_a_schedule_to_nobody_says_so_beside_the_field(client):
    answer = client.post("/reports/schedules/new/", BOARD | {"rhythm": "weekly"})
    assert answer.status_code == 400
    assert "Choose at least one member" in text_of(answer.content.decode())


def test_a_person_of_another_operator_can_not_be_chosen(client):
    bea = a_member(an_operator("birch", "Birch"), username="bea")
    answer = client.post("/reports/schedules/new/", BOARD | {"rhythm": "weekly", "recipients": [bea.pk]})
    assert answer.status_code == 400
    assert not ReportSchedule.objects.exists()


def test_a_viewer_takes_reports_and_says_nothing_of_what_is_mailed(operator):
    viewer = signed_in(a_member(operator, OperatorRole.VIEWER, username="vic"))
    assert taken(viewer)[0]["Content-Type"] == "application/pdf"
    assert "Mail a report" not in page_of(viewer, "/reports/")
    assert viewer.get("/reports/schedules/new/").status_code == 403
    assert viewer.post("/reports/schedules/new/", BOARD).status_code == 403


def test_looking_at_the_address_of_a_new_report_makes_none(client):
    assert client.get("/reports/new/").status_code == 405
    assert not Report.objects.exists()


def test_a_report_that_a_fault_of_ours_stops_says_so_and_nobody_waits_for_ever(client, monkeypatch):
    monkeypatch.setattr(reports, "WRITTEN_AT_ONCE", 0)
    client.post("/reports/new/", BOARD)
    monkeypatch.setitem(writing.WRITTEN_AS, "pdf", lambda document: 1 // 0)
    tend_reports()
    report = Report.objects.get()
    assert (report.state, report.claimed_until) == ("failed", None)
    assert "A fault of the product stopped it" in read(client.get(f"/reports/{report.pk}/")).decode()
