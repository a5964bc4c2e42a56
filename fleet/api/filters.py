"""How the lists of the fleet are narrowed: by every fact that is told of a model, a site, a lot or a rig."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from fleet.models import Holding, RigBin
from fleet.selectors import models_named, rigs_called
from ledger.api.filters import DayFilter, Filters, MomentFilter, OneOf, WholeNumber, YesOrNo
from risk.dashboard.search import of_rig
from risk.engine.terms.rigs import RigStatus, TransportMode

Narrow = Callable[[QuerySet[Any], str, Any], QuerySet[Any]]

COUNTRIES = ("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country")
DAYS = ("entry_date", "expected_entry_date", "loaded_date")
NAMES = ("entry_number", "importer_of_record", "purchase_order")
LOT_FACTS = (*COUNTRIES, "hts_code", *DAYS, *NAMES, "transport_mode", "us_content_percent", "usmca_claim")
RIG_FACTS = (
    "serial_number",
    "mac_address",
    "customs_value_cents",
    "duty_paid_cents",
    "hashrate_ghs",
    "power_w",
)
TOLD_AS = {
    "customs_value_cents": "customs_value",
    "duty_paid_cents": "duty_paid",
    "hashrate_ghs": "hashrate_ths",
}
MOST = Decimal(10) ** 12
MEASURES = ("hashrate_ths", "power_w", "customs_value", "duty_paid", "quantity")
FIELDS_OF_FACTS = (
    {TOLD_AS.get(name, name): name for name in RIG_FACTS}
    | {"site": "site"}
    | {name: f"lot__{name}" for name in LOT_FACTS}
)
UPDATED_SINCE = "Changed at this moment or after it, like 2026-11-28T15:00:00Z."


def _text(field: str, lookup: str = "iexact", told: str = "") -> filters.CharFilter:
    return filters.CharFilter(field, lookup, help_text=told)


def _bounds(name: str, field: str, *, times: int = 1, told: str = "") -> dict[str, filters.Filter]:
    """At least and at most; `times` turns what is told into what is kept."""

    def by(lookup: str) -> Narrow:
        return lambda rows, _, value: rows.filter(**{f"{field}__{lookup}": value * times})

    between = {"min_value": 0, "max_value": MOST}
    return {
        f"{name}_min": filters.NumberFilter(
            method=by("gte"), help_text=f"At least. {told}".strip(), **between
        ),
        f"{name}_max": filters.NumberFilter(
            method=by("lte"), help_text=f"At most. {told}".strip(), **between
        ),
    }


def _days(name: str, field: str) -> dict[str, filters.Filter]:
    return {
        name: DayFilter(field),
        f"{name}_from": DayFilter(field, "gte", help_text="That day or after it."),
        f"{name}_through": DayFilter(field, "lte", help_text="That day or before it."),
    }


def _hts_code(field: str) -> filters.CharFilter:
    def begins(rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{field}__startswith": value.replace(".", "").strip()})

    return filters.CharFilter(method=begins, help_text="The code or its beginning, with or without dots.")


def not_known(fact: str, field: str) -> Q:
    """Rows that do not tell a fact, which lies in the field."""
    is_text = fact in (*COUNTRIES, *NAMES, "hts_code", "transport_mode")
    return Q(**{field: ""}) if is_text else Q(**{f"{field}__isnull": True})


def _unknown(fields: dict[str, str]) -> OneOf:
    """Rows of which a fact is not known; `fields` by the names of facts."""

    def silent(rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        return rows.filter(not_known(value, fields[value]))

    return OneOf(fields, method=silent, help_text="Of which this fact is not known.")


def _lot_filters(lot: str = "") -> dict[str, filters.Filter]:
    """By the facts of a lot, which lies at the end of the path."""
    found: dict[str, filters.Filter] = {
        "model": _text(f"{lot}model__name", told="The model's name, without its maker."),
        "maker": _text(f"{lot}model__maker__name"),
        "hts_code": _hts_code(f"{lot}hts_code"),
        "transport_mode": OneOf(TransportMode, field_name=f"{lot}transport_mode"),
        "usmca_claim": YesOrNo(field_name=f"{lot}usmca_claim"),
        "has_arrived": YesOrNo(field_name=f"{lot}has_arrived"),
        **_bounds("us_content_percent", f"{lot}us_content_percent"),
    }
    found |= {name: _text(f"{lot}{name}", told="ISO 3166-1 alpha-2.") for name in COUNTRIES}
    found |= {name: _text(f"{lot}{name}") for name in NAMES}
    for name in DAYS:
        found |= _days(name, f"{lot}{name}")
    return found


def _declared(name: str, told: str, /, **found: filters.Filter) -> type[Filters]:
    return type(name, (Filters,), {"__doc__": told, "__module__": __name__, **found})


class _CalledSo(filters.CharFilter):
    """Rigs that bear an identifier or bore it."""

    def filter(self, qs: Any, value: str) -> Any:
        """By their ids, of which there are few: so the page is found at once in a fleet of any size."""
        if not value:
            return qs
        return qs.filter(pk__in=rigs_called(self.parent.request.auth.operator, value))


def _beginning(rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
    return rows.filter(of_rig(value.strip()))


RigFilters = _declared(
    "RigFilters",
    "By what is told of a rig.",
    serial_number=_CalledSo(
        help_text="The rig that bears this serial number or MAC address, or bore it once, in any notation."
    ),
    mac_address=_CalledSo(help_text="The same: an identifier is found wherever it is written."),
    search=filters.CharFilter(
        method=_beginning, help_text="The beginning of a serial number, or a MAC address."
    ),
    lot=WholeNumber(field_name="lot_id"),
    site=_text("site__name"),
    site_id=WholeNumber(field_name="site_id"),
    status=OneOf(RigStatus, field_name="status"),
    is_missing=YesOrNo(field_name="is_missing", help_text="A sheet did not have it any more."),
    bin=_text("bin__name"),
    rack=_text("rack"),
    position=_text("position"),
    notes=_text("notes", "icontains", "A part of the notes."),
    **_bounds("quantity", "quantity"),
    **_bounds("hashrate_ths", "hashrate_ghs", times=1000, told="TH/s of one rig, as its sheet gave it."),
    **_bounds("power_w", "power_w", told="W of one rig, as its sheet gave it."),
    **_bounds("customs_value", "customs_value_cents", times=100, told="US dollars of one rig."),
    **_bounds("duty_paid", "duty_paid_cents", times=100, told="US dollars of one rig."),
    **_lot_filters("lot__"),
    unknown=_unknown(FIELDS_OF_FACTS),
    updated_since=MomentFilter("updated_at", "gte", help_text=UPDATED_SINCE),
)


PlaceFilters = _declared(
    "PlaceFilters",
    "By what a holding and its lot tell: for holdings and for rigs alike.",
    lot=WholeNumber(field_name="lot_id"),
    site=_text("site__name", "exact"),
    status=OneOf(RigStatus, field_name="status"),
    **_lot_filters("lot__"),
)

OwnFilters = _declared(
    "OwnFilters",
    "By what only the rig itself tells.",
    is_missing=YesOrNo(field_name="is_missing"),
    upload=WholeNumber(field_name="made_by_id"),
    receipt=WholeNumber(field_name="receipt_id"),
    rack=_text("rack", "exact"),
    **{
        name: RigFilters.base_filters[name]
        for name in (
            *("position", "notes", "updated_since", "bin"),
            *(f"{name}_{end}" for name in MEASURES for end in ("min", "max")),
        )
    },
)


def _with_units(rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
    held = Exists(Holding.objects.filter(lot=OuterRef("pk")))
    return rows.filter(held if value == "true" else ~held)


LotFilters = _declared(
    "LotFilters",
    "By the facts of a lot.",
    **_lot_filters(),
    has_units=YesOrNo(
        method=_with_units, help_text="Whether any rig is in it; false: what became of it moved on."
    ),
    unknown=_unknown({name: name for name in LOT_FACTS}),
    updated_since=MomentFilter("updated_at", "gte", help_text=UPDATED_SINCE),
)

SiteFilters = _declared(
    "SiteFilters",
    "By what is told of a site.",
    name=_text("name", "icontains", "A part of the name."),
    country=_text("country", told="ISO 3166-1 alpha-2."),
    updated_since=MomentFilter("updated_at", "gte", help_text=UPDATED_SINCE),
)


def _named(rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
    """The model that the catalogue takes the text for, else those that it could be."""
    return rows.filter(models_meant(value))


def models_meant(text: str) -> Q:
    """The model that a text names, else its candidates; nothing where there is none."""
    found = models_named(text)
    names = [(found.maker, found.model)] if found.model else [(c.maker, c.model) for c in found.candidates]
    wanted = Q(pk__in=[])
    for maker, model in names:
        wanted |= Q(maker__name=maker, name=model)
    return wanted


def _rated(lookup: str) -> Narrow:
    """Models whose own hashrate, or that of one of their bins, is so high."""

    def narrow(rows: QuerySet[Any], _: str, value: Decimal) -> QuerySet[Any]:
        told = {f"hashrate_ghs__{lookup}": value * 1000}
        bins = RigBin.objects.filter(model=OuterRef("pk"), **told)
        return rows.filter(Q(**told) | Exists(bins))

    return narrow


ModelFilters = _declared(
    "ModelFilters",
    "By what the catalogue knows of a model.",
    name=filters.CharFilter(
        method=_named,
        help_text="As people write it, `S19jPro 104T`: the model that it names, else those that it could be.",
    ),
    maker=_text("maker__name"),
    algorithm=_text("algorithm"),
    hashrate_ths_min=filters.NumberFilter(
        method=_rated("gte"), min_value=0, max_value=MOST, help_text="Of the model or one of its bins."
    ),
    hashrate_ths_max=filters.NumberFilter(
        method=_rated("lte"), min_value=0, max_value=MOST, help_text="Of the model or one of its bins."
    ),
)
