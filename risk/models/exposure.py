"""What is owed an assessment, and what the assessments found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from ledger.holds import free_at
from risk.engine import explanations
from risk.engine.amounts import LotValue
from risk.engine.findings import SanctionLevel
from risk.engine.terms.money import Money
from risk.models.runs import AssessmentRun, Turn


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Questions about what is owed."""

    def waiting(self) -> Self:
        """Those that will be assessed; the others were set aside."""
        return self.filter(error="")

    def set_aside(self) -> Self:
        """Those that could not be assessed."""
        return self.exclude(error="")

    def claimable(self, now: datetime) -> Self:
        """Owed, and not in the hands of a worker whose lease still runs."""
        return self.waiting().filter(free_at(now))


class Assessment(models.Model):
    """A lot that is owed an assessment. Written in the transaction of the change that causes it, gone when
    the finding is written; many changes of one lot are one row.

    `claim` names the worker's hold until `claimed_until`; a new change takes the hold away, so that a finding on old
    facts never settles it. `error` sets a lot aside that could not be assessed, by the engine of version `failed_by`:
    the next one tries again. On a row that waits, `failed_by` says that its lot was set aside when it was owed last
    ("earlier" where it is not known by which engine). `run` is the run that owes it, `left_run` the number of the one
    from which that took it while it waited, `priority` its Turn, `day` the day for which it is to be assessed (None:
    that of the worker).

    `operator` is its lot's; it is empty on a row that a worker of earlier code wrote, until the next claim.
    """

    # Nothing is looked up by the database for each row: the statement that writes it reads lot and operator off the
    # lot, and the run is made in its transaction.
    lot = models.OneToOneField(
        "fleet.Lot", on_delete=models.CASCADE, related_name="owed_assessment", db_constraint=False
    )
    operator = models.ForeignKey(
        "fleet.Operator",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    run = models.ForeignKey(
        AssessmentRun, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    left_run = models.BigIntegerField(null=True)
    priority = models.PositiveSmallIntegerField(
        choices=Turn.choices, default=Turn.BATCH, db_default=Turn.BATCH.value
    )
    day = models.DateField(null=True)
    cause = models.CharField(max_length=200)
    owed_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    failed_by = models.CharField(max_length=10, blank=True, db_default="")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        # Led by the operator: whose turn it is, and which of its lots are next, is read off without sorting.
        indexes = [
            models.Index(fields=["operator", "priority", "owed_at", "id"], name="next_lots_of_an_operator")
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.cause}"


class Explanation(models.Model):
    """A finding in the words of its reasons, without money, and the maker's facts that it rests on: one row for all
    lots that are found alike. `digest` is that of `body` (risk.engine.explanations.kept); never changed.
    """

    digest = models.CharField(max_length=64, unique=True)
    body = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class ExposureQuerySet(models.QuerySet["Exposure"]):
    """Questions about findings."""

    def current(self) -> Self:
        """The newest finding of each lot."""
        return self.filter(is_current=True)

    def not_holding_on(self, day: date) -> Self:
        """Current findings that do not hold on a day: ended before it, or begun after it."""
        return self.current().filter(Q(holds_through__lt=day) | Q(holds_from__gt=day))


class Exposure(models.Model):
    """The finding on one lot: what it stands to cost or be stopped for, with all that it rests on.

    Rates are fractions of the customs value, amounts are cents; empty is unknown, never 0. `basis` is the
    digest of the facts, the policy edition, the list editions, the engine version and the first day on
    which the finding holds: the same basis is the same row. `run` is the assessment run that made it the current one.
    """

    # Found by the unique index of lot and basis; each index more is paid for with every finding. So is each parent
    # that the database looks up: a quarter of what a finding costs PostgreSQL. Editions and explanations are never
    # deleted, a lot at most with its operator, and a run is not while an owed lot or a finding names it
    # (keeping/housekeeping/rules.py).
    lot = models.ForeignKey(
        "fleet.Lot", on_delete=models.CASCADE, related_name="exposures", db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        AssessmentRun, null=True, on_delete=models.SET_NULL, related_name="exposures", db_constraint=False
    )
    edition = models.ForeignKey(
        "risk.PolicyEdition", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    list_editions = models.JSONField(default=dict)
    engine_version = models.CharField(max_length=10)
    basis = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    assessed_at = models.DateTimeField()
    holds_from = models.DateField()
    holds_through = models.DateField(null=True)
    stage = models.CharField(max_length=30)
    origin = models.CharField(max_length=2, blank=True)
    contested_origin = models.CharField(max_length=2, blank=True)
    clock = models.CharField(max_length=50, blank=True)
    rate = models.DecimalField(max_digits=14, decimal_places=12, null=True)
    best = models.DecimalField(max_digits=14, decimal_places=12)
    worst = models.DecimalField(max_digits=14, decimal_places=12, null=True)
    duty_to_come_cents = models.BigIntegerField(null=True)
    contingent_cents = models.BigIntegerField(null=True)
    refundable_cents = models.BigIntegerField(null=True)
    replacement_cents = models.BigIntegerField(null=True)
    sanction_level = models.CharField(max_length=10)
    is_screened = models.BooleanField()
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=10)
    doubted_facts = models.JSONField(default=list)
    facts = models.JSONField()
    explanation = models.ForeignKey(
        Explanation, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    value_in_fleet_cents = models.BigIntegerField(null=True)
    value_ever_cents = models.BigIntegerField(null=True)
    units_without_value = models.BigIntegerField(default=0)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "basis"], name="one_finding_on_the_same_basis"),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(is_current=True), name="one_current_finding_per_lot"
            ),
        ]
        indexes = [
            models.Index(
                fields=["holds_through"], condition=Q(is_current=True), name="current_findings_by_last_day"
            ),
            # Few lots are blocked, and each settled batch asks which of an operator's are.
            models.Index(
                fields=["lot"],
                condition=Q(is_current=True, sanction_level=SanctionLevel.BLOCKED.value),
                name="blocked_lots",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.band}"

    @property
    def value(self) -> LotValue:
        """The customs value of the lot that the amounts rest on."""
        in_fleet, ever = (
            None if cents is None else Money.of_cents(cents)
            for cents in (self.value_in_fleet_cents, self.value_ever_cents)
        )
        return LotValue(in_fleet=in_fleet, ever=ever, units_without_value=self.units_without_value)

    @property
    def lists_by_edition(self) -> dict[str, list[str]]:
        """The lists that the maker was screened against, by the edition that carries them."""
        return by_edition(self.list_editions)

    @property
    def told(self) -> dict[str, Any]:
        """The finding in the words of its reasons, with its money, and what it rests on beside its facts."""
        return explanations.told(self.explanation.body, self.value)


class FindingsVersionQuerySet(models.QuerySet["FindingsVersion"]):
    """Changes of versions."""

    def count_on(self, operator_ids: Iterable[int]) -> None:
        """The findings of these operators are another version; locked in one order, so that two workers never wait
        for one another. In the caller's transaction."""
        ids = sorted(set(operator_ids))
        if not ids:
            return
        self.model.objects.bulk_create((self.model(operator_id=pk) for pk in ids), ignore_conflicts=True)
        versions = self.filter(operator__in=ids)
        list(versions.select_for_update().order_by("operator_id").values_list("pk"))
        versions.update(version=F("version") + 1)


class FindingsVersion(models.Model):
    """Counts the times that the current findings on an operator's lots changed, in the transaction that changes them:
    who keeps something made from them knows by it that it still stands."""

    operator = models.OneToOneField(
        "fleet.Operator", on_delete=models.CASCADE, primary_key=True, related_name="findings"
    )
    version = models.PositiveBigIntegerField(default=0)

    objects = FindingsVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.version}"


def by_edition(list_editions: Mapping[str, str]) -> dict[str, list[str]]:
    """Lists by the edition that carries them, from editions by list."""
    found: dict[str, list[str]] = {}
    for code, edition in sorted(list_editions.items()):
        found.setdefault(edition, []).append(code)
    return found
