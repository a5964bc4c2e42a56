"""What of a fleet's change people are told, part by part: sentences with their counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from fleet.models import Holding
from fleet.selectors import in_chunks
from risk.engine.alerts import Crossing, Side, moves_enough, points_between
from risk.engine.shares import Kind
from risk.engine.terms.rigs import IN_FLEET
from risk.engine.terms.words import NOT_KNOWN, about_dollars, counted, percent
from risk.flows.alert_rows import listed
from risk.flows.fleet_changes import Change
from risk.flows.snapshots import as_text
from risk.models import AlertKind

LOTS_IN_A_SENTENCE = 3
OF_FLEET = {"units": "rigs", "hashrate": "the hashrate", "power": "the power", "value": "the customs value"}
ARE = {"units": "are"}
EXPOSED_TO = {Kind.TARIFF: "tariff-exposed", Kind.SANCTION: "sanction-exposed", Kind.ANY: "exposed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that an alert tells, with its counts: lots, units, cents (None: not known), shares as text."""

    kind: AlertKind
    sentence: str
    counts: Mapping[str, Any]
    lot_ids: tuple[int, ...] = ()


def parts_of(change: Change) -> list[Part]:
    """What the rule asks to be told of a change, most pressing first. A share that crosses its threshold is not told
    of as one that moved as well."""
    crossed = [_crossed(change, kind, each) for kind, each in change.crossings.items()]
    parts = [*_blocked(change), *crossed, *([] if crossed else _moved(change)), *_set_aside(change)]
    return [part for part in parts if change.rule.wants(part.kind)]


def counts_of(lot_ids: Iterable[int]) -> dict[str, int | None]:
    """What lots hold in the fleet: how many they are, their units, and the customs value as far as it is known."""
    ids = sorted(lot_ids)
    sums = {"units": 0, "value_cents": 0, "units_with_value": 0}
    for some in in_chunks(ids):
        held = Holding.objects.filter(lot__in=some, status__in=IN_FLEET)
        for name, number in held.aggregate(**{f"sum_{name}": Sum(name) for name in sums}).items():
            sums[name.removeprefix("sum_")] += number or 0
    value = sums["value_cents"] if sums["units_with_value"] else None
    return {"lots": len(ids), "units": sums["units"], "value_cents": value}


def in_words(counts: Mapping[str, Any]) -> str:
    """ "12 lots, 3,400 rigs, $8.2 million"."""
    cents = counts["value_cents"]
    value = f"value {NOT_KNOWN}" if cents is None else about_dollars(cents)
    return ", ".join([counted(counts["lots"], "lot"), counted(counts["units"], "rig"), value])


def points_in_words(points: Decimal | None) -> str:
    """ "+18.5 points"; nothing where they are not known."""
    return "" if points is None else f"{points.quantize(Decimal('0.1')):+f} points".replace(".0 ", " ")


def _blocked(change: Change) -> list[Part]:
    if not change.blocked:
        return []
    counts = counts_of(change.blocked)
    names = listed([f"Lot {pk}" for pk in change.blocked], LOTS_IN_A_SENTENCE)
    sentence = f"Now blocked: {in_words(counts)} ({names})."
    return [Part(kind=AlertKind.LOT_BLOCKED, sentence=sentence, counts=counts, lot_ids=change.blocked)]


def _crossed(change: Change, kind: Kind, crossed: Crossing) -> Part:
    counts = {**_share_counts(change, kind), "threshold": as_text(crossed.threshold)}
    over = "over" if crossed.side is Side.OVER else "no longer over"
    sentence = f"{_share_sentence(change, kind)}, {over} the threshold of {percent(crossed.threshold)}"
    return Part(kind=AlertKind.THRESHOLD, sentence=f"{sentence}: {in_words(counts)}.", counts=counts)


def _moved(change: Change) -> list[Part]:
    """The exposed share, tariff or sanction, where it moved by more than the points of the rule."""
    if not moves_enough(_points(change, Kind.ANY), change.rule.points):
        return []
    counts = _share_counts(change, Kind.ANY)
    sentence = f"{_share_sentence(change, Kind.ANY)}: {in_words(counts)}."
    return [Part(kind=AlertKind.SHARE_MOVED, sentence=sentence, counts=counts)]


def _set_aside(change: Change) -> list[Part]:
    if not change.set_aside:
        return []
    counts = counts_of(change.set_aside)
    sentence = f"Could not be assessed, by a fault of the product: {in_words(counts)}."
    return [Part(kind=AlertKind.SET_ASIDE, sentence=sentence, counts=counts, lot_ids=change.set_aside)]


def _share_sentence(change: Change, kind: Kind) -> str:
    """ "80.5 % of rigs are tariff-exposed, up from 62 % (+18.5 points)"."""
    before, after = _sides(change, kind)
    measure = change.rule.measure
    now = f"{percent(after)} of {OF_FLEET[measure]} {ARE.get(measure, 'is')} {EXPOSED_TO[kind]}"
    points = _points(change, kind)
    if points is None:
        return now
    return f"{now}, {'up' if points > 0 else 'down'} from {percent(before)} ({points_in_words(points)})"


def _share_counts(change: Change, kind: Kind) -> dict[str, Any]:
    before, after = _sides(change, kind)
    part = change.after.exposed[kind]
    return {
        "share": kind.value,
        "measure": change.rule.measure,
        "lots": part.lots,
        "lots_before": None if before is None else change.before.exposed[kind].lots,
        "units": part.units,
        "units_before": None if before is None else change.before.exposed[kind].units,
        "value_cents": part.value_cents,
        "before": as_text(before),
        "after": as_text(after),
        "points": as_text(_points(change, kind)),
    }


def _sides(change: Change, kind: Kind) -> tuple[Decimal | None, Decimal | None]:
    measure = change.rule.measure
    return change.before.exposed[kind].shares[measure], change.after.exposed[kind].shares[measure]


def _points(change: Change, kind: Kind) -> Decimal | None:
    return points_between(*_sides(change, kind))
