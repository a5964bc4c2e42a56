"""Words of the file that name nothing known: what each of them means, said once for all its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.question import Asking, Step
from fleet.flows.look_at_upload import UnknownValue, unknown_values
from fleet.models import RigModel
from fleet.services import register_model
from fleet.sheets.columns import COLUMNS_BY_NAME
from vendors.models import Vendor

LISTED_MAKERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedValue:
    """One unknown value, the names of its fields, and what stands in them."""

    unknown: UnknownValue
    label: str
    name: str
    meant: str
    error: str


def _shown(asking: Asking) -> dict[str, Any]:
    values = unknown_values(asking.upload)
    may_make = asking.visit.person.is_platform_staff and asking.visit.may("fleet.add")
    return {
        "asked": [_asked(asking, number, value) for number, value in enumerate(values)],
        "settled": asking.upload.choices.get("values", {}),
        "models": RigModel.objects.select_related("maker").order_by("maker__name", "name"),
        "may_make": may_make,
        "makers": Vendor.objects.filter(rig_models__isnull=False).distinct().order_by("name")[:LISTED_MAKERS],
    }


def _asked(asking: Asking, number: int, unknown: UnknownValue) -> AskedValue:
    name = f"value-{number}"
    return AskedValue(
        unknown=unknown,
        label=COLUMNS_BY_NAME[unknown.column].headings[0],
        name=name,
        meant=asking.chosen(name),
        error=asking.errors.get(name, ""),
    )


def _chosen(asking: Asking) -> dict[str, Any]:
    """What was settled before stays; what nobody settles stays a problem of its rows, and the check says so."""
    values = {column: dict(said) for column, said in asking.upload.choices.get("values", {}).items()}
    for number, unknown in enumerate(unknown_values(asking.upload)):
        meant = asking.chosen(f"value-{number}").strip() or asking.chosen(f"near-value-{number}")
        if maker := asking.chosen(f"make-{number}"):
            meant = _made(asking, number, unknown, maker)
        if meant:
            values.setdefault(unknown.column, {})[unknown.value] = meant
    for forgotten in [name for name in asking.answer if name.startswith("forget:")]:
        _, column, said = forgotten.split(":", 2)
        values.get(column, {}).pop(said, None)
    return {"values": {column: said for column, said in values.items() if said} or None}


def _made(asking: Asking, number: int, unknown: UnknownValue, maker_id: str) -> str:
    """The name of a model that was just made, for those who keep the catalogue."""
    if not (asking.visit.person.is_platform_staff and asking.visit.may("fleet.add")):
        raise ValidationError({f"value-{number}": "Models are added by those who keep the catalogue."})
    maker = Vendor.objects.filter(pk=int(maker_id)).first() if maker_id.isdecimal() else None
    if maker is None:
        raise ValidationError({f"value-{number}": "Choose the maker of the new model."})
    return str(register_model(maker=maker, name=unknown.value, by=asking.visit.person))


VALUES = Step(slug="values", shown=_shown, chosen=_chosen)
