"""Forms of the vendor register, made from the fields of each kind of fact; what is wrong stands beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import fields_for_model, model_to_dict

from vendors.models import Vendor, VendorDocument
from vendors.models.kinds import Kind
from vendors.services.records import VENDOR_FIELDS

A_DAY = "A year, a month or a day: 2024, 2024-12 or 2024-12-09."
HELP = {
    "country": "Two letters, like MY.",
    "home_country": "Two letters, like MY.",
    "since": A_DAY,
    "through": A_DAY,
    "script": "ISO 15924, like Hans, Latn or Cyrl.",
    "language": "ISO 639-1, like zh.",
    "share_low": "In percent. Both empty: not known.",
    "share_high": "In percent.",
    "source": "Who says so: a page, a paper, a register.",
    "expires_on": "On this day it counts no more.",
    "relation": "In words: founder, holding through a trust, buys chips.",
    "lines": "As it would stand on a letter, without the country.",
    "document": "A paper on file at this vendor that bears the tie.",
}
LABELS = {
    "share_low": "Share, at least",
    "share_high": "Share, at most",
    "since": "From",
    "through": "Through",
    "first_date": "Entries from",
    "through_date": "Entries through",
    "kept_by": "Kept by",
    "issued_on": "Issued",
    "expires_on": "Expires",
    "lines": "Address",
    "told": "What it says",
}
DAYS = ("issued_on", "expires_on", "first_date", "through_date", "reported_on")


class RecordForm(forms.Form):
    """Fields and a reason. The service judges; its refusals are put beside the fields that they name."""

    why = forms.CharField(
        label="Why",
        max_length=300,
        error_messages={"required": "Say why, for the history."},
        help_text="It stands in the history beside your name.",
    )

    def __init__(self, model: Any, names: tuple[str, ...], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        made = fields_for_model(model, fields=names)
        self.fields = {**made, "why": self.fields["why"]}
        for name, field in self.fields.items():
            field.label, field.help_text = LABELS.get(name, field.label), HELP.get(name, field.help_text)
            field.widget.attrs["aria-describedby"] = f"about-{name}"
            if name in DAYS:
                field.widget = forms.DateInput(
                    attrs={**field.widget.attrs, "type": "date"}, format="%Y-%m-%d"
                )
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("why", "file")}

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields, without the reason and the file."""
        return [self[name] for name in self.fields if name not in ("why", "file")]

    def refuse(self, refusal: ValidationError) -> None:
        """Put a service's refusal beside the fields that it names, else above the form."""
        wrong = (
            refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        )
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def vendor_form(keepers: Any, sent: Any = None, vendor: Vendor | None = None) -> RecordForm:
    """What the record itself says; `keepers` are the people who may keep it."""
    start = model_to_dict(vendor, fields=VENDOR_FIELDS) if vendor else {"status": Vendor.Status.ACTIVE}
    form = RecordForm(Vendor, VENDOR_FIELDS, sent, initial=start)
    form.fields["kept_by"].queryset = keepers  # type: ignore[attr-defined]
    return form


def fact_form(kind: Kind, vendor: Vendor, sent: Any = None, row: Any = None, files: Any = None) -> RecordForm:
    """A fact of a kind; for a new document with its file."""
    start = model_to_dict(row, fields=kind.fields) if row else {}
    form = RecordForm(kind.model, kind.fields, sent, files, initial=start)
    if "document" in form.fields:
        papers = VendorDocument.objects.filter(
            vendor=vendor, operator=vendor.operator_id, withdrawn_at__isnull=True
        )
        form.fields["document"].queryset = papers  # type: ignore[attr-defined]
    if kind.name == "documents" and row is None:
        form.fields["file"] = forms.FileField(
            label="File",
            error_messages={"required": "Choose the file of the paper."},
            widget=forms.ClearableFileInput(attrs={"aria-describedby": "about-file"}),
            help_text="PDF, picture, Word, Excel, OpenDocument, text or mail.",
        )
    return form
