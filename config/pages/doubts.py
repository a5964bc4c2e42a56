"""What is unknown of the fleet: what each missing fact could change, and what to ask for first."""

from __future__ import annotations

from django.http import HttpResponse

from config.pages.visit import Visit
from risk.dashboard.doubts import doubts_page as tiles
from risk.flows.doubt_of_fleet import doubt_of_fleet


def doubts_page(visit: Visit) -> HttpResponse:
    """The doubt of the operator's fleet as last assessed."""
    return visit.render("console/doubts.html", page=tiles(doubt_of_fleet(visit.operator)))
