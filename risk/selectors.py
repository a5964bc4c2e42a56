"""Questions about risk: the exposed share of a fleet, the finding on a lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Min

from fleet.models import Operator
from risk.engine.exposure import EARLIER_ENGINES
from risk.engine.shares import FleetShares, Held, Standing, fleet_shares, grouped
from risk.engine.terms.money import AdValoremRate
from risk.fleet_findings import fleet_findings, standing_of
from risk.models import Assessment, Exposure, PolicyEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetExposure:
    """The exposed share of an operator's fleet, with what it rests on.

    `groups` is None unless a grouping was asked for. `owed_lots` are those whose change is not yet assessed.
    """

    operator: Operator
    assessed_on: date
    edition: PolicyEdition | None
    list_editions: dict[str, str]
    whole: FleetShares
    groups: dict[str | None, FleetShares] | None
    owed_lots: int
    assessed_at: datetime | None


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
    found = fleet_findings(operator)
    rows, held = list(found.findings.values()), found.held
    return FleetExposure(
        operator=operator,
        assessed_on=on,
        edition=PolicyEdition.objects.current(),
        list_editions={name: edition for row in rows for name, edition in sorted(row.list_editions.items())},
        whole=fleet_shares(held, threshold=threshold_of(operator)),
        groups=grouped(held, GROUPINGS[by], threshold=threshold_of(operator)) if by else None,
        owed_lots=Assessment.objects.filter(lot__operator=operator).count(),
        assessed_at=max((row.assessed_at for row in rows), default=None),
    )


def threshold_of(operator: Operator) -> AdValoremRate:
    """The additional rate over which the operator calls a lot tariff-exposed."""
    return AdValoremRate.of_percent(str(operator.tariff_threshold_percent))


def lots_owed_by_the_calendar(day: date) -> list[int]:
    """Lots with rigs whose finding no longer holds on a day, or is one of an earlier engine."""
    current = Exposure.objects.current().filter(engine_version__in=EARLIER_ENGINES)
    ended = (Exposure.objects.not_holding_on(day) | current).filter(lot__holdings__isnull=False)
    return list(ended.order_by("lot_id").values_list("lot_id", flat=True).distinct())


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
