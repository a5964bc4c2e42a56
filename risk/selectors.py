"""Questions about risk: the exposed share of a fleet, the finding on a lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Count, Min, Q

from fleet.models import Lot, Operator
from ledger.written_queries import WrittenQuery
from risk.engine.exposure import EARLIER_ENGINES, ENGINE_VERSION
from risk.engine.shares import FleetShares, Held, Standing
from risk.engine.terms.money import AdValoremRate
from risk.engine.terms.spans import ONE_DAY
from risk.fleet_findings import FleetFindings, fleet_findings, standing_of
from risk.models import (
    Assessment,
    AssessmentRun,
    Exposure,
    ListEdition,
    PolicyEdition,
    RunCounts,
    RunStep,
    ScreeningRun,
    VendorScreening,
)
from risk.models.exposure import ExposureQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far assessing an operator's fleet is. `runs` are the counts of the runs that still owe it lots; `as_of` is
    when a finding of the fleet was last made or found to stand, None before the first."""

    owed_lots: int
    set_aside_lots: int
    runs: RunCounts
    as_of: datetime | None

    @property
    def percent(self) -> int:
        """How far, in whole percent; 100 only when nothing is owed."""
        of = self.runs.assessed + self.owed_lots
        return self.runs.assessed * 100 // of if self.owed_lots else 100

    def seconds_left_by(self, now: datetime) -> int | None:
        """At the rate so far; None before the first lot, and where nothing is owed."""
        return self.runs.seconds_for(self.owed_lots, now) if self.owed_lots else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetExposure:
    """The exposed share of an operator's fleet, with what it rests on.

    `groups` is None unless a grouping was asked for. `owed_lots` are those whose change is not yet assessed;
    `progress` is None where nothing was read from the record.
    """

    operator: Operator
    assessed_on: date
    edition: PolicyEdition | None
    list_editions: dict[str, str]
    whole: FleetShares
    groups: dict[str | None, FleetShares] | None
    owed_lots: int
    assessed_at: datetime | None
    progress: Progress | None = None
    is_fresh: bool = True


GROUPINGS: dict[str, Callable[[Held], str | None]] = {
    "maker": lambda held: held.standing.maker,
    "model": lambda held: held.standing.model,
    "country_of_origin": lambda held: held.standing.country_of_origin,
    "country_of_assembly": lambda held: held.standing.country_of_assembly,
    "site": lambda held: held.site,
    "status": lambda held: held.status.value,
    "band": lambda held: held.standing.band,
    "lot": lambda held: str(held.standing.lot_id),
}


def exposed_share(operator: Operator, *, on: date, by: str | None = None) -> FleetExposure:
    """The exposed share as last assessed, in a fixed number of queries. `by` is a name of GROUPINGS."""
    # In the order in which things follow from one another, so that nothing is called fresh that was read before its
    # time: what is followed while this is asked is owed in the next, and what is settled then is in the findings.
    day, unfollowed = day_that_stands(on), _is_unfollowed(operator)
    progress = progress_of(operator)
    found = fleet_findings(operator)
    behind = unfollowed or not (found.holds_on(day) or _all_hold_on(day, operator))
    threshold = threshold_of(operator)
    return FleetExposure(
        operator=operator,
        assessed_on=on,
        edition=current_edition(),
        list_editions=dict(found.list_editions),
        whole=found.shares(threshold),
        groups=found.shares_by(GROUPINGS[by], threshold) if by else None,
        owed_lots=progress.owed_lots,
        assessed_at=found.assessed_at,
        progress=progress,
        is_fresh=not (progress.owed_lots or behind),
    )


def findings_that_stand(operator: Operator, *, on: date, today: date) -> FleetFindings | None:
    """The findings on record, where all of them are fresh today and hold on a day; else None. A lot that was set
    aside is on record as unknown."""
    day = day_that_stands(today)
    if _is_unfollowed(operator) or _owed(operator)[0]:
        return None
    found = fleet_findings(operator)
    holds = found.holds_on(on) and (found.holds_on(day) or _all_hold_on(day, operator))
    return found if holds else None


_EDITIONS = WrittenQuery(lambda at: PolicyEdition.objects.published()[:1])


