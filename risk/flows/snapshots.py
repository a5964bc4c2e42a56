"""Daily snapshots: how every fleet stands today, kept as it was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from fleet.models import Operator
from risk.engine.shares import MEASURES, Kind, Part, Shares
from risk.fleet_findings import fleet_findings
from risk.flows.fleet_parts import parts_today
from risk.models import FleetSnapshot
from risk.selectors import exposed_share, threshold_of

KEPT_AT_ONCE = 500


def take_snapshots(day: date) -> int:
    """Keep the fleets that have no snapshot of the day yet; how many were kept. May run twice, also at once:
    the first snapshot of a day stays. `day` is today: for a day gone by it would tell what is not known."""
    waiting = Operator.objects.exclude(snapshots__day=day).order_by("pk")
    snapshots = [_snapshot(operator, day) for operator in waiting]
    FleetSnapshot.objects.bulk_create(snapshots, batch_size=KEPT_AT_ONCE, ignore_conflicts=True)
    return len(snapshots)


def snapshot_shares(operator: Operator, measure: str) -> list[tuple[date, Decimal | None]]:
    """The exposed share (tariff or sanction) by one measure as it was kept, by day; one query."""
    rows = FleetSnapshot.objects.filter(operator=operator).order_by("day").values_list("day", "shares")
    return [(day, as_share(shares["exposed"][Kind.ANY.value][measure])) for day, shares in rows]


def _snapshot(operator: Operator, day: date) -> FleetSnapshot:
    exposure = exposed_share(operator, on=day)
    whole = exposure.whole
    return FleetSnapshot(
        operator=operator,
        day=day,
        edition_number=exposure.edition.number if exposure.edition else None,
        lots=whole.lots,
        units=whole.fleet.units,
        owed_lots=exposure.owed_lots,
        shares={"exposed": _kept(whole.exposed), "bar": _kept(whole.bar)},
        parts=parts_today(fleet_findings(operator).held, threshold_of(operator)),
    )


def _kept(shares: Mapping[Kind, Shares] | Mapping[Part, Shares]) -> dict[str, dict[str, str | None]]:
    return {
        name.value: {measure: as_text(each.of(measure)) for measure in MEASURES}
        for name, each in shares.items()
    }


def as_text(share: Decimal | None) -> str | None:
    """A share as it is kept: its digits, or nothing."""
    return None if share is None else f"{share:f}"


def as_share(share: str | None) -> Decimal | None:
    """A share that was kept."""
    return None if share is None else Decimal(share)
