"""Purchases that are checked: the list, a question by hand, one answer to print and to order, and the limits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.limit_form import limits_said
from config.pages.visit import Visit, posted
from risk.api.purchase_records import checked_and_kept
from risk.api.purchase_shapes import CheckAsked, CheckTaken, OrderTaken, order_of
from risk.dashboard.purchase_page import complaints_of, purchase_page
from risk.engine.terms.rigs import TransportMode
from risk.engine.verdicts import LimitKind, PurchaseVerdict, shipped_beside
from risk.flows.check_purchase import limits_of, own_limits_of
from risk.models import PolicyEdition, PurchaseCheck
from risk.services import order_purchase, set_purchase_limits

PAGE_SIZE = 50
LINES_ASKED = 5
EMPTY_LIMITS = 3
ORDER_FIELDS = ("purchase_order", "because")
LINE_FIELDS = (
    "model",
    "quantity",
    "unit_value",
    "vendor",
    "country_of_origin",
    "country_of_assembly",
    "expected_entry_date",
    "transport_mode",
)


def check_list_page(visit: Visit) -> HttpResponse:
    """The checks of an operator, newest first, and the limits that count."""
    checks = PurchaseCheck.objects.of(visit.operator).select_related("made_by").defer("told", "asked")
    if before := a_number(visit.request, "before"):
        checks = checks.filter(pk__lt=before)
    rows = list(checks.order_by("-pk")[: PAGE_SIZE + 1])
    following = address_with(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    limits = limits_of(visit.operator)
    return visit.render("console/checks.html", checks=rows[:PAGE_SIZE], following=following, limits=limits)


def new_check_page(visit: Visit) -> HttpResponse:
    """A few lines asked by hand; what is wrong with one is named as the API names it."""
    edition, sent = PolicyEdition.objects.current(), visit.request.POST
    if not visit.is_posted:
        return _asked(visit)
    if edition is None:
        return _asked(visit, ["No policy edition is published yet, so there is no law to ask."])
    taken, day = CheckTaken(data=_said(sent)), CheckAsked(data={"on": sent["on"]} if sent.get("on") else {})
    if not all([taken.is_valid(), day.is_valid()]):
        return _asked(visit, complaints_of({**taken.errors, **day.errors}))
    check = checked_and_kept(
        visit.operator,
        order_of(dict(taken.validated_data)),
        edition=edition,
        on=day.validated_data.get("on") or visit.today,
        today=visit.today,
        at=visit.now,
        by=visit.person,
    )
    return redirect("admin:check", check.code)


def check_page(visit: Visit, code: str) -> HttpResponse:
    """One answer as it was given, to read and to print."""
    check = _check_of(visit, code)
    return visit.render("console/check.html", check=check, page=purchase_page(check.answer))


@posted
def order_page(visit: Visit, code: str) -> HttpResponse:
    """Put the rigs of a check on order. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    check, sent = _check_of(visit, code), visit.request.POST
    said = OrderTaken(data={name: sent[name] for name in ORDER_FIELDS if sent.get(name, "").strip()})
    if not said.is_valid():
        messages.error(visit.request, " ".join(complaints_of(said.errors)))
        return redirect("admin:check", check.code)
    try:
        upload, _ = order_purchase(
            check=check,
            today=visit.today,
            number=said.validated_data.get("purchase_order", ""),
            because=said.validated_data.get("because", ""),
            by=visit.person,
        )
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
        return redirect("admin:check", check.code)
    return redirect("admin:upload", upload.pk)


def limits_page(visit: Visit) -> HttpResponse:
    """The operator's limits, in their order. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    if not visit.is_posted:
        return _limits(visit, _rows_on_record(visit))
    sent = visit.request.POST
    rows = list(zip(*(sent.getlist(name) for name in ("kind", "measure", "verdict")), strict=False))
    limits, complaints = limits_said(rows)
    if complaints:
        return _limits(visit, rows, complaints)
    try:
        set_purchase_limits(operator=visit.operator, limits=limits, by=visit.person)
    except ValidationError as refusal:
        return _limits(visit, rows, refusal.messages)
    messages.success(visit.request, "The limits are kept; the next check is judged by them.")
    return redirect("admin:checks")


def _said(sent: Any) -> dict[str, Any]:
    """What the form says, in the words of the API; empty fields are not said, empty lines are none."""
    lines = [
        {
            name: sent[f"{name}_{number}"].strip()
            for name in LINE_FIELDS
            if sent.get(f"{name}_{number}", "").strip()
        }
        for number in range(LINES_ASKED)
    ]
    order = {
        name: sent[name].strip()
        for name in ("purchase_order", "import_country")
        if sent.get(name, "").strip()
    }
    return {**order, "lines": [line for line in lines if line]}


def _asked(visit: Visit, complaints: list[str] | tuple[str, ...] = ()) -> HttpResponse:
    sent = visit.request.POST
    rows = [
        [(name, sent.get(f"{name}_{number}", "")) for name in LINE_FIELDS] for number in range(LINES_ASKED)
    ]
    return visit.render(
        "console/new_check.html",
        status=400 if complaints else 200,
        complaints=complaints,
        rows=rows,
        modes=[mode.value for mode in TransportMode],
        on=sent.get("on", ""),
        purchase_order=sent.get("purchase_order", ""),
        import_country=sent.get("import_country", ""),
    )


def _rows_on_record(visit: Visit) -> list[tuple[str, str, str]]:
    limits = own_limits_of(visit.operator)
    return [(limit.kind.value, limit.measure, limit.verdict.value) for limit in limits]


def _limits(
    visit: Visit,
    rows: list[tuple[str, ...]] | list[tuple[str, str, str]],
    complaints: list[str] | None = None,
) -> HttpResponse:
    empty = [("", "", PurchaseVerdict.ASK.value)] * EMPTY_LIMITS
    own = own_limits_of(visit.operator)
    return visit.render(
        "console/purchase_limits.html",
        status=400 if complaints else 200,
        complaints=complaints or (),
        rows=[*rows, *empty],
        kinds=[kind.value for kind in LimitKind],
        verdicts=[PurchaseVerdict.ASK.value, PurchaseVerdict.REFUSE.value],
        are_own=bool(own),
        shipped=shipped_beside(own),
    )


def _check_of(visit: Visit, code: str) -> PurchaseCheck:
    checks = PurchaseCheck.objects.of(visit.operator).select_related("made_by", "upload", "edition")
    check: PurchaseCheck | None = checks.filter(code=code).first()
    if check is None:
        raise Http404("There is no such check.")
    return check


def _refuse_viewers(visit: Visit) -> None:
    if not visit.may_upload:
        raise PermissionDenied("Only a manager of this operator sets limits and places orders.")
