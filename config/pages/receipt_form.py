"""The form of a receipt: what was entered, and what came: a manifest, or units of each lot on order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from config.pages.upload_report import rows_in_words
from fleet.flows.manifest import MOST_UNITS
from fleet.flows.purchase_orders import OrderToCome
from fleet.flows.receive_goods import RECEIVABLE
from fleet.services import ReceiptWrong
from risk.dashboard.words import counted, day
from risk.engine.terms.rigs import TransportMode

ENTRY = (
    *("entry_date", "entry_number", "transport_mode", "loaded_date", "import_country"),
    *("importer_of_record", "site", "status"),
)
FAULTS_SHOWN = 100


class _Day(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"})


class ReceiptForm(forms.Form):
    """What the service judges is judged there; here only what a field cannot hold at all."""

    entry_date = _Day(label="Entry date", error_messages={"required": "Give the day of the customs entry."})
    entry_number = forms.CharField(label="Entry number", required=False, max_length=50)
    transport_mode = forms.ChoiceField(
        label="Transport mode",
        required=False,
        choices=[("", "as on order"), *((mode.value, mode.value) for mode in TransportMode)],
    )
    loaded_date = _Day(
        label="Loaded", required=False, help_text="On the vessel that reached the country of import."
    )
    import_country = forms.CharField(
        label="Import country",
        required=False,
        max_length=2,
        help_text="Two letters, like US; empty: as on order.",
    )
    importer_of_record = forms.CharField(label="Importer of record", required=False, max_length=200)
    site = forms.CharField(
        label="Site",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "sites"}),
        help_text="Where the rigs arrived; made if it is new.",
    )
    status = forms.ChoiceField(
        label="Status after the receipt", choices=[(each.value, each.value) for each in RECEIVABLE]
    )
    file = forms.FileField(
        label="Manifest",
        required=False,
        help_text="One line a rig: serial number, MAC address, and the model or origin where the order has several.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv"}),
    )

    sheet = forms.CharField(
        label="Sheet", required=False, max_length=100, help_text="Of the manifest, where it has several."
    )

    def __init__(self, order: OrderToCome, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.order = order
        self.faults: list[str] = []
        for lot_id, label, units in _lots(order):
            self.fields[f"lot_{lot_id}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST_UNITS,
                help_text=f"{counted(units, 'rig')} on order.",
            )
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"

    @property
    def about_the_entry(self) -> list[forms.BoundField]:
        """The fields of the entry."""
        return [self[name] for name in ENTRY]

    @property
    def about_the_units(self) -> list[forms.BoundField]:
        """A field for each lot on order: how many of it came."""
        return [self[name] for name in self.fields if name.startswith("lot_")]

    def clean_import_country(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["import_country"]).upper()

    def clean(self) -> dict[str, Any]:
        """A manifest and counts of units together would say the same twice."""
        given = super().clean() or self.cleaned_data
        if given.get("file") and self._units:
            self.add_error("file", "Send a manifest, or give units by lot; not both.")
        return given

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service."""
        said = {name: self.cleaned_data[name] for name in (*ENTRY, "sheet")}
        file = self.cleaned_data["file"]
        came = {"file": file, "file_name": file.name} if file else {"units": self._units}
        return {"purchase_order": self.order.number, **said, **came}

    def refuse(self, refusal: ReceiptWrong) -> None:
        """Put every problem where it belongs: beside its field, or into the list of the manifest's faults."""
        for each in refusal.problems:
            if not each.row:
                self.add_error(each.column if each.column in self.fields else None, each.sentence)
        rows: dict[str, list[int]] = {}
        for each in refusal.problems:
            if each.row:
                rows.setdefault(each.sentence, []).append(each.row)
        told = [f"{rows_in_words(numbers).capitalize()}: {sentence}" for sentence, numbers in rows.items()]
        self.faults = told[:FAULTS_SHOWN]
        if told:
            wrong = counted(len({number for numbers in rows.values() for number in numbers}), "row")
            others = f" The first {FAULTS_SHOWN} faults are listed." if len(told) > FAULTS_SHOWN else ""
            self.add_error(None, f"{wrong} of the manifest cannot be received; nothing was written.{others}")

    @property
    def _units(self) -> list[tuple[str, int]]:
        given = [
            (name, value) for name, value in self.cleaned_data.items() if name.startswith("lot_") and value
        ]
        return [(name.replace("_", " "), value) for name, value in given]


def _lots(order: OrderToCome) -> list[tuple[int, str, int]]:
    """The lots on order: id, words, units; in the order in which they are expected."""
    units: dict[int, int] = {}
    words: dict[int, str] = {}
    for row in order.rows:
        lot_id = order.lot_ids[row.lot]
        units[lot_id] = units.get(lot_id, 0) + row.rig.quantity
        words[lot_id] = f"Lot {lot_id}: {order.models[row.lot.model_id]}{_told(row.lot.country_of_origin)}"
        words[lot_id] += _expected(row.lot.expected_entry_date)
    return [(lot_id, words[lot_id], count) for lot_id, count in units.items()]


def _told(origin: str) -> str:
    return f", origin {origin}" if origin else ""


def _expected(on: date | None) -> str:
    return f", expected {day(on)}" if on else ""
