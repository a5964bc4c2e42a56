"""The lots behind a bar, and the page that explains one of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect

from config.pages.address import a_number, one_of
from config.pages.column_choice import kept_address, shorter, with_columns
from config.pages.rig_filter import errors_in_words, lot_filter_groups, narrowed_by
from config.pages.saved_views import views_beside
from config.pages.visit import Visit
from fleet.models import Lot
from risk.dashboard import lot_page as one_lot
from risk.dashboard.columns import LOT_COLUMNS, USUAL_OF_LOTS, chosen, told
from risk.dashboard.fleet_view import Narrowing, fleet_view
from risk.dashboard.lot_view import LotView
from risk.dashboard.lots import SORTS, filter_choices, lot_list, narrowing_in_words

USUAL_SORT = "score"


def lot_list_page(visit: Visit) -> HttpResponse:
    """The lots that the address asks for, by findings and by facts, in pages both ways; it keeps the columns, too."""
    request, given = visit.request, visit.request.GET
    if address := shorter(given, LOT_COLUMNS, USUAL_OF_LOTS):
        return HttpResponseRedirect(address)
    narrowing, view = Narrowing.of(given), LotView.of(visit.operator, given.dict())
    sort = one_of(request, "sort", SORTS, USUAL_SORT)
    names = chosen(LOT_COLUMNS, USUAL_OF_LOTS, given.getlist("column"))
    fleet = fleet_view(visit.operator)
    shown = lot_list(
        fleet.narrowed(narrowing),
        sort=sort,
        after=a_number(request, "after"),
        before=a_number(request, "before"),
        only=view.lots(),
    )
    sorted_so = {} if sort == USUAL_SORT else {"sort": sort}
    asked = dict(narrowing.by) | dict(view.asked) | sorted_so
    kept = kept_address(asked.items(), given, LOT_COLUMNS)
    return visit.render(
        "console/lots.html",
        status=400 if view.errors else 200,
        lots=shown,
        rows=[(line, told(LOT_COLUMNS, names, line)) for line in shown.lines],
        headings=[LOT_COLUMNS[name] for name in names],
        columns=[(name, column.heading, name in names) for name, column in LOT_COLUMNS.items()],
        narrowing=narrowing,
        narrowed_by=with_columns(_narrowed_by(narrowing, view), given),
        filters=filter_choices(fleet, narrowing),
        groups=lot_filter_groups(view),
        errors=errors_in_words(view),
        sorts=[(name, words, name == sort) for name, (words, _) in SORTS.items()],
        search=view.asked.get("search", ""),
        query=kept,
        previous=f"?{kept}&before={shown.before}" if shown.before else "",
        following=f"?{kept}&after={shown.after}" if shown.after else "",
        saved=views_beside(visit, "lots", kept),
        may_share=visit.may("fleet.change_rig"),
    )


def _narrowed_by(narrowing: Narrowing, view: LotView) -> list[tuple[str, str, str]]:
    """What findings and facts are narrowed to; taking one away keeps the others."""
    facts, findings = urlencode(view.asked), narrowing.query
    by_findings = [
        (label, value, "&".join(filter(None, (without, facts))))
        for label, value, without in narrowing_in_words(narrowing)
    ]
    return by_findings + [
        (label, value, "&".join(filter(None, (findings, without))))
        for label, value, without in narrowed_by(view)
    ]


def lot_page(visit: Visit, lot_id: int) -> HttpResponse:
    """One lot with its explanation; another operator's lot does not exist here."""
    lot = Lot.objects.of(visit.operator).filter(pk=lot_id).select_related("operator", "model__maker").first()
    if lot is None:
        raise Http404("There is no such lot.")
    page = one_lot.lot_page(lot, today=visit.today, rigs_after=a_number(visit.request, "after"))
    receivable = bool(visit.may_upload and lot.purchase_order and page.is_to_come)
    return visit.render(
        "console/lot.html", page=page, lot=lot, receivable=receivable, may_edit=visit.may("fleet.change_rig")
    )
