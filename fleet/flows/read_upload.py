"""File -> rows -> difference against the fleet -> one short transaction.

The same path for console, API and command. Every row is checked before anything is written; with a wrong
row the whole file is refused, unless the person chose to take the right rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

from django.db import transaction
from django.db.models import Q

from fleet.flows.upload_plan import UploadPlan, plan
from fleet.flows.upload_writing import write
from fleet.models import Upload, UploadProblem
from fleet.models.upload import UploadState
from fleet.sheets import rows
from fleet.sheets.wrecks import UnreadableSheet
from fleet.signals import lots_changed
from ledger.models import record

LEASE = timedelta(minutes=15)
KEPT_OF_A_KIND = 1000


@dataclass
class Stopwatch:
    """Seconds by step, for the report of the upload."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=perf_counter)

    def lap(self, step: str) -> None:
        """Book the time since the last lap under a step."""
        now = perf_counter()
        self.seconds[step] = round(now - self._since, 3)
        self._since = now


def read_upload(upload_id: int, *, now: datetime) -> Upload:
    """Read, check and (unless refused or only checked) apply an upload. Safe to run twice: the second run
    finds it claimed or settled and changes nothing."""
    if not _claimed(upload_id, now):
        return Upload.objects.get(pk=upload_id)
    upload = Upload.objects.select_related("operator").get(pk=upload_id)
    watch = Stopwatch()
    try:
        reading = _gathered(upload)
    except (UnreadableSheet, ValueError) as wreck:
        return _refused_whole(upload, wreck)
    watch.lap("read")
    decided = plan(upload.operator, reading)
    watch.lap("check")
    return _recorded(upload, decided, watch)


def _claimed(upload_id: int, now: datetime) -> bool:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    waiting = Upload.objects.filter(free, pk=upload_id, state=UploadState.WAITING)
    return bool(waiting.update(claimed_until=now + LEASE))


def _gathered(upload: Upload) -> rows.SheetReading:
    choices = upload.choices
    return rows.read(
        upload.file.path,
        sheet=choices.get("sheet"),
        mapping=choices.get("mapping"),
        constants=choices.get("constants"),
    )


def _refused_whole(upload: Upload, wreck: Exception) -> Upload:
    upload.state, upload.refusal = UploadState.REFUSED, str(wreck)
    with transaction.atomic():
        upload.save()
        _put_on_record(upload)
    return upload


def _recorded(upload: Upload, decided: UploadPlan, watch: Stopwatch) -> Upload:
    upload.state = _verdict(upload, decided)
    _describe(upload, decided)
    with transaction.atomic():
        _keep_problems(upload, decided)
        if upload.state == UploadState.APPLIED:
            lot_ids = write(upload.operator, decided)
            upload.lots = len(decided.lots_in_file)
            if lot_ids:
                lots_changed.send(sender=Upload, lot_ids=lot_ids, cause=f"upload {upload.pk}")
        watch.lap("write")
        upload.seconds = watch.seconds
        upload.save()
        _put_on_record(upload)
    return upload


def _verdict(upload: Upload, decided: UploadPlan) -> UploadState:
    if decided.problems and not upload.choices.get("accept_partial"):
        return UploadState.CHECKED if upload.choices.get("dry_run") else UploadState.REFUSED
    return UploadState.CHECKED if upload.choices.get("dry_run") else UploadState.APPLIED


def _describe(upload: Upload, decided: UploadPlan) -> None:
    counts = ("rows", "new", "changed", "unchanged", "missing", "wrong")
    for name in counts:
        setattr(upload, name, getattr(decided, name))
    upload.layout, upload.columns = decided.layout, decided.columns
    upload.ignored_columns, upload.lots = decided.ignored_columns, len(decided.lots_in_file)
    if decided.problems and upload.state == UploadState.REFUSED:
        upload.refusal = f"{decided.wrong} of {decided.rows} rows are wrong; nothing was written."


def _keep_problems(upload: Upload, decided: UploadPlan) -> None:
    """The first thousand of a kind; the counts of all stand on the upload."""
    kept: dict[str, int] = {}
    told: list[UploadProblem] = []
    for is_warning, problems in ((False, decided.problems), (True, decided.warnings)):
        for problem in problems:
            kept[problem.code] = kept.get(problem.code, 0) + 1
            if kept[problem.code] <= KEPT_OF_A_KIND:
                told.append(
                    UploadProblem(
                        upload=upload,
                        row=problem.row,
                        column=problem.column[:200],
                        code=problem.code,
                        value=problem.value[:300],
                        sentence=problem.sentence[:600],
                        is_warning=is_warning,
                    )
                )
    UploadProblem.objects.bulk_create(told, batch_size=1000)


def _put_on_record(upload: Upload) -> None:
    record(
        deed=f"upload {upload.state}",
        subject=f"upload {upload.pk}",
        by=upload.uploaded_by,
        operator_id=upload.operator_id,
        file=upload.file_name,
        sha256=upload.sha256,
        new=upload.new,
        changed=upload.changed,
        wrong=upload.wrong,
    )
