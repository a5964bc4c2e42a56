"""What is unknown of a fleet as JSON, and what to ask for in a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from risk.dashboard.words import counted, fact_in_words, hashrate, percent
from risk.engine.doubt import Ask, FactRange
from risk.engine.shares import MEASURES, Measured, Shares
from risk.engine.terms.money import AdValoremRate
from risk.flows.doubt_of_fleet import OperatorDoubt


def doubts_answer(found: OperatorDoubt, today: date) -> dict[str, Any]:
    """The ranges and the asks; rates in percent and shares from 0 to 1 as text, null where there is no bound."""
    doubt, edition = found.doubt, found.edition
    verified = edition.verified_through if edition else None
    return {
        "operator": found.operator.slug,
        "today": today.isoformat(),
        "policy_edition": edition.number if edition else None,
        "verified_through": verified.isoformat() if verified else None,
        "list_editions": {},
        "exposed": _shares(doubt.exposed),
        "exposed_at_most": _shares(doubt.exposed_at_most),
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


def _shares(shares: Shares) -> dict[str, Any]:
    known = {name: shares.of(name) for name in MEASURES}
    told = {f"share_of_{name}": None if share is None else f"{share:f}" for name, share in known.items()}
    return {"units": shares.rigs.units} | told
