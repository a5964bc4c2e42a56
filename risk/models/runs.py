"""Assessment runs: what set assessing going, and step by step what became of the lots; whose turn it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Count, Max, Min, Q, Sum


class Turn(models.IntegerChoices):
    """Who goes first: what a person waits for, then everything else."""

    PROMPT = 0, "a person waits"
    BATCH = 1, "nobody waits"


class AssessmentRun(models.Model):
    """One cause that owed lots an assessment; its counts are sums of its steps.

    `operator` is set where the cause is that operator's own. `day` is set on what the calendar owes: the lots are
    assessed for that day. `moved` names what began or ended then: {"what", "code", "sentence"} each.
    """

    class Kind(models.TextChoices):
        """What sort of cause it was."""

        EDITION = "edition", "policy edition"
        SCREENING = "screening", "screening"
        VENDOR = "vendor", "vendor register"
        CALENDAR = "calendar", "calendar"
        TAKEN_BACK = "taken back", "calendar, taken back"
        ENGINE = "engine", "new engine"
        UPLOAD = "upload", "upload"
        EDIT = "edit", "edits"
        ASKED = "asked", "asked for"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    cause = models.CharField(max_length=300)
    operator = models.ForeignKey(
        "fleet.Operator", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField(null=True)
    moved = models.JSONField(default=list)
    begun_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["operator", "kind"], name="runs_of_a_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(kind="calendar"), name="one_run_of_the_calendar_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"assessment run {self.pk}: {self.cause}"

    @property
    def turn(self) -> Turn:
        """Whether a person waits for it."""
        return Turn.PROMPT if self.kind in PROMPT_KINDS else Turn.BATCH


PROMPT_KINDS = frozenset({AssessmentRun.Kind.UPLOAD, AssessmentRun.Kind.EDIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """What became of the lots of a run, or of several: `owed` is the sum of `left` and all that is not owed now.

    `went_on` were owed again by a later cause before they were assessed, and count there. `changes` are the moments
    at which something owed lots.
    """

    owed: int = 0
    went_on: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0
    changes: int = 0
    begun_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def assessed(self) -> int:
        """Lots that were looked at, also those on which that failed."""
        return self.added + self.changed + self.unchanged + self.set_aside

    @property
    def left(self) -> int:
        """Lots that still wait."""
        return max(self.owed - self.went_on - self.assessed, 0)

    @property
    def finished_at(self) -> datetime | None:
        """When the last lot was through; None while some wait."""
        return None if self.left else self.last_at

    @property
    def percent(self) -> int:
        """How far it is, in whole percent; 100 only when nothing is left."""
        of = self.assessed + self.left
        return 100 if not self.left else self.assessed * 100 // of

    def rate_by(self, now: datetime) -> Decimal | None:
        """Lots a second since it began, one decimal; None before the first lot."""
        seconds = self._seconds_by(now)
        return None if seconds is None else (self.assessed / seconds).quantize(Decimal("0.1"))

    def seconds_for(self, lots: int, now: datetime) -> int | None:
        """Whole seconds that so many lots will take, as those did that are through; None before the first."""
        seconds = self._seconds_by(now)
        return None if seconds is None else math.ceil(lots * seconds / self.assessed)

    def _seconds_by(self, now: datetime) -> Decimal | None:
        if self.begun_at is None or not self.assessed:
            return None
        passed = (self.finished_at or now) - self.begun_at
        return max(Decimal(str(passed.total_seconds())), Decimal("0.1"))


COUNTED = tuple(each.name for each in fields(RunCounts) if each.type == "int" and each.name != "changes")


class RunStepQuerySet(models.QuerySet["RunStep"]):
    """Questions about steps."""

    def of(self, operator: Any | None) -> Self:
        """An operator's own steps; everybody's for None."""
        return self if operator is None else self.filter(operator=operator)

    def counted(self) -> dict[int, RunCounts]:
        """The counts of each run, as far as its steps are among these; one query."""
        return {row.pop("run"): RunCounts(**row) for row in self.summed_by("run")}

    def summed_by(self, what: str) -> models.QuerySet[RunStep, dict[str, Any]]:
        """The counts for each value of a field, as rows by the names of RunCounts and that of the field."""
        return self.order_by().values(what).annotate(**_SUMS)


class RunStep(models.Model):
    """Lots of one operator that a run came to owe, or that a batch settled. Only ever added, never changed: workers
    of one run share no row, so none waits for another.

    `cause` is set on a step that owes lots.
    """

    operator = models.ForeignKey("fleet.Operator", on_delete=models.CASCADE, related_name="+", db_index=False)
    run = models.ForeignKey(AssessmentRun, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    cause = models.CharField(max_length=200, blank=True)
    owed = models.PositiveIntegerField(default=0)
    went_on = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)

    objects = RunStepQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["operator", "run"], name="runs_of_an_operator"),
            models.Index(fields=["operator", "at"], name="steps_of_an_operator"),
        ]

    def __str__(self) -> str:
        return f"run {self.run_id}, operator {self.operator_id}, {self.at}"


_SUMS: dict[str, Any] = {
    **{name: Sum(name, default=0) for name in COUNTED},
    "changes": Count("at", filter=~Q(cause=""), distinct=True),
    "begun_at": Min("at"),
    "last_at": Max("at"),
}


class OperatorTurn(models.Model):
    """When an operator's lots were last claimed, as a number that only grows: a clock may be set back."""

    operator = models.OneToOneField("fleet.Operator", on_delete=models.CASCADE, related_name="turn")
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.number}"


def turns_taken(operator_ids: Iterable[int]) -> None:
    """Put operators at the end of the row."""
    last = OperatorTurn.objects.aggregate(last=Max("number", default=0))["last"]
    turns = [OperatorTurn(operator_id=pk, number=last + 1) for pk in sorted(set(operator_ids))]
    OperatorTurn.objects.bulk_create(
        turns, update_conflicts=True, unique_fields=["operator"], update_fields=["number"]
    )
