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
from risk.flows.share_on import assess_one, exposure_of, standing
from risk.models import PolicyEdition
from risk.selectors import FleetExposure

FOUND_KEPT = 4


@dataclass(frozen=True, slots=True)
class FoundFleet:
    """A fleet's lots with the finding on each, the exposure that they make, and the sitting that can go on."""

    lots: Mapping[int, LotToAssess]
    results: Mapping[int, ExposureResult]
    standings: Mapping[int, Standing]
    exposure: FleetExposure
    sitting: Sitting

    def knows(self, lot: LotToAssess) -> bool:
        """Whether it is one of these lots, with the same facts, maker and value."""
        known = self.lots.get(lot.lot_id)
        return known is not None and known.vendor is lot.vendor and known.value is lot.value


def found_as_held(operator: Operator, fleet: HeldFleet, edition: PolicyEdition, on: date) -> FoundFleet:
    """The finding on every lot of the fleet under an edition on a day; nothing is recorded."""
    question = _Question(operator, fleet, edition, on)
    return _kept(question) if edition.is_published else _found(question)


class _Question:
    """A question that is the same while the very same lots, holdings and makers are asked about."""

    def __init__(self, operator: Operator, fleet: HeldFleet, edition: PolicyEdition, on: date) -> None:
        self.operator, self.fleet, self.edition, self.on = operator, fleet, edition, on
        makers = tuple(sorted((pk, id(maker)) for pk, maker in fleet.makers.items()))
        threshold = operator.tariff_threshold_percent
        self._key = (operator.pk, threshold, id(fleet.held), makers, edition.pk, edition.digest, on)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=FOUND_KEPT)
def _kept(question: _Question) -> FoundFleet:
    # The question keeps the fleet, so no other comes to bear its identity while this is kept.
    found = _found(question)
    # What is kept for long has no cycles and need not be looked through for them with every collection: that took
    # half of the time of an answer (measured).
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return found


def _found(question: _Question) -> FoundFleet:
    fleet, edition, on = question.fleet, question.edition, question.on
    sitting = Sitting(considered(edition), on)
    lots = {lot.lot_id: lot for lot in fleet.to_assess()}
    results = {lot_id: assess_one(lot, sitting) for lot_id, lot in lots.items()}
    standings = {lot_id: standing(lot, results[lot_id]) for lot_id, lot in lots.items()}
    exposure = exposure_of(question.operator, fleet.held, standings, edition=edition, on=on)
    return FoundFleet(lots, results, standings, exposure, sitting)
