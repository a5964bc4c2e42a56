"""An operator's whole fleet as the engine and the shares take it, gathered once while it does not change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from fleet.kept_fleets import KeptFleet, kept_fleet
from fleet.models import Operator
from fleet.models.operator import COUNTED_VERSION
from fleet.selectors import Holdings
from ledger.latest import Latest
from ledger.written_queries import WrittenQuery
from risk.engine.amounts import LotValue
from risk.engine.facts import LotFacts, VendorFacts
from risk.flows.gather_lots import NO_RIGS, LotToAssess, lot_values
from risk.flows.vendor_standing import screened_vendors

FLEETS_KEPT = 4
MAKERS_KEPT = 512

HeldLot = tuple[LotFacts, int]


@dataclass(frozen=True, slots=True)
class HeldFleet:
    """Lots by id with their facts and their maker's id, makers by id, everything that is held of them, and what
    that is worth by lot.

    A lot that is only supposed has a negative id. `known_on` is the day of which lists count, where that is not the
    day asked about.
    """

    lots: Mapping[int, HeldLot]
    makers: Mapping[int, VendorFacts]
    held: tuple[Holdings, ...]
    values: Mapping[int, LotValue]
    known_on: date | None = None

    def holding(
        self, held: Iterable[Holdings], *, lots: Mapping[int, HeldLot], makers: Mapping[int, VendorFacts]
    ) -> HeldFleet:
        """The fleet that would hold this instead; only what is not held already is added up anew."""
        held = tuple(held)
        same = set(map(id, self.held)) & set(map(id, held))
        touched = {each.lot_id for each in (*self.held, *held) if id(each) not in same}
        anew = lot_values(each for each in held if each.lot_id in touched)
        left = {lot_id: value for lot_id, value in self.values.items() if lot_id not in touched}
        return replace(self, lots=lots, makers=makers, held=held, values=left | anew)

    def to_assess(self) -> list[LotToAssess]:
        """Each lot that holds rigs, with all that the engine needs."""
        return [
            LotToAssess(
                lot_id=lot_id,
                facts=self.lots[lot_id][0],
                vendor=self.makers[self.lots[lot_id][1]],
                value=self.values.get(lot_id) or NO_RIGS,
            )
            for lot_id in dict.fromkeys(each.lot_id for each in self.held)
        ]


_VERSIONS = WrittenQuery(
    lambda at: Operator.objects.filter(pk=at("operator")).values_list(COUNTED_VERSION, flat=True)
)


def fleet_as_held(operator: Operator, *, known_on: date | None = None) -> HeldFleet:
    """The fleet as it stands. Lots and holdings are read anew only when the fleet has moved, and then those that
    differ; what the register says of makers is read every time, for it changes by itself. `known_on`: see
    screened_vendors."""
    kept = kept_fleet(operator, _VERSIONS.rows(operator=operator.pk)[0])
    _, fleet = _HELD.made(operator.pk, stands=lambda known: known[0] is kept, make=partial(_as_held, kept))
    makers = screened_vendors({maker for _, maker in fleet.lots.values()}, known_on=known_on)
    return replace(fleet, makers={pk: _the_same(maker) for pk, maker in makers.items()}, known_on=known_on)


_HELD: Latest[int, tuple[KeptFleet, HeldFleet]] = Latest(FLEETS_KEPT)
_NOTHING = HeldFleet(lots={}, makers={}, held=(), values={})


def _as_held(kept: KeptFleet, before: tuple[KeptFleet, HeldFleet] | None) -> tuple[KeptFleet, HeldFleet]:
    """Values of lots that hold the same are the same objects as before."""
    fleet = before[1] if before else _NOTHING
    lots = {lot.lot_id: (lot.facts, lot.maker_id) for lot in kept.lots.values()}
    return kept, fleet.holding(kept.held, lots=lots, makers={})


@lru_cache(maxsize=MAKERS_KEPT)
def _the_same(maker: VendorFacts) -> VendorFacts:
    """One object for equal facts: a sitting tells makers by identity."""
    return maker
