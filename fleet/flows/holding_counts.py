"""Keeps holdings in step with rigs: counted anew for the lots that a change touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from fleet.models import Holding, Lot, Operator, Rig
from fleet.selectors import in_chunks

# What the sheet says of a rig comes first, then its bin, then its model where all bins agree.
HASHRATE = Coalesce("hashrate_ghs", "bin__hashrate_ghs", "lot__model__hashrate_ghs")
POWER = Coalesce("power_w", "bin__power_w", "lot__model__power_w")
VALUE = F("customs_value_cents")


def refresh_holdings(operator: Operator, lot_ids: Iterable[int], *, at: datetime) -> None:
    """Count the rigs of these lots anew, inside the caller's transaction; `at` is the moment of the change."""
    for some in in_chunks(lot_ids):
        Holding.objects.filter(lot_id__in=some).delete()
        counted = [_holding(operator, row) for row in _counted(some)]
        Holding.objects.bulk_create(counted, batch_size=1000)
        Lot.objects.filter(pk__in=some).update(updated_at=at)


def _counted(lot_ids: list[int]) -> Iterable[Mapping[str, Any]]:
    """One row a holding. A rig without a measure is not counted as 0 in it: it is outside of the share."""
    rigs = Rig.objects.filter(lot_id__in=lot_ids).annotate(hashrate=HASHRATE, power=POWER, value=VALUE)
    counted: Iterable[Any] = (
        rigs.values("lot_id", "site_id", "status")
        .annotate(
            units=Sum("quantity"),
            hashrate_sum=_sum_of("hashrate"),
            units_with_hashrate=_units_with("hashrate"),
            power_sum=_sum_of("power"),
            units_with_power=_units_with("power"),
            value_sum=_sum_of("value"),
            units_with_value=_units_with("value"),
        )
        .order_by("lot_id", "site_id", "status")
    )
    return counted


def _holding(operator: Operator, row: Mapping[str, Any]) -> Holding:
    sums = {"hashrate_ghs": "hashrate_sum", "power_w": "power_sum", "value_cents": "value_sum"}
    counts = (
        "lot_id",
        "site_id",
        "status",
        "units",
        "units_with_hashrate",
        "units_with_power",
        "units_with_value",
    )
    told = {name: row[name] for name in counts} | {name: row[of] for name, of in sums.items()}
    return Holding(operator=operator, **told)


def _sum_of(measure: str) -> Any:
    return Coalesce(Sum(F(measure) * F("quantity")), 0)


def _units_with(measure: str) -> Any:
    return Coalesce(Sum("quantity", filter=Q(**{f"{measure}__isnull": False})), 0)
