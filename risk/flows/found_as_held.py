"""What is found of a fleet as it is held, kept from one question to the next while fleet, makers and law stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from fleet.models import Operator
from ledger.latest import Latest, kept_for_long
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.facts import VendorFacts
from risk.engine.shares import Standing
from risk.engine.sittings import Sitting
from risk.fleet_findings import FleetFindings
from risk.flows.fleet_as_held import HeldFleet, fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.flows.share_on import assess_one, exposure_of, standing
from risk.models import PolicyEdition
from risk.selectors import FleetExposure, current_edition, findings_that_stand, threshold_of

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


def exposure_as_held(
    operator: Operator, edition: PolicyEdition, *, on: date, today: date
) -> tuple[FleetExposure, Mapping[int, VendorFacts]]:
    """The exposure of the fleet as it stands, under an edition on a day: the one on record where that is what would
    be found, else worked out. Lists count that are fresh `today`. With it the fleet's makers, as far as they had to
    be read."""
    if edition == current_edition() and (found := findings_that_stand(operator, on=on, today=today)):
        return _on_record(operator, found, edition, on), {}
    fleet = fleet_as_held(operator, known_on=today)
    return found_as_held(operator, fleet, edition, on).exposure, fleet.makers


def _on_record(operator: Operator, found: FleetFindings, edition: PolicyEdition, on: date) -> FleetExposure:
    return FleetExposure(
        operator=operator,
        assessed_on=on,
        edition=edition,
        list_editions=dict(found.list_editions),
        whole=found.shares(threshold_of(operator)),
        groups=None,
        owed_lots=0,
        assessed_at=None,
    )


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
    kept_for_long(len(found.lots))
    return question, found


def _found(question: _Question, before: FoundFleet | None) -> FoundFleet:
    """Only lots that read otherwise than before are assessed."""
    fleet, edition, on = question.fleet, question.edition, question.on
    sitting = before.sitting if before else Sitting(considered(edition), on, is_for_one_day=True)
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
