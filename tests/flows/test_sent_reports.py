"""Reports on a schedule are mailed to members once a period, by whatever worker, and it stands on the audit."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from fleet.models import Membership
from fleet.models.operator import OperatorRole
from ledger.models import AuditEntry
from risk.engine.terms.rhythm import Rhythm
from risk.models import ReportSending
from risk.reports.mailing import LEASE, send_reports
from risk.services import end_schedule, schedule_report
from tests.console.visitors import a_fleet, a_member, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

WEEK = timedelta(days=7)
MONDAY = NOW + timedelta(days=1)  # 23 November 2026


def member(operator, name, role=OperatorRole.MANAGER):
    person = a_member(operator, role=role, username=name)
    person.email = f"{name}@example.com"
    person.save()
    return person


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def mia(operator):
    return member(operator, "mia")


def a_schedule(operator, *people, **said):
    asked = {
        "kind": "refunds",
        "form": "xlsx",
        "measure": "hashrate",
        "rhythm": "weekly",
        "on": NOW.date(),
    } | said
    return schedule_report(operator=operator, by=people[0], recipients=people, **asked)


def send(at=MONDAY):
    return send_reports(clock=lambda: at)


def test_a_report_is_mailed_with_its_file_and_stands_on_the_audit(operator, mia, mailbox):
    vic = member(operator, "vic", OperatorRole.VIEWER)
    schedule = a_schedule(operator, mia, vic)
    assert send() == 1
    ((addresses, letter),) = mailbox.letters
    assert addresses == ["mia@example.com", "vic@example.com"]
    assert letter["Subject"] == "Prairie Hash: Refund list, week of 23 Nov 2026"
    assert "mia@example.com" not in str(letter)
    _, attached = letter.get_payload()
    assert attached.get_filename() == "prairie-refunds-2026-11-23.xlsx"
    assert "Summary" in load_workbook(BytesIO(attached.get_payload(decode=True))).sheetnames
    entry = AuditEntry.objects.get(deed="report sent")
    assert (entry.operator_id, entry.subject) == (operator.pk, f"report schedule {schedule.pk}")
    assert entry.detail["to"] == [mia.pk, vic.pk]
    assert entry.detail["period"] == "2026-11-23"


def test_it_is_mailed_once_a_period_however_often_the_scheduler_asks(operator, mia, mailbox):
    a_schedule(operator, mia)
    told = [send(MONDAY + timedelta(hours=hours)) for hours in (0, 0, 1, 100)]
    assert told == [1, 0, 0, 0]
    assert send(MONDAY + WEEK) == 1
    assert AuditEntry.objects.filter(deed="report sent").count() == 2


def test_of_two_workers_at_once_one_sends(operator, mia, mailbox, monkeypatch):
    from risk.reports import mailing

    a_schedule(operator, mia)
    others = []
    written = mailing.written_report

    def while_another_worker_comes(wish, *, at):
        others.append(send(at))
        return written(wish, at=at)

    monkeypatch.setattr(mailing, "written_report", while_another_worker_comes)
    assert send() == 1
    assert others == [0]
    assert len(mailbox.letters) == 1


def test_a_machine_that_was_off_sends_the_present_period_and_makes_up_for_none(operator, mia, mailbox):
    a_schedule(operator, mia)
    assert send(MONDAY + 3 * WEEK + timedelta(days=4)) == 1
    ((_, letter),) = mailbox.letters
    assert letter["Subject"].endswith("week of 14 Dec 2026")
    assert send(MONDAY + 3 * WEEK + timedelta(days=5)) == 0


def test_the_period_in_which_it_was_set_is_not_mailed(operator, mia, mailbox):
    a_schedule(operator, mia, rhythm="monthly")
    assert send(NOW + timedelta(days=2)) == 0
    assert send(NOW + timedelta(days=9)) == 1
    assert mailbox.letters[0][1]["Subject"].endswith("month of 1 Dec 2026")


def test_who_left_the_operator_gets_nothing_and_nobody_left_means_no_letter(operator, mia, mailbox):
    vic = member(operator, "vic", OperatorRole.VIEWER)
    a_schedule(operator, mia, vic)
    Membership.objects.filter(user=mia).delete()
    assert send() == 1
    assert mailbox.letters[0][0] == ["vic@example.com"]
    Membership.objects.filter(user=vic).delete()
    assert send(MONDAY + WEEK) == 0


def test_what_the_server_refuses_is_sent_when_it_takes_it_again(operator, mia, mailbox):
    a_schedule(operator, mia)
    mailbox.refuses = True
    assert send() == 0
    mailbox.refuses = False
    assert (send(), send(MONDAY + LEASE)) == (0, 1)
    assert not AuditEntry.objects.filter(deed="report sent").count() > 1


def test_without_a_mail_server_nothing_is_mailed_and_nothing_is_lost(operator, mia, mailbox, settings):
    a_schedule(operator, mia)
    settings.EMAIL = None
    assert send() == 0
    assert not ReportSending.objects.exists()
    settings.EMAIL = mailbox
    assert send() == 1


def test_one_report_that_cannot_be_written_holds_up_no_other(operator, mia, mailbox, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1)])
    broken = a_schedule(operator, mia, kind="vendor", vendor="bitmain")
    type(broken).objects.filter(pk=broken.pk).update(vendor="gone")
    a_schedule(operator, mia)
    assert send() == 1


def test_only_members_with_an_address_can_be_chosen(operator, mia):
    stranger = member(an_operator("birch", "Birch"), "bea")
    for people in ((mia, stranger), (mia, a_member(operator, username="mute"))):
        with pytest.raises(ValidationError, match="is no member with an address"):
            a_schedule(operator, *people)


def test_an_ended_schedule_is_mailed_no_more(operator, mia, mailbox):
    end_schedule(a_schedule(operator, mia), by=mia)
    assert send() == 0
    assert AuditEntry.objects.filter(deed="report schedule ended", by=mia).exists()


@pytest.mark.parametrize(
    ("rhythm", "day", "first"),
    [
        (Rhythm.WEEKLY, date(2026, 11, 22), date(2026, 11, 16)),
        (Rhythm.WEEKLY, date(2026, 11, 23), date(2026, 11, 23)),
        (Rhythm.WEEKLY, date(2027, 1, 1), date(2026, 12, 28)),
        (Rhythm.MONTHLY, date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_a_day_lies_in_the_period_that_began_last(rhythm, day, first):
    assert rhythm.period_of(day) == first
