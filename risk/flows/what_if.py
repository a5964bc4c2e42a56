"""Before and after a supposition: the fleet and the law as they are and as they would be, nothing recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fleet.models import Operator
from fleet.selectors import Holdings
from risk.book import considered
from risk.engine.shares import NOTHING, Measured, Standing
from risk.engine.suppositions import SupposedSitting
from risk.flows.fleet_as_held import HeldFleet, fleet_as_held
from risk.flows.found_as_held import FoundFleet, found_as_held
from risk.flows.share_on import assess_one, exposure_of, standing
from risk.flows.supposed_fleet import supposed_fleet
from risk.models import PolicyEdition
from risk.scenarios import Scenario, supposed_book, supposed_vendor
from risk.selectors import FleetExposure


@dataclass(frozen=True, slots=True, kw_only=True)
class LotMoved:
    """A lot whose finding or whose rigs differ: what it holds in the fleet, and its finding, before and after.

    None where there is no such lot before, or after. A lot that would be made has a negative id.
    """

    lot_id: int
    maker: str
    model: str
    rigs_before: Measured
    rigs_after: Measured
    before: Standing | None
    after: Standing | None

    @property
    def weight(self) -> tuple[int, int]:
        """Hashrate that moved first, then units."""
        return (
            max(self.rigs_before.hashrate_ghs, self.rigs_after.hashrate_ghs),
            max(self.rigs_before.units, self.rigs_after.units),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Two exposures of one fleet on one day, and the lots that differ, those with most hashrate first."""

    scenario: Scenario
    before: FleetExposure
    after: FleetExposure
    moved: tuple[LotMoved, ...]


def what_if(
    operator: Operator, scenario: Scenario, *, edition: PolicyEdition, on: date, today: date | None = None
) -> WhatIf:
    """What the scenario would make of the fleet. Given `today`, lists that are fresh then count on another day too.

    Equal to the last digit to what the product finds once the same is real and assessed on that day. Raises
    ScenarioRefused where the scenario does not fit the edition or the fleet.
    """
    fleet, law = fleet_as_held(operator, known_on=today), considered(edition)
    book = supposed_book(law.book, scenario)
    then = supposed_fleet(fleet, scenario, operator)
    then = replace(then, makers={pk: supposed_vendor(maker, scenario) for pk, maker in then.makers.items()})
    known = found_as_held(operator, fleet, edition, on)
    beside = None if book is law.book else SupposedSitting.beside(known.sitting, book)
    after = _supposed(known, then, beside)
    return WhatIf(
        scenario=scenario,
        before=known.exposure,
        after=exposure_of(operator, then.held, after, edition=edition, on=on),
        moved=_moved(fleet, known.standings, then, after),
    )


def _supposed(known: FoundFleet, then: HeldFleet, beside: SupposedSitting | None) -> dict[int, Standing]:
    """What is found of the fleet that would be; a lot of which nothing changes keeps its standing."""
    standings = {}
    for lot in then.to_assess():
        before = known.results.get(lot.lot_id) if known.knows(lot) else None
        if before is None:
            after = assess_one(lot, beside or known.sitting)
        else:
            after = beside.instead_of(before, lot.facts, lot.vendor, lot.value) if beside else before
        standings[lot.lot_id] = known.standings[lot.lot_id] if after is before else standing(lot, after)
    return standings


def _moved(
    fleet: HeldFleet, before: Mapping[int, Standing], then: HeldFleet, after: Mapping[int, Standing]
) -> tuple[LotMoved, ...]:
    rigs_before, rigs_after = _rigs_of(fleet.held), _rigs_of(then.held)
    differ = [
        lot_id
        for lot_id in {**before, **after}
        if before.get(lot_id) != after.get(lot_id) or rigs_before.get(lot_id) != rigs_after.get(lot_id)
    ]
    facts = {**then.lots, **fleet.lots}
    lots = (
        LotMoved(
            lot_id=lot_id,
            maker=facts[lot_id][0].maker,
            model=facts[lot_id][0].model,
            rigs_before=rigs_before.get(lot_id, NOTHING),
            rigs_after=rigs_after.get(lot_id, NOTHING),
            before=before.get(lot_id),
            after=after.get(lot_id),
        )
        for lot_id in differ
    )
    return tuple(sorted(lots, key=lambda lot: (lot.weight, lot.lot_id), reverse=True))


def _rigs_of(held: tuple[Holdings, ...]) -> dict[int, Measured]:
    """What each lot holds in the fleet."""
    rigs: dict[int, Measured] = {}
    for each in held:
        if each.status.counts_in_fleet:
            rigs[each.lot_id] = rigs.get(each.lot_id, NOTHING) + each.rigs
    return rigs
