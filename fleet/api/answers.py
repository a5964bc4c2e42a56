"""The JSON that the fleet answers with about uploads, the same for commands and API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count

from fleet.models import Upload, UploadProblem
from fleet.models.upload import UploadState
from risk.api.answers import exposure_answer
from risk.flows.preview_upload import preview_upload
from risk.models import Assessment

COUNTS = ("rows", "new", "changed", "unchanged", "missing", "wrong")
PROBLEM_FACTS = ("row", "column", "code", "value", "sentence")
PROBLEMS_SHOWN = 100


def upload_answer(upload: Upload, *, at_most: int | None = None) -> dict[str, Any]:
    """What became of an upload, for programs; `at_most` so many problems and so many warnings."""
    told = upload.problems.order_by("row", "pk")
    return {
        **upload_summary(upload),
        "columns": upload.columns,
        "ignored_columns": upload.ignored_columns,
        "problems": problem_answers(told.filter(is_warning=False)[:at_most]),
        "warnings": problem_answers(told.filter(is_warning=True)[:at_most]),
        "lots": upload.lots,
        "seconds": upload.seconds,
    }


def upload_summary(upload: Upload) -> dict[str, Any]:
    """An upload as a list tells it; asks the database nothing."""
    return {
        "upload": upload.pk,
        "state": upload.state,
        "file": upload.file_name,
        "sha256": upload.sha256,
        "layout": upload.layout,
        **{name: getattr(upload, name) for name in COUNTS},
        "refusal": upload.refusal,
        "uploaded_at": _iso(upload.uploaded_at),
        "checked_at": _iso(upload.checked_at),
        "applied_at": _iso(upload.applied_at),
        "undone_at": _iso(upload.undone_at),
    }


def nothing_new(earlier: Upload) -> dict[str, Any]:
    """The same file again, and the fleet as it left it: nothing was written."""
    unchanged = earlier.new + earlier.changed + earlier.unchanged
    return {"new": 0, "changed": 0, "unchanged": unchanged, "same_as": earlier.pk, "seconds": {}}


def upload_detail(upload: Upload, *, on: date) -> dict[str, Any]:
    """An upload for a program that polls: the command's answer, how far it is, and what it would change."""
    owed = upload.state == UploadState.APPLIED
    return {
        **upload_answer(upload, at_most=PROBLEMS_SHOWN),
        "problem_counts": problem_counts(upload),
        "choices": upload.choices,
        "is_settled": upload.is_settled,
        "progress": progress_answer(upload),
        "sample_changes": upload.sample_changes,
        "preview": preview_answer(upload, on=on),
        "undo_report": upload.undo_report or None,
        "owed_lots": Assessment.objects.waiting().filter(operator=upload.operator_id).count() if owed else 0,
    }


def progress_answer(upload: Upload) -> dict[str, Any] | None:
    """How far a worker is; None when nothing is being done."""
    if upload.is_settled or not upload.progress:
        return None
    done, total = upload.progress["done"], upload.progress["total"]
    left = None if total is None else max(0, total - done)
    return {**upload.progress, "left": left}


def preview_answer(upload: Upload, *, on: date) -> dict[str, Any] | None:
    """The exposed share now, and as it would be; only for what is checked and not yet applied."""
    preview = preview_upload(upload, on=on) if upload.state == UploadState.CHECKED else None
    if preview is None:
        return None
    return {"before": exposure_answer(preview.before), "after": exposure_answer(preview.after)}


def problem_counts(upload: Upload) -> dict[str, int]:
    """How many problems and warnings are kept of each code, the most frequent first."""
    counts = upload.problems.values_list("code").annotate(count=Count("pk")).order_by("-count", "code")
    return dict(counts)


def problem_answers(problems: Iterable[UploadProblem]) -> list[dict[str, Any]]:
    """Problems or warnings: the row and column, what stands there and what would be right."""
    return [{name: getattr(problem, name) for name in PROBLEM_FACTS} for problem in problems]


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
