"""What stays of an upload for people: counts, columns, the problems, an audit entry."""

from __future__ import annotations

import json
from typing import Any

from fleet.flows.known_fleet import difference
from fleet.flows.upload_plan import UploadPlan
from fleet.models import Upload, UploadProblem
from fleet.models.upload import UploadState
from fleet.selectors import in_names
from fleet.sheets.rows import RowProblem
from ledger.models import record, tell

KEPT_OF_A_KIND = 1000
SHOWN_CHANGES = 50
COUNTS = ("rows", "new", "changed", "unchanged", "missing", "wrong")


def describe(upload: Upload, decided: UploadPlan) -> None:
    """Lay the counts and columns of a plan onto its upload, not yet saved."""
    for name in COUNTS:
        setattr(upload, name, getattr(decided, name))
    upload.layout, upload.columns = decided.layout, decided.columns
    upload.ignored_columns, upload.lots = decided.ignored_columns, len(decided.lots_in_file)


def sample_changes(decided: UploadPlan) -> list[dict[str, Any]]:
    """The first changes of a plan for people to look at: which rig, and old and new of what differs."""
    shown = []
    for each in (decided.change + decided.retire)[:SHOWN_CHANGES]:
        if each.before:
            rig_before, rig_after = difference(each.before.rig, each.rig)
            lot_before, lot_after = difference(each.before.lot, each.lot)
            before, after = in_names((rig_before | lot_before, rig_after | lot_after))
            shown.append({"rig": each.rig.name, "before": _plain(before), "after": _plain(after)})
    return shown


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return told


def keep_problems(upload: Upload, decided: UploadPlan) -> None:
    """Keep the first thousand problems and warnings of a kind; the counts of all stand on the upload."""
    upload.problems.all().delete()
    told = _rows(upload, decided.problems, is_warning=False) + _rows(
        upload, decided.warnings, is_warning=True
    )
    UploadProblem.objects.bulk_create(told, batch_size=1000)


def put_on_record(upload: Upload) -> None:
    """Say in the audit what became of an upload."""
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
    tell_of(upload)


def tell_of(upload: Upload) -> None:
    """Put into the outbox that an upload was applied or refused; of what is only checked nobody is told."""
    if upload.state in (UploadState.APPLIED, UploadState.REFUSED):
        tell(
            kind=f"upload.{upload.state}",
            about=f"upload:{upload.pk}",
            operator_id=upload.operator_id,
            path=f"/api/v1/uploads/{upload.pk}/",
            upload=upload.pk,
            rows=upload.rows,
            new=upload.new,
            changed=upload.changed,
            unchanged=upload.unchanged,
            missing=upload.missing,
            wrong=upload.wrong,
            lots=upload.lots,
        )


def _rows(upload: Upload, problems: list[RowProblem], *, is_warning: bool) -> list[UploadProblem]:
    kept: dict[str, int] = {}
    told = []
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
    return told
