"""Customs entries: what each cost as computed, and what the sheets say was paid."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from config.pages.address import a_number, address_with
from config.pages.attachment import CSV, attached
from config.pages.visit import Visit
from fleet.models import Liquidation
from fleet.services import record_liquidations
from fleet.sheets.answer_tables import table_as_csv
from risk.dashboard.landed_table import landed_headings, landed_rows
from risk.engine.entries import CustomsEntry
from risk.flows.entries import customs_entries
from risk.flows.landed_cost import landed_rigs
from risk.models import PolicyEdition

PAGE_SIZE = 100


class LiquidationForm(forms.Form):
    """The day on which customs liquidated an entry, and where that is said."""

    liquidated_on = forms.DateField(
        label="Liquidated on",
        widget=forms.DateInput(attrs={"type": "date", "aria-describedby": "about-liquidated_on"}),
        error_messages={"required": "Give the day."},
    )
    source = forms.CharField(
        label="Where it says so",
        max_length=200,
        widget=forms.TextInput(attrs={"aria-describedby": "about-source"}),
        help_text="A report of ACE and its day, for instance.",
        error_messages={"required": "Say where the day is from."},
    )


def entry_list_page(visit: Visit) -> HttpResponse:
    """The entries by number, in pages; `?number=` finds one."""
    number = visit.request.GET.get("number", "").strip()
    edition, start = PolicyEdition.objects.current(), a_number(visit.request, "from") or 0
    found = _entries(visit, edition, number or None)
    more = start + PAGE_SIZE < len(found)
    return visit.render(
        "console/entries.html",
        entries=found[start : start + PAGE_SIZE],
        total=len(found),
        number=number,
        edition=edition,
        following=address_with(number=number, **{"from": start + PAGE_SIZE}) if more else "",
    )


def entry_page(visit: Visit, number: str) -> HttpResponse:
    """One entry, line by line; a number that stands under two days has two. Posted: the day of its liquidation.

    Raises PermissionDenied for viewers who post.
    """
    edition = PolicyEdition.objects.current()
    found = _entries(visit, edition, number)
    if not found:
        raise Http404("There is no such entry.")
    form = LiquidationForm(visit.request.POST or None)
    if visit.is_posted and _recorded(visit, number, form):
        return redirect("admin:entry", number)
    liquidation = Liquidation.objects.of(visit.operator).filter(entry_number=number).first()
    told = {"number": number, "entries": found, "edition": edition, "liquidation": liquidation}
    return visit.render("console/entry.html", status=400 if form.errors else 200, form=form, **told)


def _recorded(visit: Visit, number: str, form: LiquidationForm) -> bool:
    if not visit.may_upload:
        raise PermissionDenied("Only a manager of this operator records liquidations.")
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        record_liquidations(
            operator=visit.operator,
            days={number: said["liquidated_on"]},
            source=said["source"],
            today=visit.today,
            at=visit.now,
            by=visit.person,
        )
    except ValidationError as refusal:
        form.add_error("liquidated_on", refusal.messages)
        return False
    messages.success(visit.request, f"Entry {number} was liquidated on {said['liquidated_on']:%-d %b %Y}.")
    return True


def entry_sheet(visit: Visit, number: str) -> HttpResponse:
    """What each rig of the entry cost to land, as .csv."""
    found = _entries(visit, PolicyEdition.objects.current(), number)
    if not found:
        raise Http404("There is no such entry.")
    rigs = [rig for entry in found for rig in landed_rigs(visit.operator, entry)]
    name = f"{visit.operator.slug}-entry-{slugify(number)}-rigs.csv"
    return attached(table_as_csv(landed_headings(rigs), landed_rows(rigs)).encode(), CSV, name)


def _entries(visit: Visit, edition: PolicyEdition | None, number: str | None) -> tuple[CustomsEntry, ...]:
    """None while no law is published."""
    if edition is None:
        return ()
    return customs_entries(visit.operator, on=visit.today, edition=edition, number=number)
