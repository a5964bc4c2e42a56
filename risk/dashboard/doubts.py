"""What is unknown of a fleet as JSON, and what to ask for in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from risk.api.answers import shares_answer
from risk.dashboard.fleet_view import Narrowing
from risk.dashboard.words import counted, fact_in_words, hashrate, percent
from risk.engine.doubt import LIST_SCREENING, Ask, FactRange
from risk.engine.shares import Measured
from risk.engine.terms.money import AdValoremRate
from risk.flows.doubt_of_fleet import OperatorDoubt
from risk.selectors import list_editions_of

LOTS_NAMED = 8


def doubts_answer(found: OperatorDoubt, today: date) -> dict[str, Any]:
    """The ranges and the asks; rates in percent and shares from 0 to 1 as text, null where there is no bound."""
    doubt, edition = found.doubt, found.edition
    verified = edition.verified_through if edition else None
    return {
        "operator": found.operator.slug,
        "today": today.isoformat(),
        "policy_edition": edition.number if edition else None,
        "verified_through": verified.isoformat() if verified else None,
        "list_editions": list_editions_of(found.operator),
        "exposed": shares_answer(doubt.exposed),
        "exposed_at_most": shares_answer(doubt.exposed_at_most),
        "unknown": _rigs(doubt.unknown),
        "facts": [_fact(each) for each in doubt.facts],
        "asks": [_ask(each) for each in doubt.asks],
    }


def told_ask(ask: Ask) -> str:
    """ "3 lots, 40 rigs, 12 PH/s: country of origin; settles 61 % of what is unknown"."""
    facts = " and ".join(fact_in_words(fact) for fact in ask.facts)
    held = f"{counted(len(ask.lots), 'lot')}, {counted(ask.rigs.units, 'rig')}, {_hashrate(ask.rigs)}"
    return f"{held}: {facts}; with what stands above settles {percent(ask.settled)} of what is unknown"


def _hashrate(rigs: Measured) -> str:
    return hashrate(rigs.hashrate_ghs) if rigs.units_with_hashrate else "hashrate not known"


def _fact(each: FactRange) -> dict[str, Any]:
    return {
        "fact": each.fact,
        "lots": list(each.lots),
        **_rigs(each.rigs),
        "undecided": _rigs(each.undecided),
        **_range(each.best, each.worst),
    }


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "facts": list(ask.facts),
        "lots": list(ask.lots),
        **_rigs(ask.rigs),
        **_range(ask.best, ask.worst),
        "settled": f"{ask.settled:f}",
        "sentence": told_ask(ask),
    }


def _range(best: AdValoremRate, worst: AdValoremRate | None) -> dict[str, str | None]:
    return {
        "best_additional_rate_percent": best.percent,
        "worst_additional_rate_percent": None if worst is None else worst.percent,
    }


def _rigs(rigs: Measured) -> dict[str, int]:
    return {
        "units": rigs.units,
        "hashrate_ghs": rigs.hashrate_ghs,
        "units_with_hashrate": rigs.units_with_hashrate,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """What to collect for which lots, and how far that settles what is unknown."""

    facts: str
    lots: str
    ids: tuple[int, ...]
    more: int
    rigs: str
    hashrate: str
    rates: str
    settled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A missing fact in words; `query` leads to the lots that lack it, where the list of lots can show them."""

    fact: str
    query: str
    lots: str
    undecided: str
    rates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtsPage:
    """The exposed share and what it could be, the asks and the missing facts."""

    exposed: str
    at_most: str
    asks: tuple[AskRow, ...]
    facts: tuple[FactRow, ...]


def doubts_page(found: OperatorDoubt) -> DoubtsPage:
    """The page of a fleet, by hashrate, or by units where no hashrate is known."""
    doubt = found.doubt
    measure = "units" if doubt.exposed.of_hashrate is None else "hashrate"
    return DoubtsPage(
        exposed=percent(doubt.exposed.of(measure)),
        at_most=percent(doubt.exposed_at_most.of(measure)),
        asks=tuple(_ask_row(ask) for ask in doubt.asks),
        facts=tuple(_fact_row(each) for each in doubt.facts),
    )


def _ask_row(ask: Ask) -> AskRow:
    return AskRow(
        facts=" and ".join(fact_in_words(fact) for fact in ask.facts),
        lots=counted(len(ask.lots), "lot"),
        ids=ask.lots[:LOTS_NAMED],
        more=max(len(ask.lots) - LOTS_NAMED, 0),
        rigs=counted(ask.rigs.units, "rig"),
        hashrate=_hashrate(ask.rigs),
        rates=_rates(ask.best, ask.worst),
        settled=percent(ask.settled),
    )


def _fact_row(each: FactRange) -> FactRow:
    return FactRow(
        fact=fact_in_words(each.fact),
        query="" if each.fact == LIST_SCREENING else Narrowing.of({"doubt": each.fact}).query,
        lots=counted(len(each.lots), "lot"),
        undecided=_hashrate(each.undecided) if each.undecided.units else "none",
        rates=_rates(each.best, each.worst),
    )


def _rates(best: AdValoremRate, worst: AdValoremRate | None) -> str:
    if worst is None:
        return f"{best} or more, no bound known"
    return f"{best}" if best == worst else f"{best} to {worst}"
