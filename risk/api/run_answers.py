"""The JSON that tells how far assessing is, the same for commands and API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fleet.models import Operator
from risk.dashboard.runs import RunLine, run_lines
from risk.models import AssessmentRun
from risk.selectors import Progress


def progress_answer(progress: Progress, *, is_fresh: bool) -> dict[str, Any]:
    """Whether the numbers are fresh, as of when, and how far assessing is; null where nothing is owed."""
    assessing = {
        "percent": progress.percent,
        "lots_done": progress.runs.assessed,
        "lots_left": progress.owed_lots,
    }
    return {
        "fresh": is_fresh,
        "as_of": progress.as_of.isoformat() if progress.as_of else None,
        "assessing": assessing if progress.owed_lots else None,
        "set_aside_lots": progress.set_aside_lots,
    }


def run_answers(
    runs: Iterable[AssessmentRun], operator: Operator | None, *, now: datetime
) -> list[dict[str, Any]]:
    """Runs with the counts of an operator, or of everybody for None; one query."""
    return [_run(line) for line in run_lines(runs, operator, now=now)]


def _run(line: RunLine) -> dict[str, Any]:
    run, counts = line.run, line.counts
    return {
        "run": run.pk,
        "kind": run.kind,
        "cause": line.cause,
        "changes": counts.changes,
        "day": run.day.isoformat() if run.day else None,
        "moved": run.moved,
        "begun_at": run.begun_at.isoformat(),
        "finished_at": counts.finished_at.isoformat() if counts.finished_at else None,
        "lots_owed": counts.owed,
        "lots_left": counts.left,
        "percent": counts.percent,
        "added": counts.added,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "set_aside": counts.set_aside,
        "went_on": counts.went_on,
        "lots_per_second": None if line.rate is None else str(line.rate),
        "seconds_left": line.seconds_left,
    }
