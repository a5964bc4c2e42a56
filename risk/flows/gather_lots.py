"""The facts of lots, their makers and their values, as the engine takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, Expression, Q, QuerySet, Sum
from django.db.models.functions import Cast

from fleet.models import Holding
from fleet.selectors import Holdings, lots_of_makers
from ledger.written_queries import Places, WrittenQuery
from risk.engine.amounts import LotValue
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.terms.rigs import IN_FLEET
from risk.flows.vendor_standing import screened_vendors

NO_RIGS = LotValue(in_fleet=NO_MONEY, ever=NO_MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotToAssess:
    """Everything that the finding on one lot rests on."""

    lot_id: int
    facts: LotFacts
    vendor: VendorFacts
    value: LotValue


def gather(lot_ids: Collection[int], *, known_on: date | None = None) -> list[LotToAssess]:
    """The facts of lots, their makers and their values; the number of queries hangs on how many steps owners go up.

    `known_on`: for a question about another day, the day of which the lists count (see screened_vendors).
    """
    lots = lots_of_makers(lot_ids)
    vendors = screened_vendors({lot.maker_id for lot in lots}, known_on=known_on)
    values = _values_of(lot_ids)
    return [
        LotToAssess(
            lot_id=lot.lot_id,
            facts=lot.facts,
            vendor=vendors[lot.maker_id],
            value=values.get(lot.lot_id) or NO_RIGS,
        )
        for lot in lots
    ]


def _values_of(lot_ids: Collection[int]) -> dict[int, LotValue]:
    """The same as lot_values(), added up by the database; one query."""
    return {
        lot_id: LotValue(
            in_fleet=_worth(held, valued, cents),
            ever=_worth(all_units, all_valued, all_cents),
            units_without_value=all_units - all_valued,
        )
        for lot_id, all_units, all_valued, all_cents, held, valued, cents in _SUMS.stored(lots=lot_ids)
    }


def _summed(at: Places) -> QuerySet[Holding, tuple[int, ...]]:
    """Counts and cents of each lot: of all that it ever held, and of what is in the fleet."""
    in_fleet = Q(status__in=IN_FLEET)
    rows = Holding.objects.filter(lot_id__in=at.ids("lots")).order_by().values("lot_id")
    return rows.annotate(
        all_units=_whole(Sum("units")),
        all_valued=_whole(Sum("units_with_value")),
        all_cents=_whole(Sum("value_cents")),
        held=Count("pk", filter=in_fleet),
        valued=_whole(Sum("units_with_value", filter=in_fleet, default=0)),
        cents=_whole(Sum("value_cents", filter=in_fleet, default=0)),
    ).values_list("lot_id", "all_units", "all_valued", "all_cents", "held", "valued", "cents")


def _whole(total: Expression) -> Cast:
    """As whole a number as what was summed; PostgreSQL would answer with a decimal one."""
    return Cast(total, BigIntegerField())


_SUMS = WrittenQuery(_summed)


def _worth(held: int, valued: int, cents: int) -> Money | None:
    """None when there are rigs and none of them has a value."""
    return None if held and not valued else Money.of_cents(cents)


def lot_values(held: Iterable[Holdings]) -> dict[int, LotValue]:
    """The customs value of each lot: of its rigs in the fleet, and of all that it ever held."""
    by_lot: dict[int, list[Holdings]] = {}
    for each in held:
        by_lot.setdefault(each.lot_id, []).append(each)
    return {lot_id: _value(counted) for lot_id, counted in by_lot.items()}


def _value(counted: list[Holdings]) -> LotValue:
    in_fleet = [each for each in counted if each.status.counts_in_fleet]
    lacking = sum(each.rigs.units - each.rigs.units_with_value for each in counted)
    return LotValue(in_fleet=_sum(in_fleet), ever=_sum(counted), units_without_value=lacking)


def _sum(counted: list[Holdings]) -> Money | None:
    valued = sum(each.rigs.units_with_value for each in counted)
    return _worth(len(counted), valued, sum(each.rigs.value_cents for each in counted))
