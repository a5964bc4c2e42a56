"""What workers do about reports: each task takes ids, reads everything else itself, and may run twice."""

from __future__ import annotations

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from ledger.isolating import fault_on_record
from ledger.queue import nudge
from risk.models import Report, ReportState
from risk.reports import mailing, writing


@shared_task
def write_report(*, report_id: int) -> None:
    """Write a report for which a person waits; a second message changes nothing."""
    _write(report_id)


@shared_task
def tend_reports() -> None:
    """Write the reports that the queue lost."""
    waiting = Report.objects.filter(state=ReportState.WAITING).order_by("pk")
    for report_id in list(waiting.values_list("pk", flat=True)):
        _write(report_id)


@shared_task
def send_reports() -> None:
    """Mail the reports whose period has begun and that were not mailed in it yet."""
    mailing.send_reports(clock=timezone.now)


def _write(report_id: int) -> None:
    failed = partial(writing.fail_report, report_id)
    with fault_on_record(f"Report {report_id}", failed, "Ask for the workbook, or another report."):
        writing.write_report(report_id, clock=timezone.now)


def start_writing(report_id: int) -> None:
    """Ask a worker to write a report once the wish is committed."""
    transaction.on_commit(lambda: nudge(write_report, report_id=report_id))
