"""The upload form: a file, and what the sender says beside it for every row."""

from __future__ import annotations

from typing import Any

from django import forms

from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.instructions import Instructions

# What most tools' exports leave out, and what is the same for a whole shipment.
CONSTANTS = (
    "site",
    "country_of_origin",
    "country_of_assembly",
    "import_country",
    "entry_date",
    "entry_number",
    "transport_mode",
    "purchase_order",
)


class UploadForm(forms.Form):
    """A constant that its column cannot take is refused here, beside its field, before the file is sent on."""

    file = forms.FileField(
        label="Spreadsheet",
        error_messages={"required": "Choose a spreadsheet: .xlsx, .xls, .ods, .csv or .tsv."},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv"}),
    )
    sheet = forms.CharField(
        label="Sheet", required=False, help_text="The name of the sheet, where it is not the first one."
    )
    dry_run = forms.BooleanField(
        label="Check only", required=False, help_text="Read and compare every row; write nothing."
    )
    accept_partial = forms.BooleanField(
        label="Take the right rows only",
        required=False,
        help_text="Otherwise one wrong row refuses the whole file, and nothing is written.",
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in CONSTANTS:
            column = COLUMNS_BY_NAME[name]
            self.fields[name] = forms.CharField(
                label=column.headings[0], required=False, help_text=column.holds, max_length=200
            )
            self.fields[name].widget.attrs["placeholder"] = column.example
        self.fields["site"].widget.attrs["list"] = "sites"
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"

    @property
    def constants(self) -> list[forms.BoundField]:
        """The fields of the values that every row gets."""
        return [self[name] for name in CONSTANTS]

    @property
    def choices(self) -> dict[str, Any]:
        """What goes to the service beside the file."""
        given = self.cleaned_data
        return {
            "sheet": given["sheet"] or None,
            "constants": {name: given[name] for name in CONSTANTS if given.get(name)},
            "dry_run": given["dry_run"],
            "accept_partial": given["accept_partial"],
        }

    def clean(self) -> dict[str, Any]:
        """Each constant is read by the reader of its column."""
        given = super().clean() or self.cleaned_data
        for name in CONSTANTS:
            if given.get(name):
                self._check(name, given[name])
        return given

    def _check(self, name: str, text: str) -> None:
        try:
            Instructions.checked(sheet=None, mapping=None, constants={name: text}, day_order=None)
        except ValueError as wrong:
            self.add_error(name, str(wrong).removeprefix(f"{name}: "))
