"""What is found of a fleet as it is held, kept from one question to the next while fleet, makers and law stay."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from fleet.models import Operator
from ledger.latest import Latest
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.shares import Standing
from risk.engine.sittings import Sitting
from risk.fleet_findings import fleet_findings
from risk.flows.fleet_as_held import HeldFleet, fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.flows.share_on import assess_one, exposure_of, standing
from risk.models import PolicyEdition
from risk.selectors import FleetExposure, exposed_share

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
        return (
            known is not None
            and known.facts is lot.facts
            and known.vendor is lot.vendor
            and known.value is lot.value
        )


def exposure_as_held(operator: Operator, edition: PolicyEdition, *, on: date, today: date) -> FleetExposure:
    """The exposure of the fleet as it stands, under an edition on a day: the one on record where that is what would
    be found, else worked out. Lists count that are fresh `today`."""
    share = exposed_share(operator, on=today)
    if share.is_fresh and share.edition == edition and fleet_findings(operator).holds_on(on):
        return replace(share, assessed_on=on, assessed_at=None, progress=None)
    return found_as_held(operator, fleet_as_held(operator, known_on=today), edition, on).exposure


def found_as_held(operator: Operator, fleet: HeldFleet, edition: PolicyEdition, on: date) -> FoundFleet:
    """The finding on every lot of the fleet under an edition on a day; nothing is recorded."""
    question = _Question(operator, fleet, edition, on)
    if not edition.is_published:
        return _found(question, None)
    _, found = _FOUND.made(
        question.law, stands=lambda kept: kept[0] == question, make=partial(_kept, question)
    )
    return found


class _Question:
    """A question that is the same while the very same lots, holdings and makers are asked about. `law` is what stays
    when they differ: whose fleet, under which edition, on which day."""

    def __init__(self, operator: Operator, fleet: HeldFleet, edition: PolicyEdition, on: date) -> None:
        self.operator, self.fleet, self.edition, self.on = operator, fleet, edition, on
        self.law = (operator.pk, edition.pk, edition.digest, on)
        makers = tuple(sorted((pk, id(maker)) for pk, maker in fleet.makers.items()))
        self._asked = (self.law, operator.tariff_threshold_percent, id(fleet.held), makers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._asked == other._asked

    __hash__ = None  # type: ignore[assignment]


_FOUND: Latest[tuple[object, ...], tuple[_Question, FoundFleet]] = Latest(FOUND_KEPT)


def _kept(question: _Question, before: tuple[_Question, FoundFleet] | None) -> tuple[_Question, FoundFleet]:
    # The question keeps the fleet, so no other comes to bear its identity while this is kept.
    if before:
        return question, _found(question, before[1])
    found = _found(question, None)
    # What is kept for long has no cycles and need not be looked through for them with every collection: that took
    # half of the time of an answer (measured).
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return question, found


def _found(question: _Question, before: FoundFleet | None) -> FoundFleet:
    """Only lots that read otherwise than before are assessed."""
    fleet, edition, on = question.fleet, question.edition, question.on
    sitting = before.sitting if before else Sitting(considered(edition), on)
    lots = {lot.lot_id: lot for lot in fleet.to_assess()}
    same = {lot_id for lot_id, lot in lots.items() if before.knows(lot)} if before else set()
    results = {
        pk: before.results[pk] if before and pk in same else assess_one(lot, sitting)
        for pk, lot in lots.items()
    }
    standings = {
        pk: before.standings[pk] if before and pk in same else standing(lot, results[pk])
        for pk, lot in lots.items()
    }
    exposure = exposure_of(question.operator, fleet.held, standings, edition=edition, on=on)
    return FoundFleet(lots, results, standings, exposure, sitting)
