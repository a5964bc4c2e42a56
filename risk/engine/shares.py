"""The exposed part of a whole, four ways: units, hashrate, power and customs value.

A share is a Decimal from 0 to 1, or None where the whole is nothing. A unit without hashrate, power or
value leaves both sides of that share. Where one bar must add up to 1, a lot is counted once: sanction,
else tariff, else unknown, else watch, else clear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter

from risk.engine.findings import SanctionLevel
from risk.engine.terms.money import NO_MONEY, AdValoremRate, Money, plain
from risk.engine.terms.rigs import RigStatus

SHARE_DIGITS = Decimal("0.000001")


class Part(StrEnum):
    """The parts of the one bar, in the order in which a lot is looked at."""

    SANCTION = "sanction"
    TARIFF = "tariff"
    UNKNOWN = "unknown"
    WATCH = "watch"
    CLEAR = "clear"


class Kind(StrEnum):
    """The ways in which a lot can be exposed; they overlap, and `any` is tariff or sanction."""

    TARIFF = "tariff"
    SANCTION = "sanction"
    WATCH = "watch"
    ANY = "any"
    CONTINGENT = "contingent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rigs counted and measured: hashrate in GH/s, power in W, value in cents, each with its coverage."""

    units: int = 0
    hashrate_ghs: int = 0
    units_with_hashrate: int = 0
    power_w: int = 0
    units_with_power: int = 0
    value_cents: int = 0
    units_with_value: int = 0

    def __add__(self, other: Measured) -> Measured:
        return Measured(
            units=self.units + other.units,
            hashrate_ghs=self.hashrate_ghs + other.hashrate_ghs,
            units_with_hashrate=self.units_with_hashrate + other.units_with_hashrate,
            power_w=self.power_w + other.power_w,
            units_with_power=self.units_with_power + other.units_with_power,
            value_cents=self.value_cents + other.value_cents,
            units_with_value=self.units_with_value + other.units_with_value,
        )

    def __sub__(self, other: Measured) -> Measured:
        return Measured(**{name: getattr(self, name) - getattr(other, name) for name in FIGURES})

    @property
    def customs_value(self) -> Money:
        """The value of the units that have one."""
        return Money.of_cents(self.value_cents)


NOTHING = Measured()

MEASURES: Mapping[str, Callable[[Measured], int]] = {
    "units": lambda rigs: rigs.units,
    "hashrate": lambda rigs: rigs.hashrate_ghs,
    "power": lambda rigs: rigs.power_w,
    "value": lambda rigs: rigs.value_cents,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposedness:
    """What decides where a lot is counted, but for contingent duty: its additional rate, None while it is
    unknown, with its bounds, and how far a list reaches the maker."""

    rate: AdValoremRate | None
    best: AdValoremRate
    worst: AdValoremRate | None
    sanction: SanctionLevel
    is_screened: bool

    def tariff_exposed(self, threshold: AdValoremRate) -> bool | None:
        """Whether the additional rate is over the threshold; None while a missing fact decides it."""
        if self.rate is not None:
            return self.rate > threshold
        if self.best > threshold:
            return True
        return None if self.worst is None or self.worst > threshold else False

    def part(self, threshold: AdValoremRate) -> Part:
        """Where the lot is counted in the one bar."""
        tariff = self.tariff_exposed(threshold)
        if self.sanction.is_exposed:
            return Part.SANCTION
        if tariff:
            return Part.TARIFF
        if tariff is None or not self.is_screened or self.sanction is SanctionLevel.UNKNOWN:
            return Part.UNKNOWN
        return Part.WATCH if self.sanction is SanctionLevel.WATCH else Part.CLEAR

    def kinds(self, threshold: AdValoremRate) -> frozenset[Kind]:
        """The ways in which the lot is exposed, contingent duty aside."""
        tariff, sanction = bool(self.tariff_exposed(threshold)), self.sanction.is_exposed
        answers = {
            Kind.TARIFF: tariff,
            Kind.SANCTION: sanction,
            Kind.WATCH: self.sanction is SanctionLevel.WATCH,
            Kind.ANY: tariff or sanction,
        }
        return frozenset(kind for kind, is_so in answers.items() if is_so)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Exposedness):
    """What the shares need to know of one lot's exposure; None amounts and rates are unknown."""

    lot_id: int
    maker: str
    model: str
    country_of_origin: str | None
    country_of_assembly: str | None
    band: str
    duty_to_come: Money | None
    contingent: Money | None
    refundable: Money | None
    replacement: Money | None
    doubted_facts: tuple[str, ...] = ()

    def kinds(self, threshold: AdValoremRate) -> frozenset[Kind]:
        """The ways in which the lot is exposed."""
        kinds = Exposedness.kinds(self, threshold)
        return kinds | {Kind.CONTINGENT} if self.contingent and self.contingent > NO_MONEY else kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lot's rigs at one site in one status, counted and measured."""

    standing: Standing
    site: str | None
    status: RigStatus
    rigs: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Part of a whole: the units, and the share in each measure (None where the whole is nothing)."""

    rigs: Measured
    of_units: Decimal | None
    of_hashrate: Decimal | None
    of_power: Decimal | None
    of_value: Decimal | None

    def of(self, measure: str) -> Decimal | None:
        """The share by the measure's name: units, hashrate, power or value."""
        share: Decimal | None = getattr(self, f"of_{measure}")
        return share


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountSum:
    """A sum over lots, and how many lots could not be counted because the amount is unknown."""

    known: Money
    unknown_lots: int

    def __add__(self, other: AmountSum) -> AmountSum:
        return AmountSum(known=self.known + other.known, unknown_lots=self.unknown_lots + other.unknown_lots)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetShares:
    """The exposed share of one fleet, or of one group of it."""

    lots: int
    fleet: Measured
    exposed: Mapping[Kind, Shares]
    bar: Mapping[Part, Shares]
    duty: Mapping[str, AmountSum]
    doubted_lots: int
    doubted_facts: Mapping[str, int]


