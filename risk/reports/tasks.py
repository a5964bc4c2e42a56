"""What workers do about reports: each task takes ids, reads everything else itself, and may run twice."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from ledger.isolating import by_itself
from ledger.queue import nudge
from risk.models import Report, ReportState
from risk.reports import mailing, writing


@shared_task
def write_report(*, report_id: int) -> None:
    """Write a report for which a person waits; a second message changes nothing."""
    writing.write_report(report_id, clock=timezone.now)


@shared_task
def tend_reports() -> None:
    """Write the reports that the queue lost."""
    waiting = Report.objects.filter(state=ReportState.WAITING).order_by("pk")
    for report_id in list(waiting.values_list("pk", flat=True)):
        with by_itself(f"Report {report_id}"):
            writing.write_report(report_id, clock=timezone.now)


@shared_task
def send_reports() -> None:
    """Mail the reports whose period has begun and that were not mailed in it yet."""
    mailing.send_reports(clock=timezone.now)


def start_writing(report_id: int) -> None:
    """Ask a worker to write a report once the wish is committed."""
    transaction.on_commit(lambda: nudge(write_report, report_id=report_id))
