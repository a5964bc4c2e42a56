"""Reports that were asked for -> files: worked out, written, kept under a random name for some time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import localtime

from fleet.models import Operator
from ledger.holds import free_at
from risk.models import PolicyEdition, Report, ReportForm, ReportKind, ReportState
from risk.models.reports import ReportWish
from risk.reports.board import board_report
from risk.reports.document import Document
from risk.reports.liability import liability_note
from risk.reports.pdf import as_pdf
from risk.reports.refund_list import refund_list
from risk.reports.vendor_card import vendor_card
from risk.reports.workbook import as_workbook
from vendors.models import Vendor

LEASE = timedelta(minutes=15)
WRITTEN_AS: dict[str, Callable[[Document], bytes]] = {
    ReportForm.PDF: as_pdf,
    ReportForm.WORKBOOK: as_workbook,
}
CONTENT_TYPES = {
    ReportForm.PDF: "application/pdf",
    ReportForm.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReport:
    """A report as a file, and the digest of what it says."""

    title: str
    name: str
    content_type: str
    content: bytes
    digest: str


def written_report(wish: ReportWish, *, at: datetime) -> WrittenReport:
    """The report of the moment. Raises ValidationError with a sentence where it cannot be written."""
    document = document_of(wish, at=at)
    return WrittenReport(
        title=document.title,
        name=f"{document.file_name}.{wish.form}",
        content_type=CONTENT_TYPES[ReportForm(wish.form)],
        content=WRITTEN_AS[wish.form](document),
        digest=document.digest,
    )


def document_of(wish: ReportWish, *, at: datetime) -> Document:
    """What the report says. Raises ValidationError for a vendor that is gone, and where law is needed and none is
    published."""
    operator, made_at = wish.operator, localtime(at)
    today, edition = made_at.date(), PolicyEdition.objects.current()
    if wish.kind == ReportKind.BOARD:
        return board_report(operator, today=today, made_at=made_at, measure=wish.measure)
    if wish.kind == ReportKind.VENDOR:
        vendor = _vendor(operator, wish.vendor)
        return vendor_card(operator, vendor=vendor, today=today, made_at=made_at, edition=edition)
    if edition is None:
        raise ValidationError("No policy edition is published, so nothing can be said.", code="no_edition")
    gathered = liability_note if wish.kind == ReportKind.LIABILITY else refund_list
    return gathered(operator, today=today, made_at=made_at, edition=edition)


def _vendor(operator: Operator, slug: str) -> Vendor:
    """An operator's own record goes before the register's of the same name."""
    found = Vendor.objects.visible_to(operator).filter(slug=slug).order_by("operator_id")
    vendor = next((each for each in found if each.operator_id), None) or found.first()
    if vendor is None:
        raise ValidationError(f"There is no vendor '{slug}'.", code="vendor_unknown")
    return vendor.survivor


def write_report(report_id: int, *, clock: Callable[[], datetime]) -> None:
    """Write a report that was asked for and keep it.

    Safe to run twice: the second run finds it claimed or written. One that a dead worker left is written anew.
    """
    mine = Report.objects.filter(pk=report_id)
    if not mine.filter(free_at(clock()), state=ReportState.WAITING).update(claimed_until=clock() + LEASE):
        return
    try:
        written = written_report(mine.select_related("operator").get(), at=clock())
    except ValidationError as refusal:
        fail_report(report_id, " ".join(refusal.messages))
        return
    operator_id = mine.values_list("operator_id", flat=True).get()
    kept = default_storage.save(f"reports/{operator_id}/{token_hex(16)}", ContentFile(written.content))
    mine.update(
        state=ReportState.READY, file=kept, file_name=written.name, digest=written.digest, written_at=clock()
    )


def fail_report(report_id: int, sentence: str) -> None:
    """One that cannot be written says so, and nobody waits for it for ever."""
    mine = Report.objects.filter(pk=report_id, state=ReportState.WAITING)
    mine.update(state=ReportState.FAILED, refusal=sentence[:300], claimed_until=None)
