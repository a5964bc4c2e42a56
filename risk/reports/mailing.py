"""Schedules -> letters with a report: once a period, however many workers try, and late where the machine was off.

A period that passed while nothing ran is not made up for: the letter of the present one says more. Each is claimed
by a conditional update with a lease, so two workers do not both send it. A worker that is killed between the server's
answer and its own record sends it again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils.timezone import localtime

from fleet.models import User
from ledger.isolating import by_itself
from ledger.models import record
from risk.dashboard.words import day
from risk.engine.terms.rhythm import Rhythm
from risk.flows.mail_line import is_taken
from risk.models import ReportSchedule, ReportSending
from risk.reports.writing import WrittenReport, written_report
from risk.services.reports import members_with_address

LEASE = timedelta(minutes=20)
"""Longer than a task may run, so that no other sends what one is still writing."""

log = logging.getLogger(__name__)


def send_reports(*, clock: Callable[[], datetime]) -> int:
    """Mail what is due in the present period and was not mailed yet; returns how many letters. Without a mail server,
    none. A schedule whose recipients have left, or have no address, waits until somebody has one."""
    if settings.EMAIL is None:
        return 0
    sent = 0
    try:
        with closing(get_connection()) as line:
            for sending in _due(clock()):
                with by_itself(f"Report schedule {sending.schedule_id}", through=(OSError,)):
                    sent += _sent(sending, line, clock)
    except OSError as fault:  # of the connection
        log.warning(
            "The mail server failed (%s); reports that are due are tried again.", type(fault).__name__
        )
    return sent


def _due(now: datetime) -> Iterator[ReportSending]:
    """The sendings of the present periods that nobody has made or is making."""
    today = localtime(now).date()
    for schedule in ReportSchedule.objects.select_related("operator").order_by("pk"):
        period = Rhythm(schedule.rhythm).period_of(today)
        if period > schedule.since:
            sending, _ = ReportSending.objects.get_or_create(schedule=schedule, period=period)
            if ReportSending.objects.to_be_sent(now).filter(pk=sending.pk).exists():
                yield sending


def _sent(sending: ReportSending, line: Any, clock: Callable[[], datetime]) -> bool:
    """Whether the letter went out. The connection is opened for the first that goes."""
    people = _recipients(sending.schedule)
    if not people or not _is_mine(sending, clock()):
        return False
    written = written_report(sending.schedule, at=clock())
    line.open()
    what = f"report schedule {sending.schedule_id}"
    if not is_taken(line, lambda: _mail(sending, written, people), what=what):
        return False
    _settle(sending, written, people, clock())
    return True


def _is_mine(sending: ReportSending, now: datetime) -> bool:
    """Whether no other worker took it first."""
    free = ReportSending.objects.to_be_sent(now).filter(pk=sending.pk)
    return bool(free.update(claim=secrets.token_hex(16), claimed_until=now + LEASE))


def _recipients(schedule: ReportSchedule) -> list[User]:
    """Those of the chosen members who still are."""
    chosen = set(schedule.recipients.values_list("pk", flat=True))
    return [each for each in members_with_address(schedule.operator) if each.pk in chosen]


def _settle(sending: ReportSending, written: WrittenReport, people: list[User], now: datetime) -> None:
    schedule = sending.schedule
    with transaction.atomic():
        mine = ReportSending.objects.filter(pk=sending.pk)
        mine.update(sent_at=now, sent_to=len(people), digest=written.digest, claim="", claimed_until=None)
        record(
            deed="report sent",
            subject=f"report schedule {schedule.pk}",
            operator_id=schedule.operator_id,
            report=schedule.told,
            period=sending.period.isoformat(),
            to=[each.pk for each in people],
            digest=written.digest,
        )


def _mail(sending: ReportSending, written: WrittenReport, people: list[User]) -> EmailMessage:
    """To all of them, none of whom learns of the others."""
    schedule, of = sending.schedule, "week" if sending.schedule.rhythm == Rhythm.WEEKLY else "month"
    letter = EmailMessage(
        subject=" ".join(f"{schedule.operator}: {written.title}, {of} of {day(sending.period)}".split()),
        body=f"The {schedule.told} of {schedule.operator} is attached.\n\n"
        f"It is mailed {schedule.rhythm}. The console shows under Reports who set this, and ends it there.\n"
        f"Digest of what it says (SHA-256): {written.digest}\n",
        bcc=[each.email for each in people],
        headers={"Message-ID": f"<report-{schedule.pk}-{sending.period:%Y%m%d}-{sending.pk}@rig-ledger>"},
    )
    letter.attach(written.name, written.content, written.content_type)
    return letter
