"""Assessment runs: what set assessing going, how far it is, and what it changed."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from config.pages.address import a_number, address_with
from config.pages.visit import Visit
from fleet.models import Operator
from risk.dashboard import runs


def run_list_page(visit: Visit) -> HttpResponse:
    """The newest runs; `?after=` is the last one of the page before."""
    shown = runs.run_list(_whose(visit), after=a_number(visit.request, "after"), now=visit.now)
    return visit.render(
        "console/runs.html", runs=shown, following=address_with(after=shown.after) if shown.after else ""
    )


def run_page(visit: Visit, run_id: int) -> HttpResponse:
    """One run; for who works for an operator, one that touches none of its lots does not exist."""
    page = runs.run_page(run_id, _whose(visit), after=a_number(visit.request, "after"), now=visit.now)
    if page is None:
        raise Http404("There is no such run.")
    following = address_with(after=page.after) if page.after else ""
    return visit.render("console/run.html", page=page, following=following)


def _whose(visit: Visit) -> Operator | None:
    """Whose counts are shown: platform staff see everybody's together."""
    return None if visit.keeps_register else visit.operator