AMOUNTS = ("duty_to_come", "contingent", "refundable", "replacement")


def fleet_shares(
    held: Iterable[Held], *, threshold: AdValoremRate, judged: Judged | None = None
) -> FleetShares:
    """The exposed parts of a fleet. Retired and sold rigs are outside of it, but not outside the amounts:
    an entry stays open to customs, and to a refund, when its rigs are gone. `judged`: by the same threshold."""
    return _added_up(list(held), judged or Judged(threshold))


def with_more(shares: FleetShares, held: Iterable[Held], *, threshold: AdValoremRate) -> FleetShares:
    """The fleet with these lots more, none of which it holds yet: the same as if all were added up anew."""
    more = fleet_shares(held, threshold=threshold)
    whole = shares.fleet + more.fleet
    return FleetShares(
        lots=shares.lots + more.lots,
        fleet=whole,
        exposed={
            kind: _shares(part.rigs + more.exposed[kind].rigs, whole) for kind, part in shares.exposed.items()
        },
        bar=_bar({part: each.rigs + more.bar[part].rigs for part, each in shares.bar.items()}, whole),
        duty={name: amount + more.duty[name] for name, amount in shares.duty.items()},
        doubted_lots=shares.doubted_lots + more.doubted_lots,
        doubted_facts=_counted((Counter(shares.doubted_facts) + Counter(more.doubted_facts)).elements()),
    )


def exposed_units_at_worst(shares: FleetShares) -> Decimal | None:
    """The share of units that is exposed by tariff or sanction if every unit of the unknown part turns out to be."""
    return share_of(
        shares.exposed[Kind.ANY].rigs.units + shares.bar[Part.UNKNOWN].rigs.units, shares.fleet.units
    )


def grouped(
    held: Iterable[Held],
    key: Callable[[Held], str | None],
    *,
    threshold: AdValoremRate,
    judged: Judged | None = None,
) -> dict[str | None, FleetShares]:
    """The same for each group of the fleet, largest first; a group without a name is None."""
    groups: dict[str | None, list[Held]] = {}
    for each in held:
        groups.setdefault(key(each), []).append(each)
    judged = judged or Judged(threshold)
    answers = {name: _added_up(some, judged) for name, some in groups.items()}
    return dict(sorted(answers.items(), key=lambda item: (-item[1].fleet.units, item[0] or "")))


class Judged:
    """Part and kinds of each lot under one threshold, decided once however many holdings it has, and in however many
    groups it is; for as long as the lots' standings are the same objects."""

    def __init__(self, threshold: AdValoremRate) -> None:
        self._threshold = threshold
        self._known: dict[int, tuple[Part, frozenset[Kind]]] = {}

    def of(self, standing: Standing) -> tuple[Part, frozenset[Kind]]:
        """Where a lot is counted in the bar, and the ways in which it is exposed."""
        known = self._known.get(id(standing))
        if known is None:
            known = (standing.part(self._threshold), standing.kinds(self._threshold))
            self._known[id(standing)] = known
        return known


