"""A fleet with its findings, gathered once, and the part of it that a page is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from fleet.models import Operator
from risk.engine.shares import AMOUNTS, FleetShares, Held, Standing
from risk.engine.terms.money import AdValoremRate
from risk.fleet_findings import FleetFindings, fleet_findings
from risk.models import Exposure
from risk.selectors import GROUPINGS, threshold_of

NOT_GIVEN = "(not given)"
ANY_STATUS = "any"

FILTERS: Mapping[str, Callable[[Held, AdValoremRate], frozenset[str]]] = {
    **{
        name: lambda held, _, key=key: frozenset({key(held) or NOT_GIVEN})  # type: ignore[misc]
        for name, key in GROUPINGS.items()
        if name != "lot"
    },
    "status": lambda held, _: frozenset({held.status.value, ANY_STATUS}),
    "part": lambda held, threshold: frozenset({held.standing.part(threshold).value}),
    "kind": lambda held, threshold: frozenset(held.standing.kinds(threshold)),
    "sanction": lambda held, _: frozenset({held.standing.sanction.value}),
    "doubt": lambda held, _: frozenset(held.standing.doubted_facts),
    "amount": lambda held, _: _amounts_of(held.standing),
}


def _amounts_of(standing: Standing) -> frozenset[str]:
    """The amounts to which a lot adds something, or in which it is not counted because it is unknown."""
    amounts = {name: getattr(standing, name) for name in AMOUNTS}
    return frozenset(name for name, money in amounts.items() if money is None or money.cents)


@dataclass(frozen=True)
class Narrowing:
    """What a page is narrowed to, as it stands in the address: names of FILTERS with one value each."""

    by: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """What of an address narrows a fleet; other names and empty values are left out."""
        return cls(tuple((name, given[name]) for name in FILTERS if given.get(name)))

    def and_(self, name: str, value: str | None) -> Narrowing:
        """Narrowed to one value more; None stands for what nobody gave."""
        return Narrowing.of(dict(self.by) | {name: value or NOT_GIVEN})

    def without(self, *names: str) -> Narrowing:
        """The same, no longer narrowed by these names."""
        return Narrowing(tuple(pair for pair in self.by if pair[0] not in names))

    @property
    def query(self) -> str:
        """As it stands behind the question mark of an address."""
        return urlencode(self.by)

    def __getitem__(self, name: str) -> str:
        return dict(self.by).get(name, "")

    def __bool__(self) -> bool:
        return bool(self.by)

    def is_of(self, **values: str | None) -> bool:
        """Whether these values are among those asked for; None stands for what nobody gave."""
        return all(self[name] in ("", value or NOT_GIVEN) for name, value in values.items())

    def holds(self, held: Held, threshold: AdValoremRate) -> bool:
        """Whether rigs belong to this part of the fleet."""
        return all(value in FILTERS[name](held, threshold) for name, value in self.by)


@dataclass(frozen=True)
class FleetView:
    """An operator's counted rigs beside their findings (without explanations), narrowed or whole."""

    operator: Operator
    found: FleetFindings
    threshold: AdValoremRate
    narrowing: Narrowing = Narrowing()

    def narrowed(self, narrowing: Narrowing) -> FleetView:
        """The part of the fleet that the address asks for; itself where it asks for the whole."""
        if not narrowing:
            return self
        asked = ("narrowed", narrowing.by, self.threshold)
        found = self.found.once(
            asked, lambda: self._those(lambda held: narrowing.holds(held, self.threshold))
        )
        return replace(self, found=found, narrowing=narrowing)

    def with_those(self, belongs: Callable[[Held], bool], narrowing: Narrowing | None = None) -> FleetView:
        """The part of the fleet that belongs."""
        return replace(self, found=self._those(belongs), narrowing=narrowing or self.narrowing)

    def _those(self, belongs: Callable[[Held], bool]) -> FleetFindings:
        return self.found.only(belongs)

    @property
    def held(self) -> tuple[Held, ...]:
        """The counted rigs in view."""
        return self.found.held

    @property
    def findings(self) -> Mapping[int, Exposure]:
        """The current findings of the whole fleet, by lot."""
        return self.found.findings

    @property
    def shares(self) -> FleetShares:
        """The exposed parts of what is in view."""
        return self.found.shares(self.threshold)

    def shares_by(self, grouping: str) -> dict[str | None, FleetShares]:
        """The same for each group, largest first. `grouping` is a name of GROUPINGS."""
        return self.found.shares_by(GROUPINGS[grouping], self.threshold)

    @property
    def lots_findings(self) -> list[Exposure]:
        """The finding on each lot in view, in order of lots; lots not yet assessed have none."""
        return self.found.once("findings", self._findings_in_view)

    def _findings_in_view(self) -> list[Exposure]:
        lot_ids = {each.standing.lot_id for each in self.held}
        return [self.findings[lot_id] for lot_id in sorted(lot_ids & self.findings.keys())]

    def choices(self, name: str) -> list[str]:
        """The values that a filter could take in this fleet, in order."""
        values = FILTERS[name]
        return self.found.once(
            ("choices", name, self.threshold),
            lambda: sorted({value for each in self.held for value in values(each, self.threshold)}),
        )


def fleet_view(operator: Operator) -> FleetView:
    """The whole fleet of an operator as last assessed, in a fixed number of queries."""
    return FleetView(operator=operator, found=fleet_findings(operator), threshold=threshold_of(operator))
