"""Steps of runs that are long over -> one for each run and operator: a run counts the same, in fewer rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from risk.models import RunStep
from risk.models.runs import COUNTED, RunStepQuerySet

QUIET_FOR = timedelta(days=1)
RUNS_AT_ONCE = 50


def fold_steps(*, now: datetime) -> int:
    """Fold what batches settled in runs that nothing was added to for a day; how many steps there are fewer.

    Steps that owe lots stay: each tells its cause. May run twice, and beside a worker that adds to such a run: only
    steps that were seen are folded, in one transaction for some runs together.
    """
    fewer = 0
    while runs := _long_over(now):
        with transaction.atomic():
            fewer += _folded(runs)
    return fewer


def _settled() -> RunStepQuerySet:
    return RunStep.objects.filter(cause="").order_by()


def _long_over(now: datetime) -> list[int]:
    """Runs of which an operator has several settled steps, all of them old."""
    several = _settled().values("run", "operator").annotate(steps=Count("pk"), last=Max("at"))
    old = several.filter(steps__gt=1, last__lt=now - QUIET_FOR)
    return sorted(set(old.values_list("run", flat=True)[:RUNS_AT_ONCE]))


def _folded(runs: Iterable[int]) -> int:
    # Held first, so that another who folds the same runs waits, and then finds each of them folded.
    seen = list(
        _settled().filter(run__in=runs).select_for_update().order_by("pk").values_list("pk", flat=True)
    )
    steps = _settled().filter(pk__in=seen)
    sums = {f"{name}_sum": Sum(name) for name in COUNTED}
    together: list[Any] = list(steps.values("run", "operator").annotate(last=Max("at"), **sums))
    steps.delete()
    RunStep.objects.bulk_create(
        RunStep(
            run_id=each["run"],
            operator_id=each["operator"],
            at=each["last"],
            **{name: each[f"{name}_sum"] for name in COUNTED},
        )
        for each in together
    )
    return len(seen) - len(together)
