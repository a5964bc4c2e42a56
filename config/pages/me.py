"""Your settings: how pages are told to the person who reads them, and what lets this person in."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages.sign_in.own import own_door
from config.pages.visit import Visit
from fleet.services import set_person_formats
from risk.engine.shares import MEASURES
from risk.engine.terms.figures import DateStyle, NumberFormat

# Zones as people look for them: by place. Old names and bare offsets are left out.
PLACES = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/", "UTC")


def _zones() -> list[tuple[str, str]]:
    named = sorted(name for name in available_timezones() if name.startswith(PLACES))
    return [
        ("", f"the product's, {settings.TIME_ZONE}"),
        *((name, name.replace("_", " ")) for name in named),
    ]


class PersonForm(forms.Form):
    """How the person has figures written, and what shares are taken of first."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=_zones,
        help_text="Moments are told in it. Legal days, such as entry dates, are days and stay as they are.",
    )
    number_format = forms.ChoiceField(
        label="Numbers", choices=[(each.value, each.value) for each in NumberFormat]
    )
    date_style = forms.ChoiceField(label="Days", choices=[(each.value, each.value) for each in DateStyle])
    measure = forms.ChoiceField(
        label="Shares are taken of",
        required=False,
        choices=[("", "hashrate, as usual"), *((name, name) for name in MEASURES if name != "hashrate")],
        help_text="Which measure a page begins with; each page still has its switch.",
    )


def me_page(visit: Visit) -> HttpResponse:
    """The form, and what is kept of it."""
    if not visit.is_posted:
        kept = {name: getattr(visit.person, name) for name in PersonForm.base_fields}
        return visit.render("console/me.html", form=PersonForm(initial=kept), **own_door(visit))
    form = PersonForm(visit.request.POST)
    if form.is_valid():
        try:
            set_person_formats(person=visit.person, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(visit.request, "Your settings are kept.")
            return redirect("admin:me")
    return visit.render("console/me.html", form=form, status=400, **own_door(visit))
