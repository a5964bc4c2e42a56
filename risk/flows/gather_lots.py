"""The facts of lots, their makers and their values, as the engine takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fleet.selectors import Holdings, holdings_of, lot_facts, maker_ids
from risk.engine.amounts import LotValue
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.vendor_standing import screened_vendors

NO_RIGS = LotValue(in_fleet=NO_MONEY, ever=NO_MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotToAssess:
    """Everything that the finding on one lot rests on."""

    lot_id: int
    facts: LotFacts
    vendor: VendorFacts
    value: LotValue


def gather(lot_ids: Iterable[int], *, known_on: date | None = None) -> list[LotToAssess]:
    """The facts of lots, their makers and their values; the number of queries hangs on how many steps owners go up.

    `known_on`: for a question about another day, the day of which the lists count (see screened_vendors).
    """
    lot_ids = list(lot_ids)
    facts, makers = lot_facts(lot_ids), maker_ids(lot_ids)
    vendors = screened_vendors(set(makers.values()), known_on=known_on)
    values = lot_values(holdings_of(lot_ids))
    return [
        LotToAssess(
            lot_id=lot_id,
            facts=facts[lot_id],
            vendor=vendors[makers[lot_id]],
            value=values.get(lot_id) or NO_RIGS,
        )
        for lot_id in facts
    ]


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
    """The value of those that have one; None when there are rigs and none of them has a value."""
    if counted and not any(each.rigs.units_with_value for each in counted):
        return None
    return Money.of_cents(sum(each.rigs.value_cents for each in counted))
