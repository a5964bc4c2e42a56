"""The JSON that the fleet answers with about receipts, the same for commands and API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from fleet.api.answers import PROBLEM_FACTS
from fleet.flows.holding_deltas import deltas_of
from fleet.flows.receipt_plan import ReceiptPlan
from fleet.models import Lot, Receipt
from fleet.sheets.reading import RowProblem
from risk.api.answers import exposure_answer
from risk.flows.preview_upload import preview_moves

FACTS = (
    *("purchase_order", "entry_number", "import_country", "transport_mode", "importer_of_record"),
    *("site", "status"),
)
MOMENTS = ("checked_at", "received_at", "undone_at")


def receipt_summary(receipt: Receipt) -> dict[str, Any]:
    """A receipt as a list tells it; asks the database nothing."""
    loaded = receipt.loaded_date
    return {
        "receipt": receipt.pk,
        "state": str(receipt.state),
        **{name: str(getattr(receipt, name)) for name in FACTS},
        "entry_date": receipt.entry_date.isoformat(),
        "loaded_date": loaded.isoformat() if loaded else None,
        "manifest": receipt.file_name,
        "sha256": receipt.sha256,
        "units": receipt.received_units,
        "lots": receipt.lots,
        **{name: _iso(getattr(receipt, name)) for name in MOMENTS},
    }


def receipt_answer(receipt: Receipt) -> dict[str, Any]:
    """One receipt as it stands, with what its undo took back and left."""
    return {**receipt_summary(receipt), "undo_report": receipt.undo_report or None}


def receipt_written(receipt: Receipt, decided: ReceiptPlan | None) -> dict[str, Any]:
    """What a receipt did: the receipt, and what came into which lot. Without a plan the same stood before."""
    if decided is None:
        return {**receipt_answer(receipt), **_nothing_new(receipt)}
    return {**receipt_answer(receipt), **plan_answer(receipt, decided)}


def receipt_check_answer(receipt: Receipt, decided: ReceiptPlan | None, *, on: date) -> dict[str, Any]:
    """What a receipt would do, with the exposed share now and as it would be."""
    told = receipt_written(receipt, decided)
    if decided:
        told["receipt"] = None  # nothing is on record of it
    preview = decided and preview_moves(receipt.operator, deltas_of(decided.planned), on=on)
    if not preview:
        return {**told, "preview": None}
    before, after = exposure_answer(preview.before), exposure_answer(preview.after)
    return {**told, "preview": {"before": before, "after": after}}


def plan_answer(receipt: Receipt, decided: ReceiptPlan) -> dict[str, Any]:
    """What is received: units by lot (null: a lot that is to be made), what stays on order, what was noticed."""
    lots = Lot.objects.of(receipt.operator).filter(facts_digest__in=[key.digest for key in decided.by_lot])
    known = dict(lots.values_list("facts_digest", "pk"))
    received = [
        {"lot": known.get(key.digest), "model": decided.models[key.model_id], "units": units}
        for key, units in decided.by_lot.items()
    ]
    return {
        "units_left": decided.units_left,
        "received": received,
        "notices": row_problems(decided.notices),
    }


def row_problems(problems: Iterable[RowProblem]) -> list[dict[str, Any]]:
    """Problems or notices: row 0 is the receipt itself."""
    return [{name: getattr(problem, name) for name in PROBLEM_FACTS} for problem in problems]


def _nothing_new(earlier: Receipt) -> dict[str, Any]:
    """The same goods again: nothing was written."""
    return {"units_left": None, "received": [], "notices": [], "same_as": earlier.pk}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
