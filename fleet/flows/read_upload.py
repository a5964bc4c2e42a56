"""File -> rows -> difference against the fleet -> one short transaction.

The same path for console, API and command. Every row is checked before anything is written; with a wrong
row the whole file is refused, unless the person chose to take the right rows. An upload that is only
checked keeps the digest of its plan, and is applied later only if the same plan still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.flows.drift import refuse_drift
from fleet.flows.holding_deltas import deltas_of
from fleet.flows.known_fleet import KnownFleet
from fleet.flows.progress import LEASE, Cancelled, Progress, held
from fleet.flows.upload_choices import Choices
from fleet.flows.upload_plan import UploadPlan, plan
from fleet.flows.upload_report import describe, keep_problems, put_on_record, sample_changes
from fleet.flows.upload_writing import Deed, FleetMoved, write
from fleet.models import Operator, Upload
from fleet.models.upload import UploadState
from fleet.selectors import name_index
from fleet.sheets import rows
from fleet.sheets.wrecks import UnreadableSheet
from fleet.signals import lots_changed
from ledger.holds import free_at

TRIES = 5
Clock = Callable[[], datetime]


@dataclass
class Stopwatch:
    """Seconds by step, for the report of the upload."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=perf_counter)

    def lap(self, step: str) -> None:
        """Add the time since the last lap to a step."""
        now = perf_counter()
        self.seconds[step] = round(self.seconds.get(step, 0) + now - self._since, 3)
        self._since = now


def read_upload(upload_id: int, *, clock: Clock) -> Upload:
    """Read, check and (unless refused or only checked) apply an upload that waits.

    Safe to run twice: the second run finds it claimed or settled and changes nothing. A fleet that another
    writer moved meanwhile is compared anew.
    """
    if not _claimed(upload_id, UploadState.WAITING, clock()):
        return Upload.objects.get(pk=upload_id)
    upload = Upload.objects.select_related("operator", "uploaded_by").get(pk=upload_id)
    try:
        with held(upload.pk, clock), rows.collector_at_rest():
            return _read_and_recorded(upload, clock)
    except Cancelled:
        return _ended(upload, UploadState.CANCELLED, "Cancelled; nothing was written.")
    except (UnreadableSheet, ValueError, ValidationError) as wreck:
        return _ended(upload, UploadState.REFUSED, _sentence(wreck))


def apply_upload(upload_id: int, *, clock: Clock) -> Upload:
    """Apply an upload that was checked, if what it would write is still what was shown.

    Raises ValidationError when the fleet moved so that the plan reads differently; nothing is written, and
    the upload stays checked, to be checked again.
    """
    if not _claimed(upload_id, UploadState.CHECKED, clock()):
        return Upload.objects.get(pk=upload_id)
    upload = Upload.objects.select_related("operator", "uploaded_by").get(pk=upload_id)
    with held(upload.pk, clock), rows.collector_at_rest():
        return _planned_again_and_applied(upload, clock)


def _planned_again_and_applied(upload: Upload, clock: Clock) -> Upload:
    watch, progress = Stopwatch(), Progress(upload.pk)
    choices = Choices.read({**upload.choices, "dry_run": False})
    reading, fleet = _gathered(upload, choices, progress)
    watch.lap("read")
    for _ in range(TRIES):
        decided = plan(upload.operator, reading, choices, progress, fleet)
        watch.lap("check")
        refuse_drift(upload, decided)
        progress.at("writing", 0, reading.row_count)
        try:
            return _applied(upload, decided, watch, clock())
        except FleetMoved:
            fleet = KnownFleet(upload.operator)
    raise ValidationError("The fleet is being changed by others; try again in a minute.", code="fleet_busy")


def _read_and_recorded(upload: Upload, clock: Clock) -> Upload:
    watch, progress, choices = Stopwatch(), Progress(upload.pk), Choices.read(upload.choices)
    reading, fleet = _gathered(upload, choices, progress)
    watch.lap("read")
    for _ in range(TRIES):
        decided = plan(upload.operator, reading, choices, progress, fleet)
        watch.lap("check")
        try:
            if choices.dry_run or (decided.problems and not choices.accept_partial):
                return _kept(upload, decided, choices, watch, clock())
            progress.at("writing", 0, reading.row_count)
            return _applied(upload, decided, watch, clock())
        except FleetMoved:
            fleet = KnownFleet(upload.operator)
    raise ValueError("The fleet is being changed by others all the time; try again in a minute.")


def _claimed(upload_id: int, state: UploadState, now: datetime) -> bool:
    free = Upload.objects.filter(free_at(now), pk=upload_id, state=state)
    return bool(free.update(claimed_until=now + LEASE))


def _gathered(upload: Upload, choices: Choices, progress: Progress) -> tuple[rows.SheetReading, KnownFleet]:
    """The sheet and the fleet; the database is asked while another process opens the workbook."""
    progress.at("reading")
    fleet = KnownFleet(upload.operator)

    def ask_meanwhile() -> None:
        name_index()
        fleet.load_beside(upload.file.size)

    reading = rows.read(upload.file.path, **choices.of_reading, meanwhile=ask_meanwhile, told=progress.read)
    return reading, fleet


def _kept(upload: Upload, decided: UploadPlan, choices: Choices, watch: Stopwatch, now: datetime) -> Upload:
    """Nothing is written: the file is refused, or only a check was asked for."""
    upload.state = UploadState.CHECKED if choices.dry_run else UploadState.REFUSED
    if not choices.dry_run:
        upload.refusal = f"{decided.wrong} of {decided.rows} rows are wrong; nothing was written."
    upload.plan_digest, upload.deltas = decided.digest, deltas_of(decided.planned)
    upload.sample_changes, upload.checked_at = sample_changes(decided), now
    describe(upload, decided)
    with transaction.atomic():
        keep_problems(upload, decided)
        _settle(upload, watch)
    return upload


def _applied(upload: Upload, decided: UploadPlan, watch: Stopwatch, now: datetime) -> Upload:
    """Write the plan and its consequences in one transaction."""
    describe(upload, decided)
    with transaction.atomic():
        deed = Deed(operator=upload.operator, at=now, upload=upload, by=upload.uploaded_by)
        touched = write(deed, decided)
        upload.state, upload.applied_at = UploadState.APPLIED, now
        upload.fleet_version = Operator.objects.values_list("fleet_version", flat=True).get(
            pk=upload.operator_id
        )
        keep_problems(upload, decided)
        if touched.counted:
            lots_changed.send(sender=Upload, lot_ids=touched.counted, cause=f"upload {upload.pk} applied")
        watch.lap("write")
        _settle(upload, watch)
    return upload


def _settle(upload: Upload, watch: Stopwatch) -> None:
    upload.seconds, upload.progress, upload.claimed_until = watch.seconds, {}, None
    upload.save()
    put_on_record(upload)


def _ended(upload: Upload, state: UploadState, sentence: str) -> Upload:
    upload.state, upload.refusal, upload.claimed_until = state, sentence[:500], None
    with transaction.atomic():
        upload.save()
        put_on_record(upload)
    return upload


def _sentence(wreck: Exception) -> str:
    return " ".join(wreck.messages) if isinstance(wreck, ValidationError) else str(wreck)
