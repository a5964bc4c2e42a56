"""The lots behind a bar, and the page that explains one of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from config.pages.address import a_number, address_with, one_of
from config.pages.visit import Visit
from fleet.models import Lot
from risk.dashboard import lot_page as one_lot
from risk.dashboard.fleet_view import Narrowing, fleet_view
from risk.dashboard.lots import SORTS, filter_choices, lot_list, narrowing_in_words
from risk.dashboard.search import lots_matching

USUAL_SORT = "score"


def lot_list_page(visit: Visit) -> HttpResponse:
    """The lots that the address asks for, in pages; `?search=` finds by serial, MAC and numbers of papers."""
    request = visit.request
    narrowing = Narrowing.of(request.GET)
    sort = one_of(request, "sort", SORTS, USUAL_SORT)
    search = request.GET.get("search", "").strip()
    fleet = fleet_view(visit.operator)
    found = lots_matching(visit.operator, search) if search else None
    shown = lot_list(fleet.narrowed(narrowing), sort=sort, after=a_number(request, "after"), only=found)
    kept = dict(narrowing.by) | {"search": search, "sort": "" if sort == USUAL_SORT else sort}
    return visit.render(
        "console/lots.html",
        lots=shown,
        narrowing=narrowing,
        narrowed_by=narrowing_in_words(narrowing),
        filters=filter_choices(fleet, narrowing),
        sorts=[(name, words, name == sort) for name, (words, _) in SORTS.items()],
        search=search,
        following=address_with(**kept, after=shown.after) if shown.after else "",
    )


def lot_page(visit: Visit, lot_id: int) -> HttpResponse:
    """One lot with its explanation; another operator's lot does not exist here."""
    lot = Lot.objects.of(visit.operator).filter(pk=lot_id).select_related("operator", "model__maker").first()
    if lot is None:
        raise Http404("There is no such lot.")
    page = one_lot.lot_page(lot, today=visit.today, rigs_after=a_number(visit.request, "after"))
    receivable = bool(visit.may_upload and lot.purchase_order and page.is_to_come)
    return visit.render("console/lot.html", page=page, lot=lot, receivable=receivable)
