"""The form of a paper: what it is, what it bears, and which lots and rigs it covers."""

from __future__ import annotations

from typing import Any

from django import forms

from fleet.models import OriginEvidence
from risk.engine.reserve import Strength

SAID = ("kind", "title", "country", "strength", "issued_on", "expires_on", "note")
FILTERS = ("entry_number", "purchase_order", "maker", "origin")


class _Day(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"})


class EvidenceForm(forms.Form):
    """What the service judges is judged there; here only what a field cannot hold at all."""

    file = forms.FileField(label="File", error_messages={"required": "Choose the file of the paper."})
    title = forms.CharField(
        label="Title", max_length=200, help_text="How the paper is named in every reason."
    )
    kind = forms.ChoiceField(label="Kind", choices=OriginEvidence.Kind.choices)
    country = forms.CharField(
        label="Origin that it bears",
        max_length=2,
        help_text="Two letters, like MY. It need not be the declared one.",
    )
    strength = forms.ChoiceField(
        label="Strength",
        choices=[(each.value, each.value) for each in Strength],
        help_text="A weak paper, such as a supplier's statement alone, counts for no origin.",
    )
    issued_on = _Day(label="Issued", required=False)
    expires_on = _Day(label="Expires", required=False, help_text="On this day it counts no more.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    serials = forms.CharField(
        label="Serial numbers",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A range a line: the first and the last, with a space between; or one serial number.",
    )
    lots = forms.CharField(label="Lots", required=False, help_text="Their numbers, with spaces between.")
    entry_number = forms.CharField(label="Entry number", required=False)
    purchase_order = forms.CharField(label="Purchase order", required=False)
    maker = forms.CharField(label="Maker", required=False)
    origin = forms.CharField(label="Declared origin", required=False, max_length=2, help_text="Two letters.")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"

    @property
    def about_the_paper(self) -> list[forms.BoundField]:
        """The fields of the paper itself, without the file."""
        return [self[name] for name in SAID]

    @property
    def about_its_cover(self) -> list[forms.BoundField]:
        """The fields of what it covers."""
        return [self[name] for name in ("serials", "lots", *FILTERS)]

    def clean_country(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_origin(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["origin"]).upper()

    def clean_lots(self) -> list[int]:
        """Numbers of lots."""
        words = str(self.cleaned_data["lots"]).replace(",", " ").split()
        if wrong := [word for word in words if not (word.isascii() and word.isdigit() and len(word) < 19)]:
            raise forms.ValidationError(f"'{wrong[0]}' is no number of a lot.")
        return [int(word) for word in words]

    def clean_serials(self) -> list[tuple[str, str]]:
        """Ranges of serial numbers; a single one is a range of itself."""
        ranges = []
        for line in str(self.cleaned_data["serials"]).splitlines():
            words = line.split()
            if len(words) > 2:
                raise forms.ValidationError(f"'{line.strip()}' is no range: give the first and the last.")
            if words:
                ranges.append((words[0], words[-1]))
        return ranges

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service of the paper."""
        return {name: self.cleaned_data[name] for name in SAID}

    @property
    def covered(self) -> dict[str, Any]:
        """What goes to the service of its cover."""
        given = self.cleaned_data
        filters = {name: given[name] for name in FILTERS}
        return {"lot_ids": given["lots"], "serials": given["serials"], **filters}
