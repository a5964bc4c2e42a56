"""The exposed share of today's fleet through time: the days on which it changes, and what changes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from fleet.models import Operator
from risk.book import considered
from risk.engine.clocks import EntryClocks
from risk.engine.conditions.claimed import Claimed
from risk.engine.exposure import bearing_outcome, finding_on
from risk.engine.facts import EntryFacts, LotFacts, VendorFacts
from risk.engine.outcomes import Considered
from risk.engine.policy import MeasureKind, MeasureSpec, PolicyBook, PolicyChanges, RateType
from risk.engine.sanctions import SanctionFinding, days_of_lists, sanction_finding
from risk.engine.shares import MEASURES, NOTHING, Exposedness, Kind, Measured, Part, Shares, shares_of
from risk.engine.sittings import Sitting
from risk.engine.terms.money import HUNDRED, NO_MONEY, AdValoremRate, Money, plain
from risk.engine.terms.spans import ONE_DAY
from risk.flows.fleet_as_held import FLEETS_KEPT, HeldFleet, fleet_as_held
from risk.flows.fleet_parts import FleetPart, PartMove, added, figures_of
from risk.flows.gather_lots import LotToAssess
from risk.models import PolicyEdition
from risk.selectors import threshold_of

FIRST_DAY = date(2018, 7, 1)
"""Nothing is on record for rigs before it (docs/scoring.md)."""

# Where rigs are counted: in one part of the bar, and in every way in which they are exposed.
Place = tuple[Part | None, frozenset[Kind]]
_NOWHERE: Place = (None, frozenset())
_AT_STAKE: Place = (None, frozenset({Kind.CONTINGENT}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The exposed share from `first` through `through`, and what moved it.

    `begun` and `ended` are the measures that reach a lot which moved on the first day; `lots_of_their_own`
    moved because a day of their own passed (an entry, an expected entry, the last clock of customs).
    `points` are percentage points by which the exposed share (tariff or sanction) moved, by units, hashrate,
    power and value; None where a share is of nothing, and on the first step.
    """

    first: date
    through: date
    exposed: Mapping[Kind, Shares]
    bar: Mapping[Part, Shares]
    begun: tuple[MeasureSpec, ...] = ()
    ended: tuple[MeasureSpec, ...] = ()
    lots_moved: int = 0
    lots_of_their_own: int = 0
    points: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughTime:
    """The steps of one fleet under one edition, in order and without a gap, and what moves each of its parts."""

    operator: Operator
    edition: PolicyEdition
    today: date
    fleet: Measured
    steps: tuple[Step, ...]
    parts: tuple[FleetPart, ...] = ()

    @property
    def coming(self) -> tuple[Step, ...]:
        """The steps after today."""
        return tuple(step for step in self.steps if step.first > self.today)


def _is_exposed(place: Place) -> bool:
    return Kind.ANY in place[1]


def _is_unknown(place: Place) -> bool:
    return place[0] is Part.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Move:
    """Rigs of lots that stand alike, counted elsewhere from a day on; `entry` is None where law moves nothing."""

    before: Place
    after: Place
    rigs: Measured
    lots: int
    entry: EntryFacts | None

    @property
    def is_by_a_list(self) -> bool:
        """Whether what the lists say of the maker is another."""
        return bool((self.before[1] ^ self.after[1]) & {Kind.SANCTION, Kind.WATCH})

    @property
    def is_told(self) -> bool:
        """Whether rigs become exposed or unknown by it, or no longer are."""
        return any(self.moved(where) != NOTHING for where in (_is_exposed, _is_unknown))

    def moved(self, where: Callable[[Place], bool]) -> Measured:
        """The rigs that come to such places; those that leave them are counted below nothing."""
        was, is_now = where(self.before), where(self.after)
        return NOTHING if was == is_now else self.rigs if is_now else NOTHING - self.rigs


@dataclass(eq=False, slots=True)
class _Group:
    """Lots that stand alike on every day, their rigs together, and by site with how many lots are there. `own_days`
    may move them beside the law's."""

    lot: LotToAssess
    own_days: frozenset[date]
    rigs: Measured = NOTHING
    lots: int = 0
    by_site: dict[str | None, tuple[Measured, int]] = field(default_factory=dict)


class _Tally:
    """The rigs in each part and of each kind, as moves change them."""

    def __init__(self) -> None:
        self.parts: dict[Part, Measured] = {}
        self.kinds: dict[Kind, Measured] = {}

    def take(self, move: _Move) -> None:
        """Count the rigs where they are now, and no longer where they were."""
        for (part, kinds), rigs in ((move.before, NOTHING - move.rigs), (move.after, move.rigs)):
            if part is not None:
                self.parts[part] = self.parts.get(part, NOTHING) + rigs
            for kind in kinds:
                self.kinds[kind] = self.kinds.get(kind, NOTHING) + rigs