def current_edition() -> PolicyEdition | None:
    """The newest published edition; None before the first. One query."""
    return _EDITIONS.first()


def threshold_of(operator: Operator) -> AdValoremRate:
    """The additional rate over which the operator calls a lot tariff-exposed."""
    return AdValoremRate.of_percent(str(operator.tariff_threshold_percent))


def lots_owed_by_the_calendar(day: date) -> list[int]:
    """Lots with rigs whose finding does not hold on a day, and that are not owed an assessment anyhow."""
    return _lots_of(Exposure.objects.not_holding_on(day))


def lots_of_an_earlier_engine() -> list[int]:
    """Lots with rigs whose finding an earlier engine made, and that are not owed an assessment anyhow; and those on
    which another engine failed."""
    failed = Assessment.objects.set_aside().exclude(failed_by=ENGINE_VERSION)
    of_earlier = _lots_of(Exposure.objects.current().filter(engine_version__in=EARLIER_ENGINES))
    return sorted({*of_earlier, *failed.values_list("lot_id", flat=True)})


def lots_ended_before(day: date) -> list[int]:
    """Lots with rigs whose finding ended before a day, and that are not owed an assessment anyhow."""
    return _lots_of(Exposure.objects.current().filter(holds_through__lt=day))


def first_day_ended(by: date) -> date | None:
    """The first day, through `by`, on which a current finding holds no more; None where none is due."""
    ended = _not_owed(Exposure.objects.current().filter(holds_through__lt=by))
    last = ended.aggregate(day=Min("holds_through"))["day"]
    return None if last is None else last + ONE_DAY


def _lots_of(findings: ExposureQuerySet) -> list[int]:
    return list(_not_owed(findings).order_by("lot_id").values_list("lot_id", flat=True).distinct())


def _not_owed(findings: ExposureQuerySet) -> ExposureQuerySet:
    """Of lots with rigs; what was set aside is tried again when it changes, not by the calendar."""
    return findings.filter(lot__holdings__isnull=False, lot__owed_assessment__isnull=True)


_DAYS = WrittenQuery(
    lambda at: (
        AssessmentRun.objects.filter(kind=at("kind"), day__isnull=False)
        .order_by("-day")
        .values_list("day", flat=True)[:1]
    )
)


def day_that_stands(today: date) -> date:
    """Today, or the day that the calendar has reached, where a clock has been ahead since or is behind now."""
    return max(today, _DAYS.first(kind=AssessmentRun.Kind.CALENDAR.value) or today)


_OWED = WrittenQuery(
    lambda at: (
        Assessment.objects.filter(operator=at("operator"))
        .order_by()
        .values("operator")
        .annotate(waiting=Count("pk", filter=Q(error="")), aside=Count("pk", filter=~Q(error="")))
        .values_list("waiting", "aside")
    )
)


def _owed(operator: Operator) -> tuple[int, int]:
    """How many lots wait to be assessed, and how many were set aside."""
    return _OWED.first(operator=operator.pk) or (0, 0)


_LOOKED_AT = WrittenQuery(
    lambda at: (
        RunStep.objects.filter(operator=at("operator"), owed=0, went_on=0)
        .order_by("-at")
        .values_list("at", flat=True)[:1]
    )
)


_RUNS = WrittenQuery(
    lambda at: RunStep.objects.filter(
        operator=at("operator"),
        run__in=Assessment.objects.filter(operator=at("operator")).waiting().values("run"),
    ).summed_by("operator")
)


def _runs_that_owe(operator: Operator) -> RunCounts:
    counts = _RUNS.first(operator=operator.pk) or {}
    return RunCounts(**{name: value for name, value in counts.items() if name != "operator"})


def progress_of(operator: Operator) -> Progress:
    """What is owed of a fleet, and how far it is; two queries, and one more while something is."""
    waiting, aside = _owed(operator)
    return Progress(
        owed_lots=waiting,
        set_aside_lots=aside,
        runs=_runs_that_owe(operator) if waiting else RunCounts(),
        as_of=_LOOKED_AT.first(operator=operator.pk),
    )


def is_behind(operator: Operator, *, today: date) -> bool:
    """Whether something happened of which nobody yet knows which lots it touches: an edition that was not followed, a
    day that began, a list or a vendor of the fleet that was not screened; a fixed number of queries."""
    return _is_unfollowed(operator) or not _all_hold_on(day_that_stands(today), operator)


