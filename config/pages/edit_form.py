"""The form of an edit of many rigs: a field for each fact, empty where it stays; and facts that are to be emptied."""

from __future__ import annotations

from typing import Any

from django import forms

from fleet.models import Operator, Site
from fleet.services import RowsWrong
from fleet.sheets.columns import COLUMNS_BY_NAME
from risk.dashboard.rig_facts import COUNTRIES
from risk.dashboard.words import fact_in_words
from risk.engine.terms.rigs import RigStatus, TransportMode

GROUPS = (
    ("Where it stands", ("status", "site", "rack", "position", "notes")),
    ("Origin", ("country_of_origin", "country_of_assembly", "hashboard_origin", "us_content_percent")),
    (
        "Customs",
        (
            *(
                "entry_date",
                "expected_entry_date",
                "entry_number",
                "hts_code",
                "import_country",
                "transport_mode",
            ),
            *("loaded_date", "importer_of_record", "purchase_order", "usmca_claim"),
        ),
    ),
    ("Figures of one rig", ("hashrate_ths", "power_w", "customs_value", "duty_paid")),
)
FACTS = tuple(name for _, names in GROUPS for name in names)
DAYS = ("entry_date", "expected_entry_date", "loaded_date")
STAYS = ("", "as it is")
UNITS = {
    "hashrate_ths": "Hashrate (TH/s)",
    "power_w": "Power (W)",
    "customs_value": "Customs value ($)",
    "duty_paid": "Duty paid ($)",
    "us_content_percent": "US content (%)",
}


class EditForm(forms.Form):
    """What the checks of a sheet's row judge is judged there; here only what is asked at all."""

    why = forms.CharField(
        label="Why", required=False, max_length=300, help_text="Stands in the history beside the change."
    )
    clear = forms.MultipleChoiceField(
        label="Facts to empty",
        required=False,
        choices=[(name, fact_in_words(name)) for name in FACTS if COLUMNS_BY_NAME[name].can_be_cleared],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, operator: Operator, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = {
            "status": [(each.value, each.value) for each in RigStatus],
            "site": [(name, name) for name in _sites(operator)],
            "transport_mode": [(each.value, each.value) for each in TransportMode],
            "usmca_claim": [("yes", "yes"), ("no", "no")],
        }
        for name in FACTS:
            self.fields[name] = _field(name, choices.get(name))
            self.fields[name].widget.attrs["aria-describedby"] = f"about-{name}"

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        """A fact cannot both take a value and be emptied; and something is to change."""
        given = super().clean() or self.cleaned_data
        for name in given.get("clear", ()):
            if given.get(name):
                self.add_error(name, "Give a value or empty it, not both.")
        if not self.errors and not self.said:
            self.add_error(None, "Say at least one value that is to change.")
        return given

    @property
    def said(self) -> dict[str, str | None]:
        """The values by the names of a sheet's columns; None empties."""
        given = {name: str(self.cleaned_data[name]) for name in FACTS if self.cleaned_data.get(name)}
        return {**given, **dict.fromkeys(self.cleaned_data.get("clear", ()))}

    def refuse(self, refusal: RowsWrong) -> None:
        """Put every problem beside its field."""
        for each in refusal.problems:
            self.add_error(each.column if each.column in self.fields else None, each.sentence)


def _field(name: str, choices: list[tuple[str, str]] | None) -> forms.Field:
    words = fact_in_words(name)
    label = UNITS.get(name) or words[:1].upper() + words[1:]
    if choices:
        return forms.ChoiceField(label=label, required=False, choices=[STAYS, *choices])
    if name in DAYS:
        widget = forms.DateInput(attrs={"type": "date"})
        wrong = {"invalid": "This is no day; write it like 2026-11-28."}
        return forms.DateField(label=label, required=False, widget=widget, error_messages=wrong)
    told = "By name, or two letters like CN." if name in COUNTRIES else ""
    longest = 2_000 if name == "notes" else 200
    return forms.CharField(label=label, required=False, max_length=longest, help_text=told)


def _sites(operator: Operator) -> list[str]:
    return list(Site.objects.of(operator).order_by("name").values_list("name", flat=True))
