"""Customs entries as JSON: amounts as text, None where they are not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from risk.api.answers import amount_answer
from risk.engine.entries import CustomsEntry, EntryLot, Paid
from risk.flows.landed_cost import LandedRig
from risk.models import PolicyEdition


def landed_answer(each: LandedRig) -> dict[str, Any]:
    """A rig of an entry, or so many alike, and its part of every line of duty and of the fees."""
    return {
        "rig": each.rig.pk,
        "lot": each.lot.lot_id,
        "serial_number": each.rig.serial_number,
        "mac_address": each.rig.mac_address,
        "quantity": each.rig.quantity,
        "customs_value": amount_answer(each.customs_value),
        "lines": None
        if each.duty is None
        else [{"measure": measure, "duty": str(duty)} for measure, duty in each.duty.items()],
        "duty": amount_answer(each.total_duty),
        "fees": amount_answer(each.fees),
        "landed_cost": amount_answer(each.landed_cost),
        "duty_paid": amount_answer(each.duty_paid),
    }


def entries_answer(entries: Iterable[CustomsEntry], *, edition: PolicyEdition) -> dict[str, Any]:
    """Every entry with its lots, and the law that the duty was computed under."""
    verified = edition.verified_through
    return {
        "policy_edition": edition.number,
        "verified_through": verified.isoformat() if verified else None,
        "entries": [entry_answer(entry) for entry in entries],
    }


def entry_answer(entry: CustomsEntry) -> dict[str, Any]:
    """One entry with its lots, and what lies between the duty paid and the duty computed."""
    key = entry.key
    return {
        "entry_number": key.number,
        "entry_date": key.entry_date.isoformat(),
        "import_country": key.import_country,
        "purchase_order": key.purchase_order,
        "importer_of_record": key.importer_of_record,
        "units": entry.units,
        "customs_value": amount_answer(entry.customs_value),
        "duty": amount_answer(entry.duty),
        "fees": None
        if entry.fees is None
        else [{"measure": fee.measure, "title": fee.title, "amount": str(fee.amount)} for fee in entry.fees],
        "total_fees": amount_answer(entry.total_fees),
        "duty_paid": _paid(entry.paid),
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
        "duty_paid": _paid(lot.paid),
        "units_without_duty_paid": lot.paid.units_silent,
    }


def _paid(paid: Paid) -> str | None:
    """Null where the sheets say nothing of any rig."""
    return str(paid.amount) if paid.units_said else None
