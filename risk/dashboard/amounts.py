"""The four duty amounts of a fleet. They answer different questions and are never added together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from risk.dashboard.fleet_view import ANY_STATUS, FleetView, Narrowing
from risk.dashboard.words import NOT_KNOWN, about_dollars, counted, dollars, percent
from risk.engine.clocks import ClockStage
from risk.engine.shares import AmountSum
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import RigStatus

QUESTIONS = {
    "duty_to_come": ("Duty to come", "to land what is on order or on its way"),
    "contingent": ("Contingent duty", "if customs refused the declared origins"),
    "refundable": ("Refundable duty", "collected under measures that were struck down"),
    "replacement": ("Replacement duty", "to bring the same fleet in again today"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountTile:
    """One amount over the lots whose amount is known. `missing` says how many lots are not in it."""

    name: str
    title: str
    question: str
    amount: str
    details: tuple[str, ...]
    missing: str
    query: str


def amount_tiles(view: FleetView) -> tuple[AmountTile, ...]:
    """The four amounts, each with the question that it answers and how many lots are outside of it."""
    return tuple(_tile(name, each, view) for name, each in view.shares.duty.items())


def known_sum(known: Money, unknown_lots: int) -> str:
    """A sum of what is known; where that is nothing and something is unknown, it is not known."""
    return dollars(known) if known.cents or not unknown_lots else NOT_KNOWN


def _tile(name: str, each: AmountSum, view: FleetView) -> AmountTile:
    title, question = QUESTIONS[name]
    is_are = "is" if each.unknown_lots == 1 else "are"
    return AmountTile(
        name=name,
        title=title,
        question=question,
        amount=known_sum(each.known, each.unknown_lots),
        details=DETAILS[name](view, each.known),
        missing=f"{counted(each.unknown_lots, 'lot')} {is_are} not in this sum" if each.unknown_lots else "",
        query=_lots_behind(name, view.narrowing).query,
    )


def _lots_behind(name: str, narrowing: Narrowing) -> Narrowing:
    """Entries stay open to customs, and to refunds, when their rigs are gone: those are listed, too."""
    gone_too = narrowing.and_("status", ANY_STATUS) if name in ("contingent", "refundable") else narrowing
    return gone_too.and_("amount", name)


def _to_come(view: FleetView, _: Money) -> tuple[str, ...]:
    waiting: Counter[RigStatus] = Counter()
    for each in view.held:
        waiting[each.status] += each.rigs.units
    told = (
        f"{counted(waiting[status], 'rig')} {status}"
        for status in (RigStatus.ON_ORDER, RigStatus.IN_TRANSIT)
        if waiting[status]
    )
    return tuple(told) or ("nothing is on its way",)


def _contingent(view: FleetView, _: Money) -> tuple[str, ...]:
    """The amount by how far customs' clocks have run, the most open stage first."""
    by_clock: Counter[str] = Counter()
    for finding in view.lots_findings:
        by_clock[finding.clock] += finding.contingent_cents or 0
    told = (f"{about_dollars(by_clock[stage])} {stage}" for stage in ClockStage if by_clock[stage])
    return tuple(told) or ("no clock is open on a disputed origin",)


def _refundable(view: FleetView, _: Money) -> tuple[str, ...]:
    lots = [finding for finding in view.lots_findings if finding.refundable_cents]
    return (f"from {counted(len(lots), 'lot')}" if lots else "no lot was entered under such a measure",)


def _replacement(view: FleetView, known: Money) -> tuple[str, ...]:
    value = view.shares.fleet.customs_value
    if not value.cents or not known.cents:
        return ("at today's rates",)
    return (f"{percent(known.amount / value.amount)} of {about_dollars(value.cents)} customs value",)


DETAILS = {
    "duty_to_come": _to_come,
    "contingent": _contingent,
    "refundable": _refundable,
    "replacement": _replacement,
}
