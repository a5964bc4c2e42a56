"""The list of lots behind a bar: one line a lot, worst first, in pages that begin after a lot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from risk.dashboard import words
from risk.dashboard.fleet_view import ANY_STATUS, NOT_GIVEN, FleetView, Narrowing
from risk.dashboard.words import (
    NOT_KNOWN,
    about_dollars,
    amount,
    counted,
    country,
    day,
    fact_in_words,
    hashrate,
    power,
)
from risk.engine.shares import NOTHING, Held, Measured
from risk.engine.terms.money import HUNDRED, AdValoremRate
from risk.models import Exposure

PAGE_SIZE = 50
SHOWN_FILTERS = {
    "site": "Site",
    "maker": "Maker",
    "model": "Model",
    "country_of_origin": "Country of origin",
    "country_of_assembly": "Country of assembly",
    "band": "Band",
    "part": "Part of the bar",
    "status": "Status",
    "sanction": "Sanction level",
    "doubt": "Missing fact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLine:
    """One lot in words. `rate` is the additional rate, or its range while a fact is missing."""

    lot_id: int
    maker: str
    model: str
    origin: str
    sites: tuple[str, ...]
    stage: str
    units: str
    hashrate: str
    rate: str
    part: str
    band: str
    score: int | None
    sanction: str
    doubts: tuple[str, ...]
    power: str
    value: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotList:
    """One page of lots. `after` is the last lot shown where more follow, else None; `before` the first, where others
    come before it."""

    lines: tuple[LotLine, ...]
    told: str
    after: int | None
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """A lot's rigs in view, over all its sites and statuses."""

    first: Held
    rigs: Measured
    sites: tuple[str, ...]


SORTS: Mapping[str, tuple[str, Callable[[_Lot], object]]] = {
    "score": ("worst first", lambda lot: -_weight(lot.first)),
    "hashrate": ("most hashrate first", lambda lot: -lot.rigs.hashrate_ghs),
    "units": ("most rigs first", lambda lot: -lot.rigs.units),
    "value": ("highest value first", lambda lot: -lot.rigs.value_cents),
    "model": ("by model", lambda lot: (lot.first.standing.maker, lot.first.standing.model)),
}


def in_fleet(view: FleetView) -> FleetView:
    """What is in view without rigs that are gone, unless the address asks for a status."""
    if view.narrowing["status"]:
        return view
    return view.with_those(lambda held: held.status.counts_in_fleet)


def lot_list(
    view: FleetView,
    *,
    sort: str,
    after: int | None,
    only: set[int] | None,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> LotList:
    """The lots in view, `size` of them after the lot `after`, or before another. `only`: the lots that were found."""
    lots = _by_lot(in_fleet(view), only)
    ordered = sorted(lots, key=lambda lot: (SORTS[sort][1](lot), lot.first.standing.lot_id))
    ids = [lot.first.standing.lot_id for lot in ordered]
    start = ids.index(after) + 1 if after in ids else 0
    start = max(0, ids.index(before) - size) if before in ids else start
    shown = ordered[start : start + size]
    return LotList(
        lines=tuple(_line(lot, view) for lot in shown),
        told=_told([lot.rigs for lot in lots]),
        after=ids[start + size - 1] if start + size < len(ids) else None,
        before=ids[start] if 0 < start < len(ids) else None,
    )


def filter_choices(
    view: FleetView, narrowing: Narrowing
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """Each filter's name, its label, its values in the whole fleet with their words, and what is chosen."""
    return [
        (name, label, [(value, filter_word(name, value)) for value in view.choices(name)], narrowing[name])
        for name, label in SHOWN_FILTERS.items()
    ]


def filter_word(name: str, value: str) -> str:
    """A filter's value as people say it."""
    if name.startswith("country_of"):
        return country(value)
    if name == "doubt":
        return fact_in_words(value)
    if (name, value) == ("site", NOT_GIVEN):
        return "no site yet"
    return "any, also retired and sold" if (name, value) == ("status", ANY_STATUS) else value


def narrowing_in_words(narrowing: Narrowing) -> list[tuple[str, str, str]]:
    """Each thing by which the list is narrowed, in words, with the address that takes it away."""
    labels = SHOWN_FILTERS | {"kind": "Exposed by", "amount": "Counts towards"}
    return [
        (
            labels[name],
            filter_word(name, value.replace("_", " ") if name == "amount" else value),
            narrowing.without(name).query,
        )
        for name, value in narrowing.by
    ]


def _by_lot(view: FleetView, only: set[int] | None) -> list[_Lot]:
    held: dict[int, list[Held]] = {}
    for each in view.held:
        if only is None or each.standing.lot_id in only:
            held.setdefault(each.standing.lot_id, []).append(each)
    return [
        _Lot(
            first=some[0],
            rigs=sum((each.rigs for each in some), NOTHING),
            sites=tuple(sorted({each.site or "no site yet" for each in some})),
        )
        for some in held.values()
    ]


def _told(rigs: list[Measured]) -> str:
    whole = sum(rigs, NOTHING)
    told = f"{counted(len(rigs), 'lot')}, {counted(whole.units, 'rig')}"
    return f"{told}, {amount('hashrate', whole)}" if whole.hashrate_ghs else told


def _line(lot: _Lot, view: FleetView) -> LotLine:
    standing, finding = lot.first.standing, view.findings.get(lot.first.standing.lot_id)
    return LotLine(
        lot_id=standing.lot_id,
        maker=standing.maker,
        model=standing.model,
        origin=country(standing.country_of_origin),
        sites=lot.sites,
        stage=_stage(finding),
        units=words.whole(lot.rigs.units),
        hashrate=hashrate(lot.rigs.hashrate_ghs) if lot.rigs.units_with_hashrate else "–",
        rate=rate_in_words(standing.rate, standing.best, standing.worst),
        part=standing.part(view.threshold).value,
        band=standing.band,
        score=finding.score if finding else None,
        sanction=standing.sanction.value,
        doubts=tuple(fact_in_words(fact) for fact in standing.doubted_facts),
        power=power(lot.rigs.power_w) if lot.rigs.units_with_power else "–",
        value=about_dollars(lot.rigs.value_cents) if lot.rigs.units_with_value else "–",
        facts=finding.facts if finding else {},
    )


def rate_in_words(rate: AdValoremRate | None, best: AdValoremRate, worst: AdValoremRate | None) -> str:
    """ "25 %", "0 to 57.6 %" while a fact is missing, "not known" where there is no bound."""
    if rate is not None:
        return words.rate_told(str(rate))
    return NOT_KNOWN if worst is None else words.rate_told(f"{best.percent} to {worst}")


def _stage(finding: Exposure | None) -> str:
    """Entered or to come, with the day where there is one."""
    if finding is None:
        return "not assessed yet"
    on = finding.facts["entry_date"] or finding.facts["expected_entry_date"]
    return f"{finding.stage} {day(date.fromisoformat(on))}" if on else finding.stage


def _weight(held: Held) -> Decimal:
    """Worst first: by the certain rate or the worst case, with sanctions before all."""
    standing = held.standing
    bound = standing.rate or standing.worst or standing.best
    return bound.fraction * HUNDRED + (Decimal(1000) if standing.sanction.is_exposed else 0)
