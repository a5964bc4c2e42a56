"""What each rig of an entry cost to land: its part of every line of duty and of the fees, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fleet.models import Operator, Rig
from fleet.selectors import in_chunks
from risk.engine.allocation import shared_out
from risk.engine.entries import CustomsEntry, EntryLot
from risk.engine.terms.money import NO_MONEY, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedRig:
    """A rig, or so many alike; amounts are those of all of them together, None where they are not known.

    Over the rigs of a lot each amount adds up to the lot's own. `duty` is by measure.
    """

    rig: Rig
    lot: EntryLot
    customs_value: Money | None
    duty: dict[str, Money] | None
    fees: Money | None

    @property
    def total_duty(self) -> Money | None:
        """The lines together."""
        return None if self.duty is None else sum(self.duty.values(), NO_MONEY)

    @property
    def landed_cost(self) -> Money | None:
        """Customs value, duty and fees; freight and insurance are not on record."""
        if self.customs_value is None or self.total_duty is None or self.fees is None:
            return None
        return self.customs_value + self.total_duty + self.fees

    @property
    def duty_paid(self) -> Money | None:
        """What the sheet says was paid."""
        return _times(self.rig.duty_paid_cents, self.rig.quantity)


def landed_rigs(operator: Operator, entry: CustomsEntry) -> Iterator[LandedRig]:
    """The rigs of an entry, lot by lot in the order in which they came; a query for some hundred lots."""
    lots = {lot.lot_id: lot for lot in entry.lots}
    for some in in_chunks(lots):
        rigs: dict[int, list[Rig]] = {lot_id: [] for lot_id in some}
        for rig in Rig.objects.of(operator).filter(lot__in=some).order_by("pk"):
            rigs[rig.lot_id].append(rig)
        for lot_id in some:
            yield from _of_lot(lots[lot_id], rigs[lot_id])


def _of_lot(lot: EntryLot, rigs: list[Rig]) -> Iterator[LandedRig]:
    values = [_times(rig.customs_value_cents, rig.quantity) for rig in rigs]
    weights = [value.cents for value in values if value is not None]
    if len(weights) < len(rigs):  # a rig without a value came since the entry was worked out
        lot = replace(lot, lines=None, fees=None)
    duties = _shared_duty(lot, weights, len(rigs))
    fees = _shared(lot.fees, weights, len(rigs))
    for rig, value, duty, part in zip(rigs, values, duties, fees, strict=True):
        yield LandedRig(rig=rig, lot=lot, customs_value=value, duty=duty, fees=part)


def _shared_duty(lot: EntryLot, weights: list[int], rigs: int) -> list[dict[str, Money] | None]:
    if lot.lines is None:
        return [None] * rigs
    by_line = {line.measure: shared_out(line.duty.cents, weights) for line in lot.lines}
    return [
        {measure: Money.of_cents(parts[place]) for measure, parts in by_line.items()} for place in range(rigs)
    ]


def _shared(amount: Money | None, weights: list[int], rigs: int) -> list[Money | None]:
    if amount is None:
        return [None] * rigs
    return [Money.of_cents(cents) for cents in shared_out(amount.cents, weights)]


def _times(cents: int | None, quantity: int) -> Money | None:
    return None if cents is None else Money.of_cents(cents * quantity)
