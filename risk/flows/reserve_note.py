"""A reserve note: what a dispute over origin could cost a fleet on a day, low, likely and high; not recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from fleet.flows.liquidations import liquidations_of
from fleet.flows.origin_evidence import CoveredRig, PaperOnRecord, SerialRegister, papers_of, rigs_in
from fleet.models import Operator
from fleet.selectors import Holdings
from risk.book import considered
from risk.engine.allocation import shared_out
from risk.engine.amounts import LotValue
from risk.engine.exposure import Stage
from risk.engine.facts import LotFacts
from risk.engine.reserve import LotEvidence, LotReserve, bears, reserve_of
from risk.engine.sittings import Sitting
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.fleet_as_held import HeldFleet, fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.models import PolicyEdition

COLUMNS = ("low", "likely", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLine:
    """One entered lot: its facts, all units that it ever held and their customs value, and its columns."""

    lot_id: int
    facts: LotFacts
    units: int
    value: Money | None
    reserve: LotReserve


@dataclass(slots=True, kw_only=True)
class Sum:
    """Columns added up in cents over the lots whose amount is known, and beside each how many are unknown."""

    lots: int = 0
    cents: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    unknown_lots: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def add(self, amounts: Mapping[str, int | None]) -> None:
        """One lot, or one lot's part, more."""
        self.lots += 1
        for column, cents in amounts.items():
            if cents is None:
                self.unknown_lots[column] += 1
            else:
                self.cents[column] += cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveNote:
    """The note on a fleet: its lots by number, and their sums; a key of None is what nobody gave."""

    operator: Operator
    on: date
    edition: PolicyEdition
    lines: tuple[ReserveLine, ...]
    total: Sum
    by_stage: dict[str | None, Sum]
    by_entry: dict[str | None, Sum]
    by_maker: dict[str | None, Sum]
    by_site: dict[str | None, Sum]


def reserve_note(operator: Operator, *, on: date, edition: PolicyEdition) -> ReserveNote:
    """Today's fleet and its papers, asked about any day under an edition."""
    fleet = fleet_as_held(operator)
    sitting = Sitting(considered(edition), on)
    lines = tuple(_lines(operator, fleet, sitting))
    return ReserveNote(
        operator=operator,
        on=on,
        edition=edition,
        lines=lines,
        total=_summed(lines, lambda line: "")[""] if lines else Sum(),
        by_stage=_summed(lines, lambda line: line.reserve.clock and line.reserve.clock.value),
        by_entry=_summed(lines, lambda line: line.facts.entry_number),
        by_maker=_summed(lines, lambda line: line.facts.maker),
        by_site=_by_site(lines, fleet.held),
    )


def _lines(operator: Operator, fleet: HeldFleet, sitting: Sitting) -> Iterator[ReserveLine]:
    """Every lot that customs has seen, known day or not."""
    papers, liquidations = _Papers(operator, fleet.held), liquidations_of(operator)
    for lot in fleet.to_assess():
        evidence = papers.on(lot, sitting.on)
        liquidated = liquidations.get(lot.facts.entry_number or "")
        reserve = reserve_of(lot.facts, lot.vendor, lot.value, evidence, sitting, liquidated=liquidated)
        if reserve.stage in (Stage.ENTERED, Stage.ENTERED_UNDATED):
            units = papers.units[lot.lot_id]
            yield ReserveLine(
                lot_id=lot.lot_id, facts=lot.facts, units=units, value=lot.value.ever, reserve=reserve
            )


class _Papers:
    """The papers of an operator, arranged by the lots and rigs that they cover."""

    def __init__(self, operator: Operator, held: Iterable[Holdings]) -> None:
        self.units: dict[int, int] = defaultdict(int)
        for each in held:
            self.units[each.lot_id] += each.rigs.units
        papers = papers_of(operator)
        self._whole: dict[int, list[PaperOnRecord]] = defaultdict(list)
        for paper in papers:
            for lot_id in paper.lot_ids:
                self._whole[lot_id].append(paper)
        self._named: dict[int, dict[int, list[CoveredRig]]] = defaultdict(lambda: defaultdict(list))
        self._ranged = {paper.pk: paper for paper in papers if paper.ranges}
        self._name_rigs(operator)

    def _name_rigs(self, operator: Operator) -> None:
        """By lot and paper, the rigs whose serial numbers the paper names."""
        ranged = self._ranged.values()
        register = SerialRegister(rigs_in(operator, (each for paper in ranged for each in paper.ranges)))
        for paper in ranged:
            for rig in register.within(paper.ranges):
                self._named[rig.lot_id][paper.pk].append(rig)

    def on(self, lot: LotToAssess, day: date) -> LotEvidence:
        """The papers on a lot, and what of it they leave uncovered on a day."""
        whole = tuple(paper.evidence for paper in self._whole.get(lot.lot_id, ()))
        named = {self._ranged[pk]: rigs for pk, rigs in self._named.get(lot.lot_id, {}).items()}
        counting = [each for each in named if bears(each.evidence, lot.facts.origin, day)]
        covered = {rig.pk: rig for paper in counting for rig in named[paper]}
        covers_all = any(bears(each, lot.facts.origin, day) for each in whole) or (
            bool(covered) and len(covered) == self.units[lot.lot_id]
        )
        return LotEvidence(
            whole=whole,
            partly=tuple(paper.evidence for paper in named),
            covers_all=covers_all,
            left=NO_MONEY if covers_all else _left(lot.value, covered.values()),
        )


def _left(value: LotValue, covered: Iterable[CoveredRig]) -> Money | None:
    """The value of what is not covered. A fleet that changed between two queries never makes it negative."""
    if value.ever is None:
        return None
    return Money.of_cents(max(value.ever.cents - sum(rig.value_cents or 0 for rig in covered), 0))


def _amounts(line: ReserveLine) -> dict[str, int | None]:
    told = {column: getattr(line.reserve, column) for column in COLUMNS}
    return {column: None if money is None else money.cents for column, money in told.items()}


def _summed(lines: Iterable[ReserveLine], key: Callable[[ReserveLine], str | None]) -> dict[str | None, Sum]:
    sums: dict[str | None, Sum] = {}
    for line in lines:
        sums.setdefault(key(line), Sum()).add(_amounts(line))
    return _in_order(sums)


def _by_site(lines: Iterable[ReserveLine], held: Iterable[Holdings]) -> dict[str | None, Sum]:
    """A lot at several sites is shared out by the customs value that stands at each, to the cent."""
    places: dict[int, dict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    for each in held:
        places[each.lot_id][each.site] += each.rigs.value_cents
    sums: dict[str | None, Sum] = {}
    for line in lines:
        sites = places[line.lot_id]
        for site, amounts in zip(sites, _shared(_amounts(line), list(sites.values())), strict=True):
            sums.setdefault(site, Sum()).add(amounts)
    return _in_order(sums)


def _shared(amounts: Mapping[str, int | None], weights: list[int]) -> list[dict[str, int | None]]:
    shares: list[dict[str, int | None]] = [{} for _ in weights]
    for column, cents in amounts.items():
        parts = None if cents is None else shared_out(cents, weights)
        for place, share in enumerate(shares):
            share[column] = parts[place] if parts else None
    return shares


def _in_order(sums: dict[str | None, Sum]) -> dict[str | None, Sum]:
    """By name, what nobody gave last."""
    return {key: sums[key] for key in sorted(sums, key=lambda key: (key is None, key or ""))}
