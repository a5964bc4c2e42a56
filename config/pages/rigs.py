"""The rigs of a fleet, one line each, in pages that begin after a rig."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from config.pages.address import a_number, address_with
from config.pages.visit import Visit
from fleet.models import Rig, Site
from risk.dashboard.search import of_rig
from risk.engine.terms.rigs import RigStatus

PAGE_SIZE = 100


def rig_list_page(visit: Visit) -> HttpResponse:
    """Rigs by number of their record, narrowed by site, status and lot, or found by serial number or MAC."""
    asked = {name: visit.request.GET.get(name, "").strip() for name in ("search", "site", "status")}
    lot_id = a_number(visit.request, "lot")
    rigs = _asked_for(visit, asked, lot_id)
    rows = list(rigs.filter(pk__gt=a_number(visit.request, "after") or 0)[: PAGE_SIZE + 1])
    more = len(rows) > PAGE_SIZE
    return visit.render(
        "console/rigs.html",
        rigs=rows[:PAGE_SIZE],
        asked=asked,
        lot_id=lot_id,
        sites=Site.objects.of(visit.operator).order_by("name").values_list("name", flat=True),
        statuses=[status.value for status in RigStatus],
        following=address_with(**asked, lot=lot_id, after=rows[PAGE_SIZE - 1].pk) if more else "",
    )


def _asked_for(visit: Visit, asked: dict[str, str], lot_id: int | None) -> QuerySet[Rig]:
    rigs = Rig.objects.of(visit.operator).select_related("lot__model__maker", "site", "bin").order_by("pk")
    if asked["search"]:
        rigs = rigs.filter(of_rig(asked["search"]))
    if asked["site"]:
        rigs = rigs.filter(site__name=asked["site"])
    if asked["status"]:
        rigs = rigs.filter(status=asked["status"])
    return rigs.filter(lot_id=lot_id) if lot_id else rigs
