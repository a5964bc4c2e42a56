"""RULES: everything that is cleared by itself. What stands in no rule stays; the audit trail never goes.

How many days each is kept stands in the setting KEEP_DAYS, by the names of the rules; 0: for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from fleet.models import BulkEdit, FleetExport, LegalHold, OriginEvidence, Receipt, Upload
from fleet.models.bulk_edit import EditState
from fleet.models.receipt import ReceiptState
from fleet.models.upload import UploadState
from fleet.services import clear_file_of_upload, erase_evidence_file
from ledger.models import IdempotencyKey
from risk.flows.deliver_webhooks import old_deliveries, old_events
from risk.models import Alert, Assessment, AssessmentRun, Exposure, Report
from vendors.models import VendorDocument
from vendors.services import erase_document_file

Rows = QuerySet[Any]
WRITTEN = (UploadState.APPLIED, UploadState.UNDONE)
NOT_WRITTEN = (
    *(UploadState.CHOOSING, UploadState.CHECKED, UploadState.REFUSED),
    *(UploadState.CANCELLED, UploadState.FAILED),
)
EDITS_NOT_WRITTEN = (EditState.CHECKED, EditState.REFUSED, EditState.DISCARDED, EditState.FAILED)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Rows that go, with their `file` where they have one.

    `old` gives those whose time was over before a moment, `operator` the way to the operator whose hold keeps them
    (empty: they are nobody's). `instead` is done to a row that stays while its file goes.
    """

    name: str
    what: str
    old: Callable[[datetime], Rows]
    operator: str = "operator"
    file: str = ""
    instead: Callable[[Any, datetime, str], None] | None = None

    def due(self, before: datetime) -> Rows:
        """Those that go: old, and under no hold."""
        rows = self.old(before)
        if not self.operator:
            return rows
        held = LegalHold.objects.standing().filter(upload__isnull=True).values("operator")
        # Rows of no operator (an alert of the register) are held by none; NOT IN alone would keep them.
        return rows.filter(~Q(**{f"{self.operator}__in": held}) | Q(**{f"{self.operator}__isnull": True}))


def _uploads(*states: str) -> Rows:
    """Uploads that no hold of their own keeps, and that nobody asked to be applied."""
    held = Exists(LegalHold.objects.standing().filter(upload=OuterRef("pk")))
    return Upload.objects.filter(~held, state__in=states, is_confirmed=False)


def _runs(before: datetime) -> Rows:
    """Runs that no finding and no owed lot names; the last run of the calendar tells the day that stands."""
    calendar = AssessmentRun.objects.filter(day__isnull=False)
    named = Exists(Exposure.objects.filter(run=OuterRef("pk"))) | Exists(
        Assessment.objects.filter(run=OuterRef("pk"))
    )
    last = calendar.aggregate(last=Max("pk"))["last"]
    return AssessmentRun.objects.filter(~named, begun_at__lt=before).exclude(pk=last)


RULES: tuple[Rule, ...] = (
    Rule(
        name="upload_files",
        what="files of uploads that were applied or undone; the upload and its report stay",
        old=lambda before: _uploads(*WRITTEN).filter(uploaded_at__lt=before).exclude(file=""),
        instead=lambda upload, now, why: clear_file_of_upload(upload=upload, why=why),
    ),
    Rule(
        name="unapplied_uploads",
        what="uploads that were never applied, with their files",
        # One that was ever held stays: the hold names it.
        old=lambda before: _uploads(*NOT_WRITTEN).filter(uploaded_at__lt=before, holds__isnull=True),
        file="file",
    ),
    Rule(
        name="evidence_files",
        what="files of papers that were withdrawn; the paper, its digest and the reason stay",
        old=lambda before: OriginEvidence.objects.filter(withdrawn_at__lt=before).exclude(file=""),
        instead=lambda paper, now, why: erase_evidence_file(evidence=paper, at=now, why=why),
    ),
    Rule(
        name="vendor_files",
        what="files of vendors' documents that were withdrawn; the document, its digest and the reason stay",
        old=lambda before: VendorDocument.objects.filter(withdrawn_at__lt=before).exclude(file=""),
        instead=lambda document, now, why: erase_document_file(document=document, at=now, why=why),
    ),
    Rule(
        name="unreceived_receipts",
        what="receipts that were checked and never received, with their manifests",
        old=lambda before: Receipt.objects.filter(state=ReceiptState.CHECKED, checked_at__lt=before),
        file="file",
    ),
    Rule(
        name="unapplied_edits",
        what="edits of many rigs that were compared and never applied",
        old=lambda before: BulkEdit.objects.filter(state__in=EDITS_NOT_WRITTEN, asked_at__lt=before),
    ),
    Rule(
        name="exports",
        what="workbooks of fleets",
        old=lambda before: FleetExport.objects.filter(written_at__lt=before),
        file="file",
    ),
    Rule(
        name="reports",
        what="reports that were asked for",
        old=lambda before: Report.objects.filter(asked_at__lt=before),
        file="file",
    ),
    Rule(name="runs", what="assessment runs that no finding names, with their steps", old=_runs),
    Rule(
        name="alerts",
        what="alerts, but for those that are told once for all time",
        old=lambda before: Alert.objects.filter(made_at__lt=before, about=""),
    ),
    Rule(
        name="deliveries",
        what="deliveries of webhooks that were taken or given up, with their log",
        old=old_deliveries,
        operator="endpoint__operator",
    ),
    Rule(
        name="events",
        what="events that were handed out and that no delivery holds",
        old=old_events,
        operator="operator_id",
    ),
    Rule(
        name="answered_requests",
        what="answers to requests that had a key",
        old=lambda before: IdempotencyKey.objects.filter(created_at__lte=before),
        operator="",
    ),
    Rule(
        name="sessions",
        what="sessions that have ended",
        old=lambda before: Session.objects.filter(expire_date__lt=before),
        operator="",
    ),
)
