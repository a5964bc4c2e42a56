"""The fleet as a scenario would have it: rigs bought, sold, moved and delayed, in memory alone.

Rigs of one holding are taken as equal where a part of them is meant. A lot that a change would make has a
negative id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import reduce
from typing import assert_never

from fleet.models import Operator, RigBin, RigModel
from fleet.selectors import Holdings, facts_of, models_named
from risk.engine.facts import LotFacts
from risk.engine.shares import Measured
from risk.engine.terms.rigs import RigStatus
from risk.flows.bought_rigs import lot_bought, rigs_bought, site_countries
from risk.flows.fleet_as_held import HeldFleet
from risk.flows.vendor_standing import screened_vendors
from risk.scenarios.scenario import (
    FleetChange,
    RigsBought,
    RigsDelayed,
    RigsMoved,
    RigsSold,
    Scenario,
    ScenarioRefused,
    Which,
)

Supposed = Callable[[Holdings], Iterable[tuple[LotFacts | None, Holdings]]]


def supposed_fleet(fleet: HeldFleet, scenario: Scenario, operator: Operator) -> HeldFleet:
    """The fleet after the changes, in their order; the same fleet where none concerns rigs.

    Raises ScenarioRefused for a model that the catalogue does not know, and where fewer rigs are meant by
    the words than `units` asks for, or none at all.
    """
    changes = [change for change in scenario.changes if isinstance(change, FleetChange)]
    if not changes:
        return fleet
    return reduce(lambda moved, change: moved.after(change), changes, _Moved(fleet, operator)).fleet


@dataclass(frozen=True, slots=True)
class _Moved:
    """A fleet on its way through the changes."""

    fleet: HeldFleet
    operator: Operator

    def after(self, change: FleetChange) -> _Moved:
        match change:
            case RigsBought():
                fleet = self._with_bought(change)
            case RigsSold():
                fleet = self._each(change.which, lambda part: [(None, _as(part, RigStatus.SOLD))])
            case RigsMoved():
                fleet = self._each(change.which, lambda part: self._elsewhere(part, change))
            case RigsDelayed():
                fleet = self._each(change.which, lambda part: self._later(part, change))
            case _:
                assert_never(change)
        return replace(self, fleet=fleet)

    def _each(self, which: Which, supposed: Supposed) -> HeldFleet:
        """What becomes of the rigs that are meant; the others stay as they are."""
        kept, meant = _parted(self.fleet, which)
        lots, held = _Lots(self.fleet), [*kept]
        for part in meant:
            _, maker_id = self.fleet.lots[part.lot_id]
            for facts, each in supposed(part):
                lot_id = part.lot_id if facts is None else lots.numbered(facts, maker_id)
                held.append(replace(each, lot_id=lot_id))
        return self.fleet.holding(_merged(held), lots=lots.by_id, makers=self.fleet.makers)

    def _elsewhere(self, part: Holdings, change: RigsMoved) -> Iterator[tuple[LotFacts | None, Holdings]]:
        """They stand in another country now and never entered it; an entry that they had stays open where it was,
        which is what a sold rig leaves behind."""
        facts = self.fleet.lots[part.lot_id][0]
        if facts.entry_date is not None or facts.entry_number is not None:
            yield None, _as(part, RigStatus.SOLD)
        there = replace(
            facts,
            import_country=change.to_country,
            entry_date=None,
            expected_entry_date=None,
            entry_number=None,
            loaded_date=None,
            transport_mode=None,
            importer_of_record=None,
            usmca_claim=None,
            us_content_percent=None,
        )
        yield there, replace(part, site=change.to_site or part.site, country_of_origin=there.origin)

    def _later(self, part: Holdings, change: RigsDelayed) -> Iterator[tuple[LotFacts | None, Holdings]]:
        """Rigs that have arrived, or whose day nobody expects, stay as they are."""
        facts = self.fleet.lots[part.lot_id][0]
        if facts.has_arrived or facts.expected_entry_date is None or facts.entry_date is not None:
            yield None, part
            return
        later = facts.expected_entry_date + timedelta(days=change.days)
        yield replace(facts, expected_entry_date=later), part

    def _with_bought(self, change: RigsBought) -> HeldFleet:
        model, bin_ = _model(change)
        facts = facts_of(lot_bought(change, model, site_countries(self.operator)))
        lots, makers = _Lots(self.fleet), dict(self.fleet.makers)
        makers |= screened_vendors({model.maker_id} - set(makers), known_on=self.fleet.known_on)
        bought = Holdings(
            lot_id=lots.numbered(facts, model.maker_id),
            maker=facts.maker,
            model=facts.model,
            country_of_origin=facts.origin,
            country_of_assembly=facts.country_of_assembly,
            site=change.site,
            status=change.status,
            rigs=rigs_bought(change, model, bin_),
        )
        return self.fleet.holding(_merged([*self.fleet.held, bought]), lots=lots.by_id, makers=makers)


class _Lots:
    """The lots of a fleet, and those that are supposed beside them: equal facts are one lot, as in the fleet."""

    def __init__(self, fleet: HeldFleet) -> None:
        self.by_id = dict(fleet.lots)
        self._ids = {lot: lot_id for lot_id, lot in fleet.lots.items()}
        self._next = min(0, *fleet.lots, 0) - 1

    def numbered(self, facts: LotFacts, maker_id: int) -> int:
        """The id of the lot of these facts; a new one gets the next negative id."""
        lot = (facts, maker_id)
        if lot not in self._ids:
            self._ids[lot], self.by_id[self._next] = self._next, lot
            self._next -= 1
        return self._ids[lot]


def _parted(fleet: HeldFleet, which: Which) -> tuple[list[Holdings], list[Holdings]]:
    """What stays and what is meant; of the last holding perhaps a part."""
    meant = [each for each in fleet.held if _is_meant(each, which)]
    there_are = sum(each.rigs.units for each in meant)
    if not there_are or there_are < (which.units or 0):
        wanted = f"{which.units:,}" if which.units else "some"
        raise ScenarioRefused(
            [f"{wanted} rigs are meant, and {there_are:,} rigs of the fleet fit those words."]
        )
    kept = [each for each in fleet.held if not _is_meant(each, which)]
    left, taken = which.units or there_are, []
    for each in meant:
        units = min(left, each.rigs.units)
        left -= units
        if units:
            taken.append(replace(each, rigs=_part(each.rigs, units)))
        if units < each.rigs.units:
            kept.append(replace(each, rigs=_less(each.rigs, _part(each.rigs, units))))
    return kept, taken


def _is_meant(each: Holdings, which: Which) -> bool:
    asked = (
        (which.maker, each.maker),
        (which.model, each.model),
        (which.site, each.site),
        (which.country_of_origin, each.country_of_origin),
        (which.country_of_assembly, each.country_of_assembly),
    )
    return (
        each.status.counts_in_fleet
        and (not which.lots or each.lot_id in which.lots)
        and (not which.statuses or each.status in which.statuses)
        and all(wanted is None or wanted.casefold() == (found or "").casefold() for wanted, found in asked)
    )


def _part(rigs: Measured, units: int) -> Measured:
    """So many units of them: of every figure its share, rounded down."""
    figures = {each.name: getattr(rigs, each.name) * units // rigs.units for each in fields(Measured)}
    return Measured(**figures)


def _less(rigs: Measured, part: Measured) -> Measured:
    return Measured(
        **{each.name: getattr(rigs, each.name) - getattr(part, each.name) for each in fields(Measured)}
    )


def _as(part: Holdings, status: RigStatus) -> Holdings:
    return replace(part, status=status)


def _merged(held: Iterable[Holdings]) -> tuple[Holdings, ...]:
    """One holding a lot, site and status, as the fleet keeps them."""
    places: dict[tuple[int, str | None, RigStatus], Holdings] = {}
    for each in held:
        place = (each.lot_id, each.site, each.status)
        there = places.get(place)
        places[place] = replace(there, rigs=there.rigs + each.rigs) if there else each
    return tuple(places.values())


def _model(change: RigsBought) -> tuple[RigModel, RigBin | None]:
    found = models_named(change.model, maker=change.maker)
    if found.model is None:
        near = ", ".join(f"{each.maker} {each.model}" for each in found.candidates[:3])
        hint = f"did you mean {near}?" if near else "the catalogue has none like it."
        raise ScenarioRefused([f"The model '{change.model}' is not known; {hint}"])
    model = RigModel.objects.select_related("maker").get(maker__name=found.maker, name=found.model)
    bins = model.bins.filter(name=found.bin).order_by("reading", "pk") if found.bin else RigBin.objects.none()
    return model, bins.first()