def share_through_time(
    operator: Operator,
    *,
    edition: PolicyEdition,
    today: date,
    first: date = FIRST_DAY,
    last: date | None = None,
) -> ThroughTime:
    """The steps from `first` through the last known change of law or expected entry, or through `last`.

    On every day of a step the shares equal those of share_on() for that day, to the last digit. Days before
    FIRST_DAY are left out. What lists say of makers, and what people decided on it, is that of today on every day;
    where a list gives the day of a listing, it counts from then on.
    """
    fleet = fleet_as_held(operator, known_on=today)
    return _kept(
        _Asked(
            operator_id=operator.pk,
            edition_id=edition.pk,
            today=today,
            first=max(first, FIRST_DAY),
            last=last,
            threshold=threshold_of(operator),
            lots=_Same(fleet.lots),
            held=_Same(fleet.held),
            makers=tuple(map(_Same, fleet.makers.values())),
            operator=operator,
            edition=edition,
            fleet=fleet,
        )
    )


@dataclass(frozen=True, slots=True)
class _Same:
    """The very same object: what is remembered of a fleet is the same object until the fleet changes."""

    it: object = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question about a fleet; two are alike when nothing that the answer rests on differs."""

    operator_id: int
    edition_id: int
    today: date
    first: date
    last: date | None
    threshold: AdValoremRate
    lots: _Same
    held: _Same
    makers: tuple[_Same, ...]
    operator: Operator = field(compare=False)
    edition: PolicyEdition = field(compare=False)
    fleet: HeldFleet = field(compare=False)


# An answer holds on to its fleet, 4 kB a lot: no more are kept than fleets are.
@lru_cache(maxsize=FLEETS_KEPT)
def _kept(asked: _Asked) -> ThroughTime:
    """The answer, worked out once while nothing changes."""
    known, first, threshold = considered(asked.edition), asked.first, asked.threshold
    rigs, sites = _rigs_of(asked.fleet), _sites_of(asked.fleet)
    lots = [lot for lot in asked.fleet.to_assess() if lot.lot_id in rigs]
    days = _law_days(known.book, asked.fleet.makers.values())
    last, sittings = asked.last or _last_change(days, lots, asked.today), _Sittings(known)
    moves: defaultdict[date, list[_Move]] = defaultdict(list)
    parts = _Parts()
    for group in _grouped(lots, rigs, sites):
        parts.hold(group)
        for day, move in _moves_of(group, sittings, threshold, days, (first, last)):
            moves[day].append(move)
            parts.take(group, day, move)
    for lot in lots:
        for day, move in _at_stake(lot, rigs[lot.lot_id], sittings):
            if day <= last:
                moves[max(day, first)].append(move)
    whole = _sum(rigs.values())
    return ThroughTime(
        operator=asked.operator,
        edition=asked.edition,
        today=asked.today,
        fleet=whole,
        steps=tuple(_steps(moves, known.book, first, last, whole)),
        parts=tuple(parts.told(known.book, first)),
    )


_PartKey = tuple[str | None, str]


class _Parts:
    """The same moves, by the site and the maker of the rigs that they move."""

    def __init__(self) -> None:
        self._wholes: defaultdict[_PartKey, Measured] = defaultdict(Measured)
        self._moves: defaultdict[_PartKey, defaultdict[date, list[_Move]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def hold(self, group: _Group) -> None:
        """Count the rigs of a group where they stand."""
        for site, (rigs, _) in group.by_site.items():
            self._wholes[site, group.lot.facts.maker] += rigs

    def take(self, group: _Group, day: date, move: _Move) -> None:
        """Hear of a move of the group: each site has its share of it."""
        if move.is_told:
            for site, (rigs, lots) in group.by_site.items():
                of_part = replace(move, rigs=rigs, lots=lots)
                self._moves[site, group.lot.facts.maker][day].append(of_part)

    def told(self, book: PolicyBook, first: date) -> Iterator[FleetPart]:
        """Each part with what moves it; on the first day nothing is said to have moved it."""
        for (site, maker), whole in self._wholes.items():
            by_day = self._moves[site, maker]
            moves = tuple(_part_move(day, by_day[day], book, first) for day in sorted(by_day))
            yield FleetPart(site=site, maker=maker, whole=figures_of(whole), moves=moves)


def _part_move(day: date, moves: list[_Move], book: PolicyBook, first: date) -> PartMove:
    begun, ended = _causes(day, moves, book) if day > first else ((), ())
    return PartMove(
        on=day,
        exposed=added(figures_of(move.moved(_is_exposed)) for move in moves),
        unknown=added(figures_of(move.moved(_is_unknown)) for move in moves),
        begun=tuple(measure.title for measure in begun),
        ended=tuple(measure.title for measure in ended),
        lots_of_their_own=sum(move.lots for move in moves if move.entry is None) if day > first else 0,
    )


def _rigs_of(fleet: HeldFleet) -> dict[int, Measured]:
    """What each lot holds inside of the fleet."""
    rigs: dict[int, Measured] = {}
    for each in fleet.held:
        if each.status.counts_in_fleet and each.rigs.units:
            rigs[each.lot_id] = rigs.get(each.lot_id, NOTHING) + each.rigs
    return rigs


def _sites_of(fleet: HeldFleet) -> dict[int, dict[str | None, Measured]]:
    """The same by the sites at which they stand."""
    sites: defaultdict[int, dict[str | None, Measured]] = defaultdict(dict)
    for each in fleet.held:
        if each.status.counts_in_fleet and each.rigs.units:
            at = sites[each.lot_id]
            at[each.site] = at.get(each.site, NOTHING) + each.rigs
    return sites


def _sum(rigs: Iterable[Measured]) -> Measured:
    return sum(rigs, NOTHING)


def _law_days(book: PolicyBook, makers: Iterable[VendorFacts]) -> frozenset[date]:
    """The days on which a measure, a tie of a maker or a listing begins or no longer applies."""
    return frozenset({*book.telling_days, *(day for maker in makers for day in days_of_lists(maker, book))})


def _last_change(days: Iterable[date], lots: Iterable[LotToAssess], today: date) -> date:
    """The last day on which law or an expected entry is known to change something; today at least."""
    entries = (lot.facts.entry_date or lot.facts.expected_entry_date for lot in lots)
    return max([today, *days, *(entry + ONE_DAY for entry in entries if entry)])


class _Sittings:
    """One sitting a day, so that equal facts are decided once."""

    def __init__(self, known: Considered) -> None:
        self._known = known
        self._by_day: dict[date, Sitting] = {}
        self._sanctions: dict[int, SanctionFinding] = {}

    def on(self, day: date) -> Sitting:
        """The sitting of a day."""
        if day not in self._by_day:
            self._by_day[day] = Sitting(self._known, day)
        return self._by_day[day]

    def contingent(self, lot: LotToAssess, day: date) -> Money | None:
        """The contingent duty of a lot on a day: what the lists say of its maker makes no difference to it."""
        vendor = lot.vendor
        if id(vendor) not in self._sanctions:
            self._sanctions[id(vendor)] = sanction_finding(vendor, self._known.book, day)
        sanction = self._sanctions[id(vendor)]
        found = finding_on(lot.facts, vendor, sanction, considered=self._known, on=day)
        return found.on(lot.value).amounts.contingent


def _grouped(
    lots: Iterable[LotToAssess],
    rigs: Mapping[int, Measured],
    sites: Mapping[int, Mapping[str | None, Measured]],
) -> Iterable[_Group]:
    """Lots in groups that stand alike on every day, whatever they are worth."""
    groups: dict[tuple[object, ...], _Group] = {}
    for lot in lots:
        facts = _without_days(lot.facts)
        group = groups.setdefault(
            (facts, id(lot.vendor)), _Group(replace(lot, facts=facts), _own_days(facts))
        )
        group.rigs += rigs[lot.lot_id]
        group.lots += 1
        for site, some in sites[lot.lot_id].items():
            there, known = group.by_site.get(site, (NOTHING, 0))
            group.by_site[site] = (there + some, known + 1)
    return groups.values()


def _without_days(facts: LotFacts) -> LotFacts:
    """Rigs that stand somewhere are looked at under the law of the day asked about, so that neither the day
    on which they entered nor names and numbers tell them apart; only contingent duty asks for that day."""
    unnamed = replace(facts, model="", importer_of_record=None, purchase_order=None)
    if not facts.has_arrived:
        return unnamed
    timeless = replace(
        unnamed, entry_date=None, expected_entry_date=None, entry_number=None, loaded_date=None
    )
    return timeless if timeless.is_domestic == facts.is_domestic else unnamed


def _own_days(facts: LotFacts) -> frozenset[date]:
    if facts.has_arrived:
        return frozenset()
    days = {facts.entry_date, facts.expected_entry_date and facts.expected_entry_date + ONE_DAY}
    days |= {facts.entry_date and facts.entry_date + ONE_DAY}
    return frozenset(day for day in days if day)


def _moves_of(
    group: _Group,
    sittings: _Sittings,
    threshold: AdValoremRate,
    days: frozenset[date],
    within: tuple[date, date],
) -> Iterator[tuple[date, _Move]]:
    """Where the group is counted on the first day, and every later day on which that is elsewhere."""
    first, last = within
    before = _NOWHERE
    for day in sorted({first, *(day for day in days | group.own_days if first < day <= last)}):
        after = _place(group.lot, sittings.on(day), threshold)
        if after != before:
            facts = group.lot.facts
            entry = facts.entry(on=day, origin=facts.origin) if day in days else None
            yield day, _Move(before, after, group.rigs, group.lots, entry)
        before = after


def _place(lot: LotToAssess, sitting: Sitting, threshold: AdValoremRate) -> Place:
    """The lot's part and kinds, contingent duty aside: that hangs on the lot's own entry and value."""
    sanction = sitting.sanction(lot.vendor)
    outcome = bearing_outcome(lot.facts, considered=sitting.considered, on=sitting.on)
    found = Exposedness(
        rate=None if outcome.answer is None else outcome.answer.additional_rate,
        best=outcome.best,
        worst=outcome.worst,
        sanction=sanction.level,
        is_screened=sanction.is_screened,
    )
    return found.part(threshold), found.kinds(threshold)


def _at_stake(lot: LotToAssess, rigs: Measured, sittings: _Sittings) -> Iterator[tuple[date, _Move]]:
    """From its entry until the last clock of customs runs out a lot with contingent duty is exposed to it."""
    entered = lot.facts.entry_date
    if entered is None:
        return
    contingent = sittings.contingent(lot, entered)
    if contingent is not None and contingent > NO_MONEY:
        yield entered, _Move(_NOWHERE, _AT_STAKE, rigs, 1, None)
        closed = EntryClocks.of(entered).penalty_through + ONE_DAY
        yield closed, _Move(_AT_STAKE, _NOWHERE, rigs, 1, None)


def _steps(
    moves: Mapping[date, list[_Move]], book: PolicyBook, first: date, last: date, whole: Measured
) -> Iterator[Step]:
    tally, before = _Tally(), None
    days = sorted({first, *moves})
    for day, following in zip(days, [*days[1:], None], strict=True):
        for move in moves.get(day, ()):
            tally.take(move)
        exposed, bar = shares_of(tally.parts, tally.kinds, whole)
        step = Step(first=day, through=following - ONE_DAY if following else last, exposed=exposed, bar=bar)
        yield step if before is None else _explained(step, before, moves[day], book)
        before = step


def _explained(step: Step, before: Step, moves: Iterable[_Move], book: PolicyBook) -> Step:
    """The step with the measures that moved it, and by how much."""
    moves = list(moves)
    begun, ended = _causes(step.first, moves, book)
    return replace(
        step,
        begun=begun,
        ended=ended,
        lots_moved=sum(move.lots for move in moves),
        lots_of_their_own=sum(move.lots for move in moves if move.entry is None),
        points={name: _points(before, step, name) for name in MEASURES},
    )


def _causes(
    day: date, moves: Iterable[_Move], book: PolicyBook
) -> tuple[tuple[MeasureSpec, ...], tuple[MeasureSpec, ...]]:
    """The measures that begin and that end on a day and can be what moved some of these."""
    by_law = [move for move in moves if move.entry is not None]
    begun = (m for m in book.measures if m.span.first == day and _moved_some(m, by_law, book))
    ended = (m for m in book.measures if m.span.day_after == day and _moved_some(m, by_law, book))
    return tuple(begun), tuple(ended)


def _moved_some(measure: MeasureSpec, moves: list[_Move], book: PolicyBook) -> bool:
    """Whether the measure can be what moved some of these: a list where a list did, a duty that looks at them."""
    if measure.kind is MeasureKind.SANCTION:
        return any(move.is_by_a_list for move in moves)
    is_claimed = any(isinstance(condition, Claimed) for condition in measure.conditions)
    if is_claimed or measure.rate_type in (RateType.NONE, RateType.FEE):
        return False  # a fleet's lot makes no claim, and fees are apart from duty
    return PolicyChanges(book, (measure,)).touches(move.entry for move in moves if move.entry)


def _points(before: Step, after: Step, measure: str) -> Decimal | None:
    """Percentage points by which the exposed share moved."""
    was, now = before.exposed[Kind.ANY].of(measure), after.exposed[Kind.ANY].of(measure)
    return None if was is None or now is None else plain((now - was) * HUNDRED)
