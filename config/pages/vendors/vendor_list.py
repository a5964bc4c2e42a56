"""The list of vendors: found by name, alias or any identifier."""

from __future__ import annotations

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with, one_of
from config.pages.vendors.keeping import keeping_of
from config.pages.visit import Visit
from vendors.models import Vendor, VendorRole
from vendors.selectors import vendors_found

PAGE_SIZE = 50


def vendor_list_page(visit: Visit) -> HttpResponse:
    """The vendors that the person may see, by name; `?q=` finds, `?role=` and `?status=` narrow."""
    keeping, request = keeping_of(visit), visit.request
    asked = request.GET.get("q", "").strip()
    role = one_of(request, "role", VendorRole.Role.values, "")
    status = one_of(request, "status", Vendor.Status.values, "")
    vendors = vendors_found(asked, operator=keeping.own)
    vendors = vendors.filter(roles__role=role) if role else vendors
    vendors = vendors.filter(status=status) if status else vendors
    start = a_number(request, "from") or 0
    counted = vendors.annotate(models=Count("rig_models", distinct=True)).prefetch_related("roles")
    rows = list(counted.order_by("name", "pk")[start : start + PAGE_SIZE + 1])
    following = address_with(q=asked, role=role, status=status, **{"from": start + PAGE_SIZE})
    return visit.render(
        "console/vendors/list.html",
        vendors=rows[:PAGE_SIZE],
        total=vendors.count(),
        asked=asked,
        role=role,
        chosen_status=status,
        roles=VendorRole.Role.choices,
        statuses=Vendor.Status.choices,
        following=following if len(rows) > PAGE_SIZE else "",
        keeping=keeping,
    )


def vendor_named(visit: Visit, slug: str) -> HttpResponse:
    """Leads to the record of a slug: the person's own before one of the register; a merged one to the other."""
    keeping = keeping_of(visit)
    found = Vendor.objects.visible_to(keeping.own).filter(slug=slug)
    vendor = found.filter(operator__isnull=False).first() or found.first()
    if vendor is None:
        raise Http404("There is no such vendor.")
    return redirect("admin:vendor_record", vendor.survivor.pk)
