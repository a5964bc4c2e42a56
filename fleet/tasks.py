"""What the fleet's workers do: each task takes ids, reads everything else itself, and may run twice."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from celery import Task, shared_task
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from fleet.flows import edit_rigs as edits
from fleet.flows import export_fleet as exports
from fleet.flows import read_upload as flow
from fleet.flows.progress import watched_by
from fleet.flows.undo_edit import undo_asked_edit
from fleet.flows.upload_writing import FleetMoved
from fleet.models import BulkEdit, FleetExport, Upload
from fleet.models.bulk_edit import UNDER_WAY, EditState
from fleet.models.export import ExportState
from fleet.models.upload import UploadState
from fleet.sheets.wrecks import UnreadableSheet
from fleet.sign_in import letters
from fleet.sign_in.sessions import SessionStore
from fleet.sign_in.throttle import forget_tries
from ledger.isolating import fault_on_record
from ledger.queue import nudge

log = logging.getLogger(__name__)


@shared_task(bind=True)
def read_upload(self: Task, *, upload_id: int) -> None:
    """Read and apply an upload; the flow claims it, so a second message changes nothing."""
    with watched_by(partial(_tell_celery, self)):
        _read(upload_id)


@shared_task(bind=True)
def apply_upload(self: Task, *, upload_id: int) -> None:
    """Apply a checked upload; one whose fleet moved meanwhile stays checked and says so."""
    with watched_by(partial(_tell_celery, self)):
        _apply(upload_id)


@shared_task
def read_waiting_uploads() -> None:
    """Do what the queue lost, or a worker that died left: uploads that wait to be read or to be applied."""
    for upload_id in _ids(Upload.objects.filter(state=UploadState.WAITING)):
        _read(upload_id)
    for upload_id in _ids(Upload.objects.filter(state=UploadState.CHECKED, is_confirmed=True)):
        _apply(upload_id)


@shared_task
def write_export(*, export_id: int) -> None:
    """Write the workbook of a fleet; a second message changes nothing."""
    exports.write_export(export_id, clock=timezone.now)


@shared_task
def tend_exports() -> None:
    """Write the workbooks that the queue lost."""
    for export_id in _ids(FleetExport.objects.filter(state=ExportState.WAITING)):
        exports.write_export(export_id, clock=timezone.now)


@shared_task
def work_on_edit(*, edit_id: int) -> None:
    """Compare an edit that waits, write one that was confirmed, or take one back; a second message does nothing."""
    with fault_on_record(f"Edit {edit_id}", partial(_fail_edit, edit_id), "Choose fewer rigs."):
        try:
            edits.check_edit(edit_id, clock=timezone.now)
            edits.apply_edit(edit_id, clock=timezone.now)
            undo_asked_edit(edit_id, clock=timezone.now)
        except (
            OperationalError,
            FleetMoved,
        ):  # others are at it; the next sweep tries again, and finds it free
            log.warning("Edit %s waits for the database.", edit_id, exc_info=True)
            BulkEdit.objects.filter(pk=edit_id).update(claimed_until=None)
        except ValidationError as refusal:
            _fail_edit(edit_id, " ".join(refusal.messages))


@shared_task
def tend_edits() -> None:
    """Do what the queue lost: edits that wait to be compared, written or taken back."""
    for edit_id in _ids(BulkEdit.objects.filter(state__in=UNDER_WAY)):
        work_on_edit(edit_id=edit_id)


@shared_task
def send_password_letter(*, person_id: int, page: str) -> None:
    """Mail the link to a new password; to nobody for the number 0, which stands for a name that nobody has."""
    letters.send_password_letter(person_id, page=page)


@shared_task
def tend_sign_in() -> None:
    """Forget tries that count no longer, and sessions that have run out."""
    forget_tries(now=timezone.now())
    SessionStore.clear_expired()


def _fail_edit(edit_id: int, sentence: str) -> None:
    """One that was to be taken back stays applied: nothing of the undo was written."""
    told: dict[str, Any] = {"refusal": sentence[:500], "claimed_until": None, "progress": {}}
    mine = BulkEdit.objects.filter(pk=edit_id)
    mine.filter(state=EditState.UNDOING).update(state=EditState.APPLIED, **told)
    mine.filter(state__in=(EditState.WAITING, EditState.CONFIRMED)).update(state=EditState.FAILED, **told)


def _read(upload_id: int) -> None:
    with _fault_of_upload_on_record(upload_id):
        flow.read_upload(upload_id, clock=timezone.now)


def _apply(upload_id: int) -> None:
    with _fault_of_upload_on_record(upload_id):
        try:
            flow.apply_upload(upload_id, clock=timezone.now)
        except (ValidationError, UnreadableSheet) as refusal:
            told = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            mine = Upload.objects.filter(pk=upload_id, state=UploadState.CHECKED)
            mine.update(refusal=told[:500], is_confirmed=False, claimed_until=None)


def _fault_of_upload_on_record(upload_id: int) -> AbstractContextManager[None]:
    return fault_on_record(f"Upload {upload_id}", partial(_fail, upload_id), "Send it in parts.")


def _fail(upload_id: int, sentence: str) -> None:
    mine = Upload.objects.filter(pk=upload_id, state__in=(UploadState.WAITING, UploadState.CHECKED))
    mine.update(state=UploadState.FAILED, refusal=sentence, claimed_until=None, is_confirmed=False)


def _ids(owed: QuerySet[Any]) -> list[int]:
    return list(owed.order_by("pk").values_list("pk", flat=True))


def _tell_celery(task: Task, told: dict[str, object]) -> None:
    """Progress as the task's own state, for those who watch Celery; the upload's row holds it for all others.

    A Redis that is down stops no upload.
    """
    if task.request.id:
        try:
            task.update_state(state="PROGRESS", meta=told)
        except (RedisError, OSError) as fault:
            log.info("Redis took no progress (%s).", type(fault).__name__)


def start_exporting(export_id: int) -> None:
    """Ask a worker to write a workbook once the wish is committed."""
    transaction.on_commit(lambda: nudge(write_export, export_id=export_id))


def start_reading(upload_id: int) -> None:
    """Ask a worker to read an upload once it is committed."""
    transaction.on_commit(lambda: nudge(read_upload, upload_id=upload_id))


def start_applying(upload_id: int) -> None:
    """Ask a worker to apply a checked upload once the wish is committed."""
    transaction.on_commit(lambda: nudge(apply_upload, upload_id=upload_id))


def start_editing(edit_id: int) -> None:
    """Ask a worker for an edit once it is committed."""
    transaction.on_commit(lambda: nudge(work_on_edit, edit_id=edit_id))


def start_password_letter(person_id: int, page: str) -> None:
    """Ask a worker for the letter; asked for a name that nobody has just so, so that it takes the same time."""
    nudge(send_password_letter, expires=3600, person_id=person_id, page=page)
