"""Merge two records of one vendor: find the other, see what would move, confirm with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number
from config.pages.vendors.keeping import Keeping, keeping_of
from config.pages.visit import Visit
from vendors.flows.merge_vendors import Merge, planned_merge
from vendors.models import Vendor
from vendors.selectors import vendors_found
from vendors.services import merge_vendors

FOUND_SHOWN = 20


def merge_page(visit: Visit, vendor_id: int) -> HttpResponse:
    """`?q=` looks for the other record, `?into=` shows what would move, a POST moves it."""
    keeping = keeping_of(visit)
    vendor = keeping.vendor(vendor_id)
    keeping.refuse_unless(keeping.may_change(vendor))
    if visit.is_posted:
        return _merged(visit, keeping, vendor)
    into = a_number(visit.request, "into")
    return _asked(visit, keeping, vendor, into=keeping.vendor(into) if into else None)


def _merged(visit: Visit, keeping: Keeping, vendor: Vendor) -> HttpResponse:
    sent = visit.request.POST
    into = keeping.vendor(int(sent["into"]) if sent.get("into", "").isdecimal() else 0)
    why = sent.get("why", "")
    try:
        merge = merge_vendors(merged=vendor, into=into, operator=vendor.operator, why=why, by=visit.person)
    except ValidationError as refusal:
        return _asked(visit, keeping, vendor, into=into, complaints=refusal.messages, why=why)
    messages.success(visit.request, merge.sentence)
    return redirect("admin:vendor_record", into.pk)


def _asked(
    visit: Visit,
    keeping: Keeping,
    vendor: Vendor,
    *,
    into: Vendor | None,
    complaints: list[str] | None = None,
    why: str = "",
) -> HttpResponse:
    asked = visit.request.GET.get("q", "").strip()
    plan, complaints = _planned(vendor, into, complaints or [])
    found = (
        vendors_found(asked, operator=keeping.own).exclude(pk=vendor.pk) if asked else Vendor.objects.none()
    )
    if not keeping.keeps_register and vendor.operator_id is None:
        found = found.none()
    return visit.render(
        "console/vendors/merge.html",
        status=400 if complaints else 200,
        vendor=vendor,
        into=into,
        plan=plan,
        complaints=complaints,
        why=why,
        asked=asked,
        found=found.order_by("name")[:FOUND_SHOWN],
    )


def _planned(vendor: Vendor, into: Vendor | None, complaints: list[str]) -> tuple[Merge | None, list[str]]:
    if into is None:
        return None, complaints
    try:
        return planned_merge(vendor, into), complaints
    except ValidationError as refusal:
        return None, complaints or refusal.messages