def _added_up(held: list[Held], judged: Judged) -> FleetShares:
    inside = [each for each in held if each.status.counts_in_fleet and each.rigs.units]
    places: dict[tuple[Part, frozenset[Kind]], list[Measured]] = {}
    for each in inside:
        places.setdefault(judged.of(each.standing), []).append(each.rigs)
    # Each lot is added up once, where it stands; parts, kinds and the whole are sums of those few.
    sums = [(part, kinds, _sum(rigs)) for (part, kinds), rigs in places.items()]
    whole = _sum([rigs for _, _, rigs in sums])
    by_part = {part: _sum([rigs for of, _, rigs in sums if of is part]) for part in Part}
    by_kind = {kind: _sum([rigs for _, kinds, rigs in sums if kind in kinds]) for kind in Kind}
    lots = {each.standing.lot_id: each.standing for each in inside}
    return FleetShares(
        lots=len(lots),
        fleet=whole,
        exposed=exposed_shares(by_kind, whole),
        bar=_bar(by_part, whole),
        duty=_amounts({each.standing.lot_id: each.standing for each in held}.values()),
        doubted_lots=sum(bool(lot.doubted_facts) for lot in lots.values()),
        doubted_facts=_counted(fact for lot in lots.values() for fact in lot.doubted_facts),
    )


def shares_of(
    by_part: Mapping[Part, Measured], by_kind: Mapping[Kind, Measured], whole: Measured
) -> tuple[dict[Kind, Shares], dict[Part, Shares]]:
    """The same shares as those of fleet_shares, from sums that are known already: by kind, and the one bar."""
    exposed = exposed_shares({kind: by_kind.get(kind, NOTHING) for kind in Kind}, whole)
    return exposed, _bar({part: by_part.get(part, NOTHING) for part in Part}, whole)


def exposed_shares(by_kind: Mapping[Kind, Measured], whole: Measured) -> dict[Kind, Shares]:
    """The shares of these kinds alone."""
    return {kind: _shares(rigs, whole) for kind, rigs in by_kind.items()}


def _sum(rigs: list[Measured]) -> Measured:
    """All of them together; column by column, for a fleet has many."""
    columns = zip(*map(_figures, rigs), strict=True) if rigs else ()
    return Measured(**dict(zip(FIGURES, map(sum, columns), strict=False)))


FIGURES = tuple(figure.name for figure in fields(Measured))
"""What is counted and measured of rigs, by the names of Measured."""
_figures = attrgetter(*FIGURES)


def _shares(part: Measured, whole: Measured) -> Shares:
    answers = {f"of_{name}": share_of(of(part), of(whole)) for name, of in MEASURES.items()}
    return Shares(rigs=part, **answers)


def share_of(part: int, whole: int) -> Decimal | None:
    """A part's share of a whole, from 0 to 1, in SHARE_DIGITS; None where the whole is nothing."""
    return plain((Decimal(part) / Decimal(whole)).quantize(SHARE_DIGITS)) if whole else None


def _bar(parts: Mapping[Part, Measured], whole: Measured) -> dict[Part, Shares]:
    """Shares that add up to 1 exactly: what rounding leaves over goes to the largest part."""
    shares = {part: _shares(rigs, whole) for part, rigs in parts.items()}
    exact = {name: _made_whole({p: s.of(name) for p, s in shares.items()}) for name in MEASURES}
    return {
        part: Shares(rigs=rigs, **{f"of_{name}": exact[name][part] for name in MEASURES})
        for part, rigs in parts.items()
    }


def _made_whole(shares: dict[Part, Decimal | None]) -> dict[Part, Decimal | None]:
    known = {part: share for part, share in shares.items() if share is not None}
    if known:
        largest = max(known, key=lambda part: known[part])
        known[largest] = plain(known[largest] + 1 - sum(known.values()))
    return {part: known.get(part) for part in shares}


def _amounts(lots: Iterable[Standing]) -> dict[str, AmountSum]:
    lots = list(lots)
    return {name: _amount([getattr(lot, name) for lot in lots]) for name in AMOUNTS}


def _amount(amounts: list[Money | None]) -> AmountSum:
    known = [amount for amount in amounts if amount is not None]
    return AmountSum(known=Money.sum_of(known), unknown_lots=len(amounts) - len(known))


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
