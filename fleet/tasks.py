"""What the fleet's workers do: each task takes ids, reads everything else itself, and may run twice."""

from __future__ import annotations

from functools import partial

from celery import Task, shared_task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from fleet.flows import read_upload as flow
from fleet.flows.progress import watched_by
from fleet.models import Upload
from fleet.models.upload import UploadState
from ledger.queue import nudge


@shared_task(bind=True)
def read_upload(self: Task, *, upload_id: int) -> None:
    """Read and apply an upload; the flow claims it, so a second message changes nothing."""
    with watched_by(partial(_tell_celery, self)):
        flow.read_upload(upload_id, clock=timezone.now)


@shared_task(bind=True)
def apply_upload(self: Task, *, upload_id: int) -> None:
    """Apply a checked upload; one whose fleet moved meanwhile stays checked and says so."""
    try:
        with watched_by(partial(_tell_celery, self)):
            flow.apply_upload(upload_id, clock=timezone.now)
    except ValidationError as drift:
        Upload.objects.filter(pk=upload_id).update(refusal=" ".join(drift.messages)[:500])


@shared_task
def read_waiting_uploads() -> None:
    """Read what the queue lost: the uploads that wait and that no worker holds."""
    waiting = Upload.objects.filter(state=UploadState.WAITING).order_by("pk")
    for upload_id in list(waiting.values_list("pk", flat=True)):
        flow.read_upload(upload_id, clock=timezone.now)


def _tell_celery(task: Task, told: dict[str, object]) -> None:
    """Progress as the task's own state, for those who watch Celery; the upload's row holds it for all others."""
    if task.request.id:
        task.update_state(state="PROGRESS", meta=told)


def start_reading(upload_id: int) -> None:
    """Ask a worker to read an upload once it is committed."""
    transaction.on_commit(lambda: nudge(read_upload, upload_id=upload_id))


def start_applying(upload_id: int) -> None:
    """Ask a worker to apply a checked upload once the wish is committed."""
    transaction.on_commit(lambda: nudge(apply_upload, upload_id=upload_id))
