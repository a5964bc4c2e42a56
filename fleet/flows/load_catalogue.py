"""The shipped catalogue -> rig models, bins and aliases on record. Running it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from fleet.catalogue.files import CatalogueAlias, CatalogueModel, read_aliases, read_models
from fleet.flows.holding_counts import refresh_holdings
from fleet.models import Lot, ModelAlias, Operator, RigBin, RigModel
from fleet.signals import lots_changed
from ledger.reconciling import Reconciled, reconcile
from vendors.selectors import register_ids_by_slug

# NY N297495 (8 June 2018), affirmed by HQ H300195: a SHA-256 rig is classified in 8543.70.9960, renumbered
# 8543.70.9860 on 2022-01-27. Verified through 2026-10-10. No ruling is on record for rigs of other algorithms,
# so they have no default code.
HTS_CODE_OF_ALGORITHM = {"SHA-256": "8543709860"}


@transaction.atomic
def load_catalogue(*, at: datetime) -> dict[str, Reconciled]:
    """Reconcile models, bins and aliases with the shipped files; what people added stays. `at`: the moment."""
    shipped, aliases = read_models(), read_aliases()
    codes, rated = _codes(), _rated()
    ids_by_slug = register_ids_by_slug()
    makers = {maker: ids_by_slug[slugify(maker)] for maker, _ in _names(shipped, aliases)}
    loaded = {"models": _load_models(shipped, aliases, makers)}
    models = {(row.maker_id, row.name): row.pk for row in RigModel.objects.all()}
    ids = {(maker, model): models[(makers[maker], model)] for maker, model in _names(shipped, aliases)}
    loaded |= {"bins": _load_bins(shipped, ids), "aliases": _load_aliases(aliases, ids)}
    _tell_of_other_codes(codes)
    _count_rated_otherwise(rated, at)
    return loaded


def _codes() -> dict[int, str]:
    return dict(RigModel.objects.values_list("pk", "default_hts_code"))


def _tell_of_other_codes(before: dict[int, str]) -> None:
    """Lots that leave their HTS code to their model read differently where the model has another one now."""
    moved = [pk for pk, code in _codes().items() if before.get(pk, code) != code]
    lots = Lot.objects.filter(model__in=moved, hts_code="", holdings__isnull=False)
    told = sorted(set(lots.values_list("pk", flat=True)))
    if told:
        Operator.objects.filter(pk__in=set(lots.values_list("operator_id", flat=True))).move_fleets_on()
        lots_changed.send(sender=RigModel, lot_ids=told, cause="the catalogue gives another HTS code")


def _rated() -> set[tuple[Any, ...]]:
    """What models and bins say of hashrate and power; the first of each is the model."""
    models = RigModel.objects.values_list("pk", "hashrate_ghs", "power_w")
    return {*models, *RigBin.objects.values_list("model_id", "pk", "hashrate_ghs", "power_w")}


def _count_rated_otherwise(before: set[tuple[Any, ...]], at: datetime) -> None:
    """Rigs that leave hashrate or power to their model or bin hold otherwise where these say something else now."""
    models = {model_id for model_id, *_ in before ^ _rated()}
    lots = Lot.objects.filter(model__in=models, holdings__isnull=False).distinct()
    by_operator: dict[int, list[int]] = {}
    for operator_id, lot_id in lots.order_by("pk").values_list("operator_id", "pk"):
        by_operator.setdefault(operator_id, []).append(lot_id)
    operators = Operator.objects.filter(pk__in=by_operator)
    operators.move_fleets_on()
    for operator in operators.order_by("pk"):
        refresh_holdings(operator, by_operator[operator.pk], at=at)


def _names(
    shipped: Iterable[CatalogueModel], aliases: Iterable[CatalogueAlias]
) -> dict[tuple[str, str], list[CatalogueModel]]:
    """Every model with its bins; one that only aliases know has none."""
    names: dict[tuple[str, str], list[CatalogueModel]] = {}
    for row in shipped:
        names.setdefault((row.maker, row.model), []).append(row)
    for alias in aliases:
        names.setdefault((alias.maker, alias.model), [])
    return names


def _load_models(
    shipped: list[CatalogueModel], aliases: list[CatalogueAlias], makers: dict[str, int]
) -> Reconciled:
    wanted = {
        (makers[maker], model): _model_values(bins)
        for (maker, model), bins in _names(shipped, aliases).items()
    }
    return reconcile(RigModel.objects.all(), wanted, key=("maker_id", "name"))


def _model_values(bins: list[CatalogueModel]) -> dict[str, Any]:
    algorithm = _agreed({row.algorithm for row in bins}) or ""
    return {
        "algorithm": algorithm,
        "default_hts_code": HTS_CODE_OF_ALGORITHM.get(algorithm, ""),
        "hashrate_ghs": _ghs(_agreed({row.hashrate_ths for row in bins})),
        "power_w": _agreed({row.power_w for row in bins}),
        "is_shipped": True,
    }


def _load_bins(shipped: list[CatalogueModel], ids: dict[tuple[str, str], int]) -> Reconciled:
    wanted = {
        (ids[(row.maker, row.model)], row.bin or "", row.reading): {
            "hashrate_ghs": _ghs(row.hashrate_ths),
            "power_w": row.power_w,
            "efficiency_j_per_th": row.efficiency_j_per_th,
            "algorithm": row.algorithm or "",
            "cooling": row.cooling or "",
            "released": row.released or "",
            "source": row.source,
            "confidence": row.confidence,
            "note": row.note,
            "is_shipped": True,
        }
        for row in shipped
    }
    key = ("model_id", "name", "reading")
    return reconcile(RigBin.objects.all(), wanted, key=key, remove=RigBin.objects.filter(is_shipped=True))


def _load_aliases(aliases: list[CatalogueAlias], ids: dict[tuple[str, str], int]) -> Reconciled:
    wanted = {
        (row.alias, row.kind, ids[(row.maker, row.model)], row.variant, row.source): {
            "reach": row.reach,
            "note": row.note,
            "is_shipped": True,
        }
        for row in aliases
    }
    key = ("alias", "kind", "model_id", "variant", "source")
    return reconcile(
        ModelAlias.objects.all(), wanted, key=key, remove=ModelAlias.objects.filter(is_shipped=True)
    )


def _agreed(values: set[Any]) -> Any:
    """The one value that all bins have; None where they differ or are silent."""
    return values.pop() if len(values) == 1 else None


def _ghs(ths: Decimal | None) -> int | None:
    """Whole GH/s; the slow rigs of other algorithms are rounded, never down to nothing."""
    return None if ths is None else max(int((ths * 1000).to_integral_value(ROUND_HALF_UP)), 1)
