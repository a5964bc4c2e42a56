"""The front page: how much of the fleet is exposed."""

from __future__ import annotations

from django.http import HttpResponse

from config.pages.address import address_with, one_of
from config.pages.visit import Visit
from risk.dashboard.fleet_view import Narrowing
from risk.dashboard.front_page import front_page as tiles
from risk.engine.shares import MEASURES

MEASURE_ORDER = ("hashrate", "units", "power", "value")


def front_page(visit: Visit) -> HttpResponse:
    """The exposed share of the operator's fleet; `?measure=`, `?site=` and `?maker=` stay in the address."""
    request = visit.request
    measure = one_of(request, "measure", MEASURES, visit.measure)
    narrowing = Narrowing.of({name: request.GET.get(name, "") for name in ("site", "maker")})
    page = tiles(
        visit.operator,
        today=visit.today,
        measure=measure,
        narrowing=narrowing,
        keeps_register=visit.keeps_register,
    )
    switch = [
        (name, address_with(**dict(narrowing.by), measure=name), name == measure) for name in MEASURE_ORDER
    ]
    return visit.render(
        "console/front_page.html",
        page=page,
        switch=switch,
        narrowed=dict(narrowing.by),
        seconds_left=page.freshness.progress.seconds_left_by(visit.now),
    )
