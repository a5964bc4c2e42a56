"""A reserve note and a list of refunds as JSON and as rows of a table; unknown stays unknown in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from risk.api.answers import amount_answer
from risk.engine.refunds import Route
from risk.engine.reserve import ASSUMPTIONS, Clock, OriginSaid
from risk.engine.terms.money import Money
from risk.flows.refunds import NO_ENTRY_NUMBER, UNDECIDED, EntryRefund, Refunds, portal_files
from risk.flows.reserve_note import COLUMNS, ReserveLine, ReserveNote, Sum

RESERVE_HEADINGS = (
    "Lot",
    "Entry number",
    "Entry date",
    "Maker",
    "Model",
    "Units",
    "Customs value (USD)",
    "Declared origin",
    "Declared: source",
    "Assessed origin",
    "Assessed: source",
    "Assessed: since",
    "Low (USD)",
    "Likely (USD)",
    "High (USD)",
    "Why likely",
    "Liquidation (last day)",
    "Protest (last day)",
    "Penalty (last day)",
)


def reserve_answer(note: ReserveNote) -> dict[str, Any]:
    """The note: amounts as text, None where unknown; `unknown_lots` are in no sum of their column."""
    return {
        "operator": note.operator.slug,
        "on": note.on.isoformat(),
        "policy_edition": note.edition.number,
        "verified_through": _day(note.edition.verified_through),
        "currency": "USD",
        "assumptions": ASSUMPTIONS,
        "total": _sum(note.total),
        "by_stage": _sums("stage", note.by_stage),
        "by_entry": _by_entry(note),
        "by_maker": _sums("maker", note.by_maker),
        "by_site": _sums("site", note.by_site),
        "lots": [_reserve_line(line) for line in note.lines],
    }


def reserve_rows(note: ReserveNote) -> list[list[str | Decimal | int | None]]:
    """A row for each lot under RESERVE_HEADINGS; an amount that is unknown says so."""
    return [_reserve_row(line) for line in note.lines]


def refunds_answer(found: Refunds) -> dict[str, Any]:
    """What could come back: lines by entry and measure, the lots without an entry number apart."""
    return {
        "operator": found.operator.slug,
        "on": found.on.isoformat(),
        "policy_edition": found.edition.number,
        "verified_through": _day(found.edition.verified_through),
        "currency": "USD",
        "total": str(found.total),
        "unknown_lots": len(found.unknown_lots),
        "by_route": _by_route(found),
        "lines": [_refund_line(line) for line in found.lines],
        "without_entry_number": {
            "sentence": NO_ENTRY_NUMBER if found.without_entry_number else "",
            "lines": [_refund_line(line) for line in found.without_entry_number],
        },
        "undecided": {
            "sentence": UNDECIDED if found.undecided_lots else "",
            "lots": list(found.undecided_lots),
        },
        "portal_files": [len(each) for each in portal_files(found.entry_numbers())],
    }


def _reserve_line(line: ReserveLine) -> dict[str, Any]:
    reserve = line.reserve
    return {
        "lot": line.lot_id,
        "maker": line.facts.maker,
        "model": line.facts.model,
        "entry_number": line.facts.entry_number,
        "entry_date": _day(line.facts.entry_date),
        "units": line.units,
        "customs_value": amount_answer(line.value),
        "declared_origin": _origin(reserve.declared),
        "assessed_origin": _origin(reserve.assessed),
        "contested_origin": reserve.contested,
        **{column: amount_answer(getattr(reserve, column)) for column in COLUMNS},
        "because": reserve.because,
        "clocks": [_clock(clock) for clock in reserve.clocks],
    }


def _reserve_row(line: ReserveLine) -> list[str | Decimal | int | None]:
    reserve, facts = line.reserve, line.facts
    last_days = {clock.name: clock.last_day.isoformat() for clock in reserve.clocks}
    return [
        line.lot_id,
        facts.entry_number,
        _day(facts.entry_date) or "unknown",
        facts.maker,
        facts.model,
        line.units,
        _cell(line.value),
        reserve.declared.country or "unknown",
        reserve.declared.source,
        reserve.assessed.country or "unknown",
        reserve.assessed.source,
        _day(reserve.assessed.since),
        *(_cell(getattr(reserve, column)) for column in COLUMNS),
        reserve.because,
        *(last_days.get(name, "unknown") for name in ("liquidation", "protest", "penalty")),
    ]


def _refund_line(line: EntryRefund) -> dict[str, Any]:
    return {
        "entry_number": line.entry_number,
        "entry_date": line.entry_date.isoformat(),
        "lots": line.lot_ids,
        "measure": line.measure,
        "title": line.title,
        "legal_reference": line.legal_reference,
        "amount": amount_answer(line.known_amount),
        "unknown_lots": len(line.lots_without_value),
        "route": line.route.route,
        "route_sentence": line.route.sentence,
        "last_day": _day(line.route.last_day),
        "days_left": line.route.days_left,
    }


def _by_route(found: Refunds) -> dict[str, dict[str, Any]]:
    lines = (*found.lines, *found.without_entry_number)
    return {
        str(route): {
            "entries": len(found.entry_numbers(route=route)),
            "amount": str(_total(line for line in lines if line.route.route is route)),
        }
        for route in Route
    }


def _total(lines: Iterable[EntryRefund]) -> Money:
    return Money.of_cents(sum(line.amount.cents for line in lines))


def _sums(name: str, sums: Mapping[str | None, Sum]) -> list[dict[str, Any]]:
    return [{name: key, **_sum(each)} for key, each in sums.items()]


def _by_entry(note: ReserveNote) -> list[dict[str, Any]]:
    """The sums with the clocks of each entry; none where its lots name several days, or where it has no number."""
    clocks: dict[str | None, set[tuple[Clock, ...]]] = {}
    for line in note.lines:
        clocks.setdefault(line.facts.entry_number, set()).add(line.reserve.clocks)
    told = {
        key: [_clock(clock) for clock in each.pop()] for key, each in clocks.items() if key and len(each) == 1
    }
    return [
        {**each, "clocks": told.get(each["entry_number"], [])}
        for each in _sums("entry_number", note.by_entry)
    ]


def _sum(each: Sum) -> dict[str, Any]:
    amounts = {column: str(Money.of_cents(each.cents[column])) for column in COLUMNS}
    return {"lots": each.lots, **amounts, "unknown_lots": dict(each.unknown_lots)}


def _origin(said: OriginSaid) -> dict[str, Any]:
    return {"country": said.country, "source": said.source, "since": _day(said.since)}


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.name,
        "last_day": clock.last_day.isoformat(),
        "days_left": clock.days_left,
        "is_estimated": clock.is_estimated,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cell(money: Money | None) -> str | Decimal:
    return "unknown" if money is None else money.amount
