"""What is asked on the pages of keys: for which program, to do what, until when and from where; and how one ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from config.pages.visit import Visit
from fleet.models.keys import Scope, end_of
from fleet.rights import scopes_at

USUAL_LIFE = timedelta(days=365)
OVERLAPS = (
    (168, "7 days"),
    (24, "24 hours"),
    (720, "30 days"),
    (0, "none: the old key ends at once"),
)


class KeyForm(forms.Form):
    """A new key. What the service judges is judged there."""

    name = forms.CharField(
        label="Which program uses it",
        max_length=100,
        widget=forms.TextInput(attrs={"aria-describedby": "about-name", "autocomplete": "off"}),
        error_messages={"required": "Give the name of the program, so that people know what stops with it."},
        help_text="For people, like procurement or ERP.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one thing that it may do."},
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "aria-describedby": "about-expires_on"}),
        help_text="It opens through this day, US Eastern time. Empty: until somebody revokes it.",
    )
    ip_ranges = forms.CharField(
        label="Addresses from which it may be used",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "aria-describedby": "about-ip_ranges"}),
        help_text="One a line, like 192.0.2.7 or 192.0.2.0/24. Empty: from anywhere.",
    )

    def __init__(self, visit: Visit) -> None:
        super().__init__(
            visit.request.POST or None, initial={"expires_on": (visit.today + USUAL_LIFE).isoformat()}
        )
        own = scopes_at(visit.person, visit.operator)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(value, words) for value, words in Scope.choices if value in own]

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service."""
        last = self.cleaned_data["expires_on"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": end_of(last) if last else None,
            "ip_ranges": self.cleaned_data["ip_ranges"].replace(",", " ").split(),
        }


class RotationForm(forms.Form):
    """How long the old key goes on beside the new one."""

    overlap = forms.TypedChoiceField(
        label="The old key goes on for",
        choices=OVERLAPS,
        coerce=int,
        widget=forms.Select(attrs={"aria-describedby": "about-overlap"}),
        help_text="Time to move the program. Choose none where somebody else may know the key.",
    )


class RevocationForm(forms.Form):
    """Why a key ends."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"aria-describedby": "about-why"}),
        help_text="For the audit.",
    )
