"""The JSON that models, sites, lots and rigs are told in, by the names of a sheet's columns; null is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from fleet.catalogue.names import Resolution
from fleet.models import Lot, Operator, Rig, RigBin, RigIdentifier, RigModel, Site
from ledger.written_queries import WrittenQuery
from risk.engine.terms.money import Money, plain

TEXT_FACTS = (
    *("country_of_assembly", "country_of_origin", "hashboard_origin", "hts_code", "import_country"),
    *("entry_number", "transport_mode", "importer_of_record", "purchase_order"),
)
DAY_FACTS = ("entry_date", "expected_entry_date", "loaded_date")


def rigs_to_tell(operator: Operator) -> QuerySet[Rig]:
    """An operator's rigs with all that is told of them; one query."""
    return _to_tell(operator)


def rigs_told(operator: Operator, rig_ids: Iterable[int]) -> list[Rig]:
    """Those of an operator's rigs, with all that is told of them; one query."""
    return _RIGS.rows(operator=operator.pk, rigs=rig_ids)


def _to_tell(operator: Any) -> QuerySet[Rig]:
    rigs: QuerySet[Rig] = Rig.objects.of(operator).select_related("lot__model__maker", "site", "bin")
    return rigs


_OWN_FACTS = (
    *("operator", "lot", "site", "bin", "serial_number", "mac_address", "quantity", "status", "hashrate_ghs"),
    *(
        "power_w",
        "customs_value_cents",
        "duty_paid_cents",
        "version",
        "is_missing",
        "rack",
        "position",
        "notes",
    ),
    "updated_at",
)
_LOT_FACTS = (
    *TEXT_FACTS,
    *DAY_FACTS,
    "us_content_percent",
    "usmca_claim",
    "model__name",
    "model__maker__name",
)
_TOLD = (*_OWN_FACTS, *(f"lot__{name}" for name in _LOT_FACTS), "site__name", "bin__name")
_RIGS = WrittenQuery(lambda at: _to_tell(at("operator")).filter(pk__in=at.ids("rigs")).only(*_TOLD))
_FORMER = WrittenQuery(
    lambda at: RigIdentifier.objects.of(at("operator")).filter(rig=at("rig")).order_by("-used_until", "-pk")
)


def rig_answer(rig: Rig) -> dict[str, Any]:
    """A rig, or so many alike; amounts and measures are those of its sheet, for one unit."""
    return {
        "rig": rig.pk,
        "lot": rig.lot_id,
        "serial_number": rig.serial_number,
        "mac_address": rig.mac_address,
        "quantity": rig.quantity,
        "maker": rig.lot.model.maker.name,
        "model": rig.lot.model.name,
        "bin": rig.bin.name or None if rig.bin else None,
        "site": rig.site.name if rig.site else None,
        "site_id": rig.site_id,
        "status": rig.status,
        **_facts(rig.lot),
        "customs_value": _dollars(rig.customs_value_cents),
        "duty_paid": _dollars(rig.duty_paid_cents),
        "hashrate_ths": _terahashes(rig.hashrate_ghs),
        "power_w": rig.power_w,
        "rack": rig.rack or None,
        "position": rig.position or None,
        "notes": rig.notes or None,
        "is_missing": rig.is_missing,
        "version": rig.version,
        "updated_at": _moment(rig.updated_at),
    }


def rig_detail(rig: Rig) -> dict[str, Any]:
    """The same with what the rig was called before; one query more."""
    former = _FORMER.rows(operator=rig.operator_id, rig=rig.pk)
    return rig_answer(rig) | {
        "former_identifiers": [
            {
                "kind": each.kind,
                "value": each.value,
                "used_from": each.used_from and _moment(each.used_from),
                "used_until": _moment(each.used_until),
            }
            for each in former
        ]
    }


def lots_to_tell(operator: Operator) -> QuerySet[Lot]:
    """An operator's lots with their models and holdings; three queries."""
    lots: QuerySet[Lot] = Lot.objects.of(operator).select_related("model__maker")
    return lots.prefetch_related("holdings__site")


def lot_answer(lot: Lot) -> dict[str, Any]:
    """A lot with its facts and where its rigs are; without holdings all of them moved on."""
    held = sorted(lot.holdings.all(), key=lambda each: each.pk)
    return {
        "lot": lot.pk,
        "maker": lot.model.maker.name,
        "model": lot.model.name,
        **_facts(lot),
        "has_arrived": lot.has_arrived,
        "units": sum(each.units for each in held),
        "holdings": [
            {"site": each.site.name if each.site else None, "status": each.status, "units": each.units}
            for each in held
        ],
        "updated_at": _moment(lot.updated_at),
    }


def site_answer(site: Site) -> dict[str, Any]:
    """A site."""
    return {
        "site": site.pk,
        "name": site.name,
        "country": site.country or None,
        "updated_at": _moment(site.updated_at),
    }


def models_to_tell() -> QuerySet[RigModel]:
    """The catalogue's models with makers and bins; two queries."""
    return RigModel.objects.select_related("maker").prefetch_related("bins")


def model_answer(model: RigModel) -> dict[str, Any]:
    """A model with its bins; where sources disagree on a bin it is there once for each reading."""
    bins = sorted(model.bins.all(), key=lambda each: (each.name, each.reading))
    return {
        "model": model.pk,
        "maker": model.maker.name,
        "name": model.name,
        "algorithm": model.algorithm or None,
        "default_hts_code": model.default_hts_code or None,
        "hashrate_ths": _terahashes(model.hashrate_ghs),
        "power_w": model.power_w,
        "bins": [_bin(each) for each in bins],
    }


def resolution_answer(name: str, found: Resolution) -> dict[str, Any]:
    """What the catalogue makes of a name: the model, or those that it could be, the nearest first."""
    return {
        "query": name,
        "maker": found.maker,
        "model": found.model,
        "bin": found.bin,
        "confidence": found.confidence,
        "candidates": [{"maker": each.maker, "model": each.model} for each in found.candidates],
        "how": str(found.how),
        "note": found.note,
    }


def _bin(each: RigBin) -> dict[str, Any]:
    return {
        "bin": each.name or None,
        "reading": each.reading,
        "hashrate_ths": _terahashes(each.hashrate_ghs),
        "power_w": each.power_w,
        "algorithm": each.algorithm or None,
        "cooling": each.cooling or None,
        "released": each.released or None,
        "confidence": each.confidence or None,
    }


def _facts(lot: Lot) -> dict[str, Any]:
    told = {name: getattr(lot, name) or None for name in TEXT_FACTS}
    told |= {name: _day(getattr(lot, name)) for name in DAY_FACTS}
    percent = lot.us_content_percent
    told["us_content_percent"] = None if percent is None else f"{plain(percent):f}"
    return told | {"usmca_claim": lot.usmca_claim}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime) -> str:
    return moment.isoformat()


def _dollars(cents: int | None) -> str | None:
    return None if cents is None else f"{Money.of_cents(cents).amount:.2f}"


def _terahashes(gigahashes: int | None) -> str | None:
    return None if gigahashes is None else f"{plain(Decimal(gigahashes) / 1000):f}"
