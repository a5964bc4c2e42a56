"""What a dispute over origin could cost, what can come back, and both as files to take along."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.http import Http404, HttpResponse

from config.pages.attachment import CSV, WORKBOOK, attached
from config.pages.visit import Visit
from fleet.sheets.answer_tables import column_as_csv, table_as_csv, write_table
from risk.dashboard.reserve_answer import RESERVE_HEADINGS, reserve_rows
from risk.dashboard.reserve_page import columns_of, left_out, lot_rows, refund_rows, routes_of, sums_of
from risk.engine.refunds import Route
from risk.flows.refunds import ENTRY_NUMBER, NO_ENTRY_NUMBER, UNDECIDED, Refunds, portal_files, refunds
from risk.flows.reserve_note import ReserveNote, reserve_note
from risk.models import PolicyEdition


def reserve_page(visit: Visit) -> HttpResponse:
    """The three columns on a day, their assumptions, and what they rest on; `?on=` asks about another day."""
    note = _note(visit)
    return visit.render(
        "console/reserve.html",
        note=note,
        columns=columns_of(note) if note else (),
        sums=sums_of(note) if note else (),
        lots=lot_rows(note) if note else (),
        left_out=left_out(note) if note else "",
        on=_asked_day(visit),
    )


def reserve_sheet(visit: Visit) -> HttpResponse:
    """Every lot of the note as .csv."""
    note = _note_or_404(visit)
    return attached(
        table_as_csv(RESERVE_HEADINGS, reserve_rows(note)).encode(),
        CSV,
        f"{visit.operator.slug}-reserve-{note.on}.csv",
    )


def reserve_workbook(visit: Visit) -> HttpResponse:
    """Every lot of the note as .xlsx."""
    note, written = _note_or_404(visit), BytesIO()
    write_table("Reserve", RESERVE_HEADINGS, reserve_rows(note), written)
    return attached(written.getvalue(), WORKBOOK, f"{visit.operator.slug}-reserve-{note.on}.xlsx")


def refunds_page(visit: Visit) -> HttpResponse:
    """Which entries could bring something back, under which measure and on which route; the files for the portal."""
    found = _refunds(visit)
    route = _asked_route(visit)
    files = portal_files(found.entry_numbers(route=route)) if found else []
    return visit.render(
        "console/refunds.html",
        found=found,
        lines=refund_rows(found.lines) if found else (),
        apart=refund_rows(found.without_entry_number) if found else (),
        routes=routes_of(found) if found else (),
        files=[(number, len(each)) for number, each in enumerate(files, start=1)],
        route=route,
        all_routes=list(Route),
        no_entry_number=NO_ENTRY_NUMBER,
        undecided=UNDECIDED,
        on=_asked_day(visit),
    )


def refund_entries(visit: Visit, number: int) -> HttpResponse:
    """One file of entry numbers for the refund portal, of at most 9,999."""
    found = _refunds(visit)
    files = portal_files(found.entry_numbers(route=_asked_route(visit))) if found else []
    if not 1 <= number <= len(files):
        raise Http404("There is no such file.")
    name = f"{visit.operator.slug}-refund-entries-{number}.csv"
    return attached(column_as_csv(ENTRY_NUMBER, files[number - 1]).encode(), CSV, name)


def _note(visit: Visit) -> ReserveNote | None:
    """None while no law is published."""
    edition = PolicyEdition.objects.current()
    return reserve_note(visit.operator, on=_asked_day(visit), edition=edition) if edition else None


def _note_or_404(visit: Visit) -> ReserveNote:
    note = _note(visit)
    if note is None:
        raise Http404("No policy edition is published.")
    return note


def _refunds(visit: Visit) -> Refunds | None:
    edition = PolicyEdition.objects.current()
    return refunds(visit.operator, on=_asked_day(visit), edition=edition) if edition else None


def _asked_day(visit: Visit) -> date:
    """The day that the address names; what is none is today."""
    try:
        return date.fromisoformat(visit.request.GET.get("on", ""))
    except ValueError:
        return visit.today


def _asked_route(visit: Visit) -> Route | None:
    asked = visit.request.GET.get("route", "")
    return Route(asked) if asked in list(Route) else None
