"""The filters of the lists of rigs and lots as fields of a page: label, choices, what is asked and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from fleet.api.filters import COUNTRIES, FIELDS_OF_FACTS, LOT_FACTS
from fleet.models import Operator, Receipt, Site, Upload
from risk.dashboard.lot_view import LotView
from risk.dashboard.rig_view import RigView, values_in
from risk.dashboard.words import country, fact_in_words
from risk.engine.terms.rigs import RigStatus, TransportMode

Choices = list[tuple[str, str]]
YES_OR_NO: Choices = [("true", "yes"), ("false", "no")]
UPLOADS_OFFERED = 50
LABELS = {
    "site": "Site",
    "status": "Status",
    "lot": "Lot",
    "maker": "Maker",
    "model": "Model",
    "country_of_origin": "Country of origin (declared)",
    "country_of_assembly": "Country of assembly",
    "hashboard_origin": "Hashboards from",
    "import_country": "Country of import",
    "purchase_order": "Purchase order",
    "entry_number": "Entry number",
    "hts_code": "HTS code, or how it begins",
    "importer_of_record": "Importer of record",
    "transport_mode": "Transport",
    "usmca_claim": "USMCA claim",
    "has_arrived": "Arrived",
    "entry_date_from": "Entered from",
    "entry_date_through": "Entered through",
    "expected_entry_date_from": "Expected from",
    "expected_entry_date_through": "Expected through",
    "us_content_percent_min": "US content at least (%)",
    "us_content_percent_max": "US content at most (%)",
    "rack": "Rack",
    "position": "Position",
    "notes": "Notes hold",
    "hashrate_ths_min": "Hashrate at least (TH/s)",
    "hashrate_ths_max": "Hashrate at most (TH/s)",
    "power_w_min": "Power at least (W)",
    "power_w_max": "Power at most (W)",
    "customs_value_min": "Customs value at least ($)",
    "customs_value_max": "Customs value at most ($)",
    "duty_paid_min": "Duty paid at least ($)",
    "duty_paid_max": "Duty paid at most ($)",
    "upload": "Came with upload",
    "receipt": "Came with receipt",
    "is_missing": "Missing from the last sheet",
    "unknown": "Not known",
    "known": "Known",
    "search": "Search",
}
GROUPS = (
    ("Where it stands", ("site", "status", "rack", "position", "is_missing", "notes")),
    (
        "What it is",
        ("maker", "model", *(f"{n}_{e}" for n in ("hashrate_ths", "power_w") for e in ("min", "max"))),
    ),
    ("Origin", ("country_of_origin", "country_of_assembly", "hashboard_origin", "us_content_percent_min")),
    (
        "Customs",
        (
            *(
                "entry_date_from",
                "entry_date_through",
                "expected_entry_date_from",
                "expected_entry_date_through",
            ),
            *("entry_number", "purchase_order", "hts_code", "importer_of_record", "import_country"),
            *("transport_mode", "usmca_claim", "has_arrived"),
        ),
    ),
    ("Money", ("customs_value_min", "customs_value_max", "duty_paid_min", "duty_paid_max")),
    ("What is on record", ("upload", "receipt", "unknown", "known")),
)


LOT_GROUPS = (
    (
        "Customs",
        (
            *(
                "entry_date_from",
                "entry_date_through",
                "expected_entry_date_from",
                "expected_entry_date_through",
            ),
            *("entry_number", "purchase_order", "hts_code", "importer_of_record", "import_country"),
            *("transport_mode", "usmca_claim", "has_arrived"),
        ),
    ),
    ("Origin", ("hashboard_origin", "us_content_percent_min", "us_content_percent_max")),
    ("What is on record", ("unknown", "known")),
)


class Asked(Protocol):
    """A list's view: whose, what is asked of it, what of that is wrong, and the address without a part of it."""

    @property
    def operator(self) -> Operator:
        """Whose list it is."""

    @property
    def asked(self) -> Mapping[str, str]:
        """What the address says, by name."""

    @property
    def errors(self) -> Mapping[str, str]:
        """A sentence for each name that cannot be meant."""

    def without(self, name: str) -> str:
        """The address without a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """One filter. `choices` is empty where a person types; `kind` is then the kind of the input."""

    name: str
    label: str
    kind: str
    value: str
    error: str
    choices: Choices


def filter_groups(view: RigView) -> list[tuple[str, list[FilterField]]]:
    """The filters of rigs in groups, each with what it could be in this fleet."""
    choices = _choices(view.operator)
    return [(title, [_field(view, name, choices.get(name, [])) for name in names]) for title, names in GROUPS]


def lot_filter_groups(view: LotView) -> list[tuple[str, list[FilterField]]]:
    """The filters of lots by their facts, in groups."""
    facts = [(name, fact_in_words(name)) for name in LOT_FACTS]
    choices = _choices_of_lots(view.operator) | {"unknown": facts, "known": facts}
    return [
        (title, [_field(view, name, choices.get(name, [])) for name in names]) for title, names in LOT_GROUPS
    ]


def narrowed_by(view: Asked) -> list[tuple[str, str, str]]:
    """Each thing by which the list is narrowed, in words, with the address that takes it away."""
    return [(_label(name), _in_words(name, value), view.without(name)) for name, value in view.asked.items()]


def errors_in_words(view: Asked) -> list[tuple[str, str]]:
    """What is wrong with the address, by the labels of its fields."""
    return [(_label(name), sentence) for name, sentence in view.errors.items()]


def _label(name: str) -> str:
    return LABELS.get(name) or fact_in_words(name)


def _in_words(name: str, value: str) -> str:
    if name in COUNTRIES:
        return country(value.upper())
    if name in ("unknown", "known"):
        return fact_in_words(value)
    return dict(YES_OR_NO).get(value, value)


def _field(view: Asked, name: str, choices: Choices) -> FilterField:
    value = view.asked.get(name, "")
    if choices and value and value not in dict(choices) and name not in view.errors:
        choices = [*choices, (value, _in_words(name, value))]
    return FilterField(
        name=name,
        label=_label(name),
        kind="text" if name in view.errors else _kind(name),
        value=value,
        error=view.errors.get(name, ""),
        choices=choices,
    )


def _kind(name: str) -> str:
    if name.endswith(("_from", "_through")):
        return "date"
    return "number" if name.endswith(("_min", "_max")) else "text"


def _choices_of_lots(operator: Operator) -> dict[str, Choices]:
    return {
        **{name: [(code, country(code)) for code in values_in(operator, name)] for name in COUNTRIES},
        "transport_mode": _same(TransportMode),
        **dict.fromkeys(("usmca_claim", "has_arrived"), YES_OR_NO),
    }


def _choices(operator: Operator) -> dict[str, Choices]:
    facts = [(name, fact_in_words(name)) for name in FIELDS_OF_FACTS]
    sites = Site.objects.of(operator).order_by("name").values_list("name", flat=True)
    return {
        "site": _same(sites),
        "status": _same(RigStatus),
        "maker": _same(values_in(operator, "model__maker__name")),
        "model": _same(values_in(operator, "model__name")),
        **_choices_of_lots(operator),
        "is_missing": YES_OR_NO,
        "unknown": facts,
        "known": facts,
        "upload": list(_uploads(operator)),
        "receipt": list(_receipts(operator)),
    }


def _uploads(operator: Operator) -> Iterator[tuple[str, str]]:
    for upload in Upload.objects.of(operator).filter(state="applied").order_by("-pk")[:UPLOADS_OFFERED]:
        yield str(upload.pk), f"{upload.pk}: {upload.file_name}"


def _receipts(operator: Operator) -> Iterator[tuple[str, str]]:
    for receipt in Receipt.objects.of(operator).filter(state="received").order_by("-pk")[:UPLOADS_OFFERED]:
        yield str(receipt.pk), f"{receipt.pk}: {receipt.purchase_order}"


def _same(values: Iterable[object]) -> Choices:
    return [(str(value), str(value)) for value in values]