def _all_hold_on(day: date, operator: Operator) -> bool:
    ended = Exposure.objects.not_holding_on(day).filter(lot__operator=operator)
    return not _not_owed(ended).exists()


_UNFOLLOWED = WrittenQuery(lambda at: PolicyEdition.objects.unfollowed().values_list("pk")[:1])
_LISTS = WrittenQuery(lambda at: ListEdition.objects.newest().values_list("pk", flat=True))
_COVERED = WrittenQuery(
    lambda at: ScreeningRun.objects.order_by("-number").values_list("editions", flat=True)[:1]
)
_UNSCREENED = WrittenQuery(
    lambda at: VendorScreening.objects.filter(
        owed_at__isnull=False,
        vendor__in=Lot.objects.filter(operator=at("operator")).order_by().values("model__maker"),
    ).values_list("pk")[:1]
)


def is_an_edition_unfollowed() -> bool:
    """Whether a published edition waits for who says which lots it touches; one query."""
    return bool(_UNFOLLOWED.rows())


def _is_unfollowed(operator: Operator) -> bool:
    """Whether an edition, a list or a vendor of the fleet waits for who says which lots it touches."""
    if is_an_edition_unfollowed():
        return True
    if not (lists := _LISTS.rows()):
        return False  # without a list nobody can be screened, and nobody waits for it
    covered = {each["id"] for each in (_COVERED.first() or {}).values()}
    return not covered.issuperset(lists) or bool(_UNSCREENED.rows(operator=operator.pk))


def list_editions_of(operator: Operator) -> dict[str, str]:
    """The list editions that the current findings of a fleet rest on, by list; empty: no list was looked at."""
    current = Exposure.objects.current().filter(lot__operator=operator).order_by()
    editions = current.values_list("list_editions", flat=True).distinct()
    return {name: edition for each in editions for name, edition in sorted(each.items())}


def next_change_of(operator: Operator) -> date | None:
    """The first day on which a current finding of the operator may change."""
    current = Exposure.objects.current().filter(lot__operator=operator)
    return current.aggregate(day=Min("holds_through"))["day"]


class Restated(StrEnum):
    """What a restatement means for a finding that rested on the error."""

    DIFFERS = "differs"
    SAME = "same"
    OWED = "not yet assessed"
    OTHER_FACTS = "other facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedFinding:
    """The last finding on a lot under a restated edition, and the current one; `outcome` compares the two.

    "other facts": the lot's facts changed too, so that the difference is not the law's alone.
    """

    lot_id: int
    operator: Operator
    before: Standing
    before_at: datetime
    now: Standing
    outcome: Restated


def findings_restated(edition: PolicyEdition) -> list[RestatedFinding]:
    """The lots whose findings rested on the edition that this one restates, those that differ first.

    A fixed number of queries; empty for an edition that restates none.
    """
    rested = Exposure.objects.filter(edition=edition.restates_id, edition__isnull=False)
    last = {row.lot_id: row for row in rested.order_by("assessed_at", "pk")}
    current = {row.lot_id: row for row in Exposure.objects.current().filter(lot__in=rested.values("lot"))}
    owed = set(Assessment.objects.values_list("lot_id", flat=True))
    operators = Operator.objects.in_bulk()
    of_lot = dict(rested.values_list("lot_id", "lot__operator_id"))
    found = [
        RestatedFinding(
            lot_id=lot_id,
            operator=operators[of_lot[lot_id]],
            before=standing_of(row),
            before_at=row.assessed_at,
            now=standing_of(current.get(lot_id, row)),
            outcome=_outcome(row, current.get(lot_id), is_owed=lot_id in owed),
        )
        for lot_id, row in last.items()
    ]
    order = list(Restated)
    return sorted(found, key=lambda each: (order.index(each.outcome), each.lot_id))


def _outcome(before: Exposure, now: Exposure | None, *, is_owed: bool) -> Restated:
    if is_owed or now is None:
        return Restated.OWED
    if standing_of(now) == standing_of(before):
        return Restated.SAME
    return Restated.DIFFERS if now.facts == before.facts else Restated.OTHER_FACTS
