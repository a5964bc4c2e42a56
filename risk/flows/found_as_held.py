"""What is found of a fleet as it is held, kept from one question to the next while fleet, makers and law stay."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fleet.models import Operator
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.shares import Standing
from risk.engine.sittings import Sitting
from risk.flows.fleet_as_held import HeldFleet
from risk.flows.gather_lots import LotToAssess
from risk.flows.share_on import assess_one, standing
from risk.models import PolicyEdition

FOUND_KEPT = 4


@dataclass(frozen=True, slots=True)
class FoundFleet:
    """A fleet's lots with the finding on each, and the sitting that can go on."""

    lots: Mapping[int, LotToAssess]
    results: Mapping[int, ExposureResult]
    standings: Mapping[int, Standing]
    sitting: Sitting

    def knows(self, lot: LotToAssess) -> bool:
        """Whether it is one of these lots, with the same facts, maker and value."""
        known = self.lots.get(lot.lot_id)
        return known is not None and known.vendor is lot.vendor and known.value is lot.value


def found_as_held(operator: Operator, fleet: HeldFleet, edition: PolicyEdition, on: date) -> FoundFleet:
    """The finding on every lot of the fleet under an edition on a day; nothing is recorded."""
    if not edition.is_published:
        return _found(fleet, Sitting(considered(edition), on))
    return _kept(_Question(operator.pk, fleet, edition, on))


class _Question:
    """A question that is the same while the very same lots, holdings and makers are asked about."""

    def __init__(self, operator_id: int, fleet: HeldFleet, edition: PolicyEdition, on: date) -> None:
        self.fleet, self.edition, self.on = fleet, edition, on
        makers = tuple(sorted((pk, id(maker)) for pk, maker in fleet.makers.items()))
        self._key = (operator_id, id(fleet.held), makers, edition.pk, edition.digest, on)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=FOUND_KEPT)
def _kept(question: _Question) -> FoundFleet:
    # The question keeps the fleet, so no other comes to bear its identity while this is kept.
    found = _found(question.fleet, Sitting(considered(question.edition), question.on))
    # What is kept for long has no cycles and need not be looked through for them with every collection: that took
    # half of the time of an answer (measured).
    gc.collect()
    gc.freeze()
    return found


def _found(fleet: HeldFleet, sitting: Sitting) -> FoundFleet:
    lots = {lot.lot_id: lot for lot in fleet.to_assess()}
    results = {lot_id: assess_one(lot, sitting) for lot_id, lot in lots.items()}
    standings = {lot_id: standing(lot, results[lot_id]) for lot_id, lot in lots.items()}
    return FoundFleet(lots, results, standings, sitting)
