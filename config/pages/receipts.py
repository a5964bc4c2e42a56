"""Goods received: the list, a new receipt, what it would do, and one receipt with its rigs and its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.attachment import stored
from config.pages.receipt_form import ReceiptForm
from config.pages.uploads import preview_in_words
from config.pages.visit import Visit, posted
from fleet.flows.holding_deltas import deltas_of
from fleet.flows.purchase_orders import nothing_to_come, numbers_to_come, order_to_come
from fleet.flows.receipt_plan import ReceiptPlan
from fleet.flows.receive_goods import plan_receipt
from fleet.models import Lot, Receipt, Site
from fleet.models.receipt import ReceiptState
from fleet.selectors import rigs_received
from fleet.services import (
    ReceiptWrong,
    check_receipt,
    confirm_receipt,
    discard_receipt,
    take_back_receipt,
)
from risk.flows.preview_upload import preview_moves
from risk.models import Assessment

PAGE_SIZE = 50
RIGS_SHOWN = 100


def receipt_list_page(visit: Visit) -> HttpResponse:
    """The receipts of an operator, newest first, and the purchase orders that are still to come."""
    receipts = Receipt.objects.of(visit.operator).select_related("received_by")
    if before := a_number(visit.request, "before"):
        receipts = receipts.filter(pk__lt=before)
    rows = list(receipts.order_by("-pk")[: PAGE_SIZE + 1])
    following = address_with(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    orders = numbers_to_come(visit.operator)
    return visit.render(
        "console/receipts.html", receipts=rows[:PAGE_SIZE], following=following, orders=orders
    )


def new_receipt_page(visit: Visit) -> HttpResponse:
    """The form for one purchase order; `?purchase_order=` says which. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    request = visit.request
    number = request.GET.get("purchase_order", "").strip()
    order = order_to_come(visit.operator, number)
    if not order.rows:
        why = nothing_to_come(visit.operator, number).sentence if number else ""
        orders = numbers_to_come(visit.operator)
        status = 404 if number else 200
        return visit.render("console/choose_order.html", status=status, orders=orders, number=number, why=why)
    form = ReceiptForm(order, *((request.POST, request.FILES) if visit.is_posted else ()))
    if form.is_valid() and (receipt := _checked(visit, form)):
        return redirect("admin:receipt", receipt.pk)
    sites = Site.objects.of(visit.operator).order_by("name").values_list("name", flat=True)
    status = 400 if form.errors else 200
    return visit.render("console/new_receipt.html", status=status, form=form, order=order, sites=sites)


def receipt_page(visit: Visit, receipt_id: int) -> HttpResponse:
    """One receipt: what it would do while it is only checked, then its rigs and its undo."""
    receipt = _receipt_of(visit, receipt_id)
    checked = receipt.state == ReceiptState.CHECKED
    after = a_number(visit.request, "after")
    rigs = list(rigs_received(receipt, after=after)[: RIGS_SHOWN + 1])
    return visit.render(
        "console/receipt.html",
        receipt=receipt,
        rigs=rigs[:RIGS_SHOWN],
        rigs_after=rigs[RIGS_SHOWN - 1].pk if len(rigs) > RIGS_SHOWN else None,
        owed=Assessment.objects.waiting().filter(operator=visit.operator).count(),
        **(_shown(visit, receipt, plan_receipt(receipt, today=visit.today)) if checked else {}),
    )


@posted
def receipt_deed(visit: Visit, receipt_id: int, deed: str) -> HttpResponse:
    """Receive or discard what was checked, undo what was received. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    receipt = _receipt_of(visit, receipt_id)
    if deed not in DEEDS:
        raise Http404("There is no such deed.")
    try:
        return DEEDS[deed](visit, receipt)
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
        return redirect("admin:receipt", receipt.pk)


def manifest_file(visit: Visit, receipt_id: int) -> FileResponse:
    """The manifest as it was sent, never shown inside the console."""
    receipt = _receipt_of(visit, receipt_id)
    if not receipt.file:
        raise Http404("This receipt has no manifest.")
    return stored(receipt.file, receipt.file_name)


def _shown(visit: Visit, receipt: Receipt, decided: ReceiptPlan) -> dict[str, Any]:
    """What a checked receipt would do, in units, lots and the exposed share."""
    lots = Lot.objects.of(receipt.operator).filter(facts_digest__in=[key.digest for key in decided.by_lot])
    known = dict(lots.values_list("facts_digest", "pk"))
    into = [
        (known.get(key.digest), decided.models[key.model_id], key.country_of_origin, units)
        for key, units in decided.by_lot.items()
    ]
    preview = preview_moves(receipt.operator, deltas_of(decided.planned), on=visit.today)
    return {"decided": decided, "into": into, "preview": preview_in_words(preview)}


def _checked(visit: Visit, form: ReceiptForm) -> Receipt | None:
    try:
        receipt, decided = check_receipt(
            operator=visit.operator, today=visit.today, at=visit.now, **form.said
        )
    except ReceiptWrong as refusal:
        form.refuse(refusal)
        return None
    except ValidationError as refusal:
        form.add_error("file", " ".join(refusal.messages))
        return None
    if decided is None:
        messages.info(visit.request, "The same was received already; nothing was written again.")
    return receipt


def _confirmed(visit: Visit, receipt: Receipt) -> HttpResponse:
    shown = visit.request.POST.get("shown", "")
    standing = confirm_receipt(receipt=receipt, shown=shown, today=visit.today, at=visit.now, by=visit.person)
    return redirect("admin:receipt", standing.pk)


def _discarded(visit: Visit, receipt: Receipt) -> HttpResponse:
    discard_receipt(receipt=receipt)
    return redirect("admin:receipts")


def _undone(visit: Visit, receipt: Receipt) -> HttpResponse:
    take_back_receipt(receipt=receipt, at=visit.now, by=visit.person)
    return redirect("admin:receipt", receipt.pk)


def _receipt_of(visit: Visit, receipt_id: int) -> Receipt:
    receipts = Receipt.objects.of(visit.operator).select_related("operator", "received_by", "undone_by")
    receipt: Receipt | None = receipts.filter(pk=receipt_id).first()
    if receipt is None:
        raise Http404("There is no such receipt.")
    return receipt


def _refuse_viewers(visit: Visit) -> None:
    if not visit.may_upload:
        raise PermissionDenied("Only a manager of this operator receives goods.")


DEEDS: dict[str, Callable[[Visit, Receipt], HttpResponse]] = {
    "confirm": _confirmed,
    "discard": _discarded,
    "undo": _undone,
}
