"""Customs entries as JSON: amounts as text, None where they are not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from risk.api.answers import amount_answer
from risk.flows.entries import CustomsEntry, EntryLot
from risk.models import PolicyEdition


def entries_answer(entries: Iterable[CustomsEntry], *, edition: PolicyEdition) -> dict[str, Any]:
    """Every entry with its lots, and the law that the duty was computed under."""
    verified = edition.verified_through
    return {
        "policy_edition": edition.number,
        "verified_through": verified.isoformat() if verified else None,
        "entries": [_entry(entry) for entry in entries],
    }


def _entry(entry: CustomsEntry) -> dict[str, Any]:
    key = entry.key
    return {
        "entry_number": key.number,
        "entry_date": key.entry_date.isoformat(),
        "purchase_order": key.purchase_order,
        "importer_of_record": key.importer_of_record,
        "units": entry.units,
        "customs_value": amount_answer(entry.customs_value),
        "duty": amount_answer(entry.duty),
        "fees": None
        if entry.fees is None
        else [{"measure": fee.measure, "title": fee.title, "amount": str(fee.amount)} for fee in entry.fees],
        "total_fees": amount_answer(entry.total_fees),
        "duty_paid": str(entry.paid.amount),
        "units_without_duty_paid": entry.paid.units_silent,
        "explanation": list(entry.explanation),
        "lots": [_lot(lot) for lot in entry.lots],
    }


def _lot(lot: EntryLot) -> dict[str, Any]:
    return {
        "lot": lot.lot_id,
        "maker": lot.facts.maker,
        "model": lot.facts.model,
        "country_of_origin": lot.facts.origin,
        "units": lot.units,
        "customs_value": amount_answer(lot.customs_value),
        "duty": amount_answer(lot.duty),
        "fees": amount_answer(lot.fees),
        "lines": None
        if lot.lines is None
        else [
            {"measure": line.measure, "rate_percent": line.rate.percent, "duty": str(line.duty)}
            for line in lot.lines
        ],
        "duty_paid": str(lot.paid.amount),
        "units_without_duty_paid": lot.paid.units_silent,
    }
