"""The fleet through time: the steps of its exposed share, what is coming, and the fleet as it was."""

from __future__ import annotations

from django.http import HttpResponse

from config.pages.address import address_with, one_of
from config.pages.visit import Visit
from risk.dashboard.history import history_page as rows_of
from risk.engine.shares import MEASURES
from risk.flows.keep_curves import steps_through_time
from risk.flows.snapshots import snapshot_shares
from risk.models import PolicyEdition

MEASURE_ORDER = ("hashrate", "units", "power", "value")


def history_page(visit: Visit) -> HttpResponse:
    """Today's fleet under the law of every day; `?measure=` stays in the address."""
    measure = one_of(visit.request, "measure", MEASURES, visit.measure)
    edition = PolicyEdition.objects.current()
    page = None
    if edition is not None:
        steps = steps_through_time(visit.operator, edition, today=visit.today)
        page = rows_of(steps, measure, snapshot_shares(visit.operator, measure), today=visit.today)
    switch = [(name, address_with(measure=name), name == measure) for name in MEASURE_ORDER]
    return visit.render("console/history.html", page=page, measure=measure, switch=switch)
