"""The rigs of a fleet, one line each: filters for every fact, columns by choice, pages both ways."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from config.pages.address import a_number
from config.pages.column_choice import kept_address, shorter, with_columns
from config.pages.rig_filter import errors_in_words, filter_groups, narrowed_by
from config.pages.saved_views import views_beside
from config.pages.visit import Visit
from risk.dashboard.columns import RIG_COLUMNS, USUAL_OF_RIGS, chosen, told
from risk.dashboard.rig_pages import RigPage, rig_page
from risk.dashboard.rig_view import RigView
from risk.dashboard.words import counted


def rig_list_page(visit: Visit) -> HttpResponse:
    """Rigs by lot, site and status, narrowed by what the address says; it keeps filters and columns."""
    given = visit.request.GET
    if address := shorter(given, RIG_COLUMNS, USUAL_OF_RIGS):
        return HttpResponseRedirect(address)
    view = RigView.of(visit.operator, given.dict())
    page = rig_page(view, after=a_number(visit.request, "after"), before=a_number(visit.request, "before"))
    names = chosen(RIG_COLUMNS, USUAL_OF_RIGS, given.getlist("column"))
    kept = kept_address(view.asked.items(), given, RIG_COLUMNS)
    return visit.render(
        "console/rigs.html",
        status=400 if view.errors else 200,
        view=view,
        rows=[(rig, told(RIG_COLUMNS, names, rig)) for rig in page.rigs],
        headings=[RIG_COLUMNS[name] for name in names],
        columns=[(name, column.heading, name in names) for name, column in RIG_COLUMNS.items()],
        told=_told(page),
        groups=filter_groups(view),
        narrowed_by=with_columns(narrowed_by(view), given),
        errors=errors_in_words(view),
        query=kept,
        all_ticked=given.get("tick") == "all",
        tick=_ticked(given, "all"),
        untick=_ticked(given, ""),
        previous=f"?{kept}&before={page.before}" if page.before else "",
        following=f"?{kept}&after={page.after}" if page.after else "",
        look_on=f"?{kept}&after={page.looked_on}" if page.looked_on else "",
        may_edit=visit.may("fleet.change_rig"),
        saved=views_beside(visit, "rigs", kept),
    )


def _ticked(given: QueryDict, which: str) -> str:
    """This very page, with all of it chosen or nothing."""
    address = given.copy()
    address.pop("tick", None)
    if which:
        address["tick"] = which
    return f"?{address.urlencode()}"


def _told(page: RigPage) -> str:
    if page.is_more:
        return f"more than {counted(page.units, 'rig')}"
    return counted(page.units, "rig")
