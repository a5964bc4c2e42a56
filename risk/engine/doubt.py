"""What is unknown of a fleet: between which outcomes each missing fact leaves it, and what to ask for first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from risk.engine.findings import SanctionLevel
from risk.engine.outcomes import DECIDING_FACTS
from risk.engine.shares import NOTHING, Held, Kind, Measured, Part, Shares, Standing, exposed_shares
from risk.engine.terms.money import AdValoremRate

NOT_ASSESSED = "assessment"
LIST_SCREENING = "list_screening"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRange:
    """A missing fact: the lots and rigs that lack it, and between which additional rates they lie.

    `worst` None: no bound is known for one of them. `undecided` are the rigs of those lots that count as
    unknown, so that knowing the fact could settle them; the others are exposed, or not, whatever it is.
    """

    fact: str
    lots: tuple[int, ...]
    rigs: Measured
    undecided: Measured
    best: AdValoremRate
    worst: AdValoremRate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Facts to collect for some lots: with all of them known, these rigs are unknown no longer.

    `settled` is the share of all unknown rigs that this and the asks before it settle, by hashrate, or by
    units where no unknown rig has a hashrate; from 0 to 1.
    """

    facts: tuple[str, ...]
    lots: tuple[int, ...]
    rigs: Measured
    best: AdValoremRate
    worst: AdValoremRate | None
    settled: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDoubt:
    """The exposed share lies between `exposed` and `exposed_at_most`, if everything unknown turned out exposed."""

    exposed: Shares
    exposed_at_most: Shares
    unknown: Measured
    facts: tuple[FactRange, ...]
    asks: tuple[Ask, ...]


def fleet_doubt(held: Iterable[Held], *, threshold: AdValoremRate) -> FleetDoubt:
    """The doubt of a fleet. Asks come in the order that settles most first: most hashrate for each fact that a
    lot lacks; facts are ordered by the undecided hashrate that hangs on them."""
    inside = [each for each in held if each.status.counts_in_fleet and each.rigs.units]
    rigs, lots = _by_lot(inside)
    unknown = {lot_id for lot_id, lot in lots.items() if lot.part(threshold) is Part.UNKNOWN}
    exposed = _sum(rigs[lot_id] for lot_id, lot in lots.items() if Kind.ANY in lot.kinds(threshold))
    without = _sum(rigs[lot_id] for lot_id in unknown)
    whole = _sum(rigs.values())
    return FleetDoubt(
        exposed=_share(exposed, whole),
        exposed_at_most=_share(exposed + without, whole),
        unknown=without,
        facts=_fact_ranges(lots, rigs, unknown),
        asks=_asks({lot_id: lots[lot_id] for lot_id in sorted(unknown)}, rigs, without),
    )


def _by_lot(held: Iterable[Held]) -> tuple[dict[int, Measured], dict[int, Standing]]:
    rigs: dict[int, Measured] = {}
    lots: dict[int, Standing] = {}
    for each in held:
        lot_id = each.standing.lot_id
        rigs[lot_id] = rigs.get(lot_id, NOTHING) + each.rigs
        lots[lot_id] = each.standing
    return rigs, lots


def _sum(rigs: Iterable[Measured]) -> Measured:
    return sum(rigs, NOTHING)


def _share(part: Measured, whole: Measured) -> Shares:
    return exposed_shares({Kind.ANY: part}, whole)[Kind.ANY]


def _fact_ranges(
    lots: Mapping[int, Standing], rigs: Mapping[int, Measured], unknown: set[int]
) -> tuple[FactRange, ...]:
    lacking: defaultdict[str, list[int]] = defaultdict(list)
    for lot_id in sorted(lots):
        for fact in _lacks(lots[lot_id]):
            lacking[fact].append(lot_id)
    ranges = [
        FactRange(
            fact=fact,
            lots=tuple(ids),
            rigs=_sum(rigs[lot_id] for lot_id in ids),
            undecided=_sum(rigs[i] for i in ids if i in unknown and fact in _needs(lots[i])),
            best=min(lots[lot_id].best for lot_id in ids),
            worst=_worst(lots[lot_id] for lot_id in ids),
        )
        for fact, ids in lacking.items()
    ]
    return tuple(sorted(ranges, key=lambda each: (*_heaviest(each.undecided), each.fact)))


def _lacks(lot: Standing) -> tuple[str, ...]:
    """Every fact that the lot lacks, whether it decides its share or only an amount."""
    return tuple(dict.fromkeys((*lot.doubted_facts, *sorted(_needs(lot)))))


def _needs(lot: Standing) -> frozenset[str]:
    """The facts that must all be known before the lot is unknown no longer."""
    if NOT_ASSESSED in lot.doubted_facts:
        return frozenset({NOT_ASSESSED})
    deciding = DECIDING_FACTS if lot.rate is None else ()
    needs = {fact for fact in lot.doubted_facts if fact in deciding}
    if not lot.is_screened or lot.sanction is SanctionLevel.UNKNOWN:
        needs.add(LIST_SCREENING)
    return frozenset(needs)


def _asks(
    unknown: Mapping[int, Standing], rigs: Mapping[int, Measured], without: Measured
) -> tuple[Ask, ...]:
    """One ask for all lots that need the same facts; the one that settles most for each fact comes first."""
    groups: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for lot_id, lot in unknown.items():
        groups[_needs(lot)].append(lot_id)
    groups.pop(frozenset(), None)
    found = {needs: _sum(rigs[lot_id] for lot_id in ids) for needs, ids in groups.items()}
    order = sorted(groups, key=lambda needs: (-_weight(found[needs], without) / len(needs), sorted(needs)))
    asks, settled = [], NOTHING
    for needs in order:
        ids, settled = groups[needs], settled + found[needs]
        asks.append(
            Ask(
                facts=tuple(sorted(needs)),
                lots=tuple(ids),
                rigs=found[needs],
                best=min(unknown[lot_id].best for lot_id in ids),
                worst=_worst(unknown[lot_id] for lot_id in ids),
                settled=_weight(settled, without),
            )
        )
    return tuple(asks)


def _weight(part: Measured, whole: Measured) -> Decimal:
    """The part of the whole by hashrate, or by units where no rig has one."""
    shares = _share(part, whole)
    share = shares.of_units if shares.of_hashrate is None else shares.of_hashrate
    return Decimal(0) if share is None else share


def _worst(lots: Iterable[Standing]) -> AdValoremRate | None:
    worst = [lot.worst for lot in lots]
    known = [rate for rate in worst if rate is not None]
    return max(known) if len(known) == len(worst) else None


def _heaviest(rigs: Measured) -> tuple[int, int]:
    return (-rigs.hashrate_ghs, -rigs.units)
