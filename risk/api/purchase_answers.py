"""The JSON of a purchase that was asked about: line by line, the whole order, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from risk.api.answers import (
    DutyTeller,
    amount_answer,
    fee_answer,
    measured_answer,
    members_answer,
    reason_answer,
)
from risk.api.screening_answers import hit_answer
from risk.engine.exposure import ENGINE_VERSION
from risk.engine.facts import Listing
from risk.engine.findings import DutyLine
from risk.engine.kept_facts import as_plain
from risk.engine.outcomes import Doubt
from risk.engine.sanctions import together
from risk.engine.shares import FleetShares
from risk.engine.terms.money import NO_MONEY, AdValoremRate, Money
from risk.engine.verdicts import Decided, LimitApplied, PurchaseLimit
from risk.flows.checked_order import CheckedEntry, CheckedLine, CheckedOrder
from risk.flows.purchase_parties import Party
from risk.models import PurchaseCheck
from risk.selectors import FleetExposure


def order_answer(checked: CheckedOrder) -> dict[str, Any]:
    """All that is found of an order; the number of its record and who asked stand beside it (see check_answer)."""
    duty = DutyTeller(checked.book)
    return {
        "operator": checked.operator.slug,
        "on": checked.on.isoformat(),
        "purchase_order": checked.order.purchase_order,
        "reference": checked.order.reference,
        "currency": "USD",
        **_decided(checked.decided),
        "totals": _totals(checked),
        "duty": _by_measure(checked.lines),
        "entries": [_entry(entry) for entry in checked.entries],
        **_worst(checked.lines),
        "exposure": {"before": _exposure(checked.before), "after": _shares(checked.after)},
        "lines": [
            _line(line, decided, duty)
            for line, decided in zip(checked.lines, checked.decided_lines, strict=True)
        ],
        "rests_on": {
            "policy_edition": checked.edition.number,
            "verified_through": checked.book.verified_through.isoformat(),
            "list_editions": checked.list_editions,
            "engine_version": ENGINE_VERSION,
            "limits": [limit_answer(limit) for limit in checked.limits],
            "digest": checked.digest,
        },
    }


def check_answer(check: PurchaseCheck, told: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """The answer with the number under which it is kept, and who asked when."""
    by = {"key": check.made_with or None, "person": str(check.made_by) if check.made_by else None}
    return {"id": check.code, "made_at": at.isoformat(), "made_by": by, **told}


def check_summary(check: PurchaseCheck) -> dict[str, Any]:
    """A check as a list tells it."""
    return {
        "id": check.code,
        "made_at": check.made_at.isoformat(),
        "on": check.asked_on.isoformat(),
        "verdict": check.verdict,
        "decided_by": check.decided_by or None,
        "purchase_order": check.purchase_order or None,
        "reference": check.reference or None,
        "lines": check.lines,
        "quantity": check.units,
        "landed_cost": None if check.landed_cents is None else str(Money.of_cents(check.landed_cents)),
        "policy_edition": check.edition.number,
        "digest": check.digest,
        "upload": check.upload_id,
    }


def limit_answer(limit: PurchaseLimit) -> dict[str, Any]:
    """A limit of the operator."""
    return {
        "kind": limit.kind.value,
        "measure": limit.measure or None,
        "verdict": limit.verdict.value,
        "words": limit.words,
    }


def _decided(decided: Decided) -> dict[str, Any]:
    """The verdict, the limit that decided, and all that spoke."""
    first = decided.decided_by
    return {
        "verdict": decided.verdict.value,
        "decided_by": _applied(first) if first else None,
        "because": [_applied(each) for each in decided.because],
    }


def _applied(applied: LimitApplied) -> dict[str, Any]:
    return {
        "limit": applied.limit.words,
        "kind": applied.limit.kind.value,
        "verdict": applied.verdict.value,
        "line": applied.line,
        "sentence": applied.sentence,
    }


def _totals(checked: CheckedOrder) -> dict[str, Any]:
    """Sums over all lines; null where one of them is not known, and `unknown_lines` says how many are not."""
    lines = checked.lines
    amounts = {
        "customs_value": [line.value for line in lines],
        "total_duty": [line.duty for line in lines],
        "refundable_duty": [_refundable(line) for line in lines],
        "total_fees": [line.fees for line in lines],
        "landed_cost": [line.landed_cost for line in lines],
    }
    return {
        "lines": len(lines),
        "quantity": sum(line.asked.units for line in lines),
        "lines_in_doubt": sum(line.is_in_doubt for line in lines),
        **{name: amount_answer(_whole(known)) for name, known in amounts.items()},
        "unknown_lines": {name: sum(each is None for each in known) for name, known in amounts.items()},
    }


def _whole(amounts: Iterable[Money | None]) -> Money | None:
    total = NO_MONEY
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _refundable(line: CheckedLine) -> Money | None:
    if line.lines is None:
        return None
    return sum((each.duty for each in line.lines if each.refundable), NO_MONEY)


def _by_measure(lines: Iterable[CheckedLine]) -> list[dict[str, Any]]:
    """The duty of the whole order under each measure, over the lines whose duty is known."""
    sums: dict[str, tuple[DutyLine, Money]] = {}
    for line in lines:
        for each in line.lines or ():
            first, so_far = sums.get(each.measure, (each, NO_MONEY))
            sums[each.measure] = (first, so_far + each.duty)
    return [
        {
            "measure": first.measure,
            "title": first.title,
            "duty": str(duty),
            "legal_reference": first.legal_reference,
        }
        for first, duty in sums.values()
    ]


def _entry(entry: CheckedEntry) -> dict[str, Any]:
    """The lines that will be one customs entry, with its fees, which are charged once."""
    fees = entry.fees
    return {
        "entry_date": entry.key.entry_date.isoformat(),
        "import_country": entry.key.import_country,
        "importer_of_record": entry.key.importer_of_record,
        "lines": list(entry.lines),
        "fees": None if fees is None else [fee_answer(fee) for fee in fees],
        "total_fees": None if fees is None else str(sum((fee.amount for fee in fees), NO_MONEY)),
    }


def _worst(lines: tuple[CheckedLine, ...]) -> dict[str, Any]:
    """Of the whole order: the strongest level, and the highest score (null while that of a line is not known)."""
    sanction = together(line.found.sanction for line in lines)
    scores = [line.found.score for line in lines]
    known = [score for score in scores if score is not None]
    score = max(known) if len(known) == len(scores) else None
    bands = {line.found.score: line.found.band.value for line in lines}
    return {
        "sanction": {"level": sanction.level.value, "is_screened": sanction.is_screened},
        "score": score,
        "band": bands[score],
    }


def _exposure(exposure: FleetExposure) -> dict[str, Any]:
    return _shares(exposure.whole)


def _shares(whole: FleetShares) -> dict[str, Any]:
    """The exposed share of a fleet, four ways, with the one bar."""
    return {
        "fleet": measured_answer(whole.fleet),
        "exposed": members_answer(whole.exposed),
        "bar": members_answer(whole.bar),
        "duty_to_come": str(whole.duty["duty_to_come"].known),
    }


def _line(line: CheckedLine, decided: Decided, duty: DutyTeller) -> dict[str, Any]:
    asked, found = line.asked, line.found
    return {
        "line": line.number,
        "reference": asked.reference,
        "state": "doubt" if line.is_in_doubt else "known",
        **_decided(decided),
        "model": _model(line),
        "vendor": _vendor(line),
        "quantity": asked.units,
        "unit_value": amount_answer(asked.unit_value),
        "customs_value": amount_answer(line.value),
        "facts": as_plain(line.facts),
        "stage": found.stage.value,
        "entry_date": line.entry.day.isoformat() if line.entry else None,
        "origin": found.origin,
        "additional_rate_percent": _percent(found.rate),
        "best_additional_rate_percent": found.best.percent,
        "worst_additional_rate_percent": _percent(found.worst),
        "duty": _duty(line, duty),
        "total_duty": amount_answer(line.duty),
        "fees": amount_answer(line.fees),
        "landed_cost": amount_answer(line.landed_cost),
        "landed_unit_cost": amount_answer(line.landed_unit_cost),
        "landed_units": [{"units": units, "each": str(each)} for units, each in line.landed_units],
        "sanction": {
            "level": found.sanction.level.value,
            "is_screened": found.sanction.is_screened,
            "parties": [_party(party) for party in line.parties],
        },
        "score": found.score,
        "band": found.band.value,
        "unknown": list(line.unknown),
        "doubts": [_doubt(doubt, line.value) for doubt in found.doubts],
        "findings": [reason_answer(reason) for reason in (*line.notes, *found.findings)],
    }


def _duty(line: CheckedLine, duty: DutyTeller) -> dict[str, Any] | None:
    """As the `duty` command answers for this line alone; null where the duty is not known, or nothing is entered."""
    if line.lines is None or line.entry is None or line.value is None:
        return None
    return duty.told(replace(line.entry, customs_value=line.value), line.value)


def _model(line: CheckedLine) -> dict[str, Any]:
    model, bin_ = line.model.model, line.model.bin
    return {
        "asked": line.model.asked,
        "maker": model.maker.name if model else None,
        "model": model.name if model else None,
        "bin": bin_.name if bin_ else None,
        "candidates": list(line.model.candidates),
        "sentence": line.model.sentence or None,
    }


def _vendor(line: CheckedLine) -> dict[str, Any]:
    vendor = line.vendor.vendor
    return {
        "asked": line.vendor.asked,
        "id": vendor.pk if vendor else None,
        "name": vendor.name if vendor else None,
        "candidates": list(line.vendor.candidates),
        "sentence": line.vendor.sentence or None,
    }


def _party(party: Party) -> dict[str, Any]:
    """One party with the reasons for its level, and the entries of lists that they rest on."""
    return {
        "role": party.role,
        "name": party.name,
        "vendor": party.vendor_id,
        "level": party.sanction.level.value,
        "is_screened": party.sanction.is_screened,
        "reasons": [reason_answer(reason) for reason in party.sanction.reasons],
        "listings": [_listing(listing) for listing in party.facts.listings],
        "hits": [hit_answer(hit) for hit in party.hits],
    }


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "party": listing.party,
        "list": listing.list_code,
        "entity_id": listing.entity_id,
        "name": listing.listed_name,
        "edition": listing.edition,
        "is_confirmed": listing.is_confirmed,
    }


def _doubt(doubt: Doubt, value: Money | None) -> dict[str, Any]:
    """A fact that would settle it, and between which duties above the base rate the line lies without it."""
    return {
        "fact": doubt.fact,
        "best_percent": doubt.best.percent,
        "worst_percent": _percent(doubt.worst),
        "best_duty": None if value is None else str(doubt.best.of(value)),
        "worst_duty": None if value is None or doubt.worst is None else str(doubt.worst.of(value)),
        "sentence": doubt.sentence,
    }


def _percent(rate: AdValoremRate | None) -> str | None:
    return None if rate is None else rate.percent
