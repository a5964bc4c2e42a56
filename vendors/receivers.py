"""Hears that vendors are called otherwise, and makes whoever remembers a fleet with the old names read it anew."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from fleet.models import Lot, Operator
from vendors.signals import vendors_renamed


@receiver(vendors_renamed)
def move_fleets_on(vendor_ids: list[int], **_: Any) -> None:
    """The fleets with lots of these makers have a new version: their lots name the maker."""
    lots = Lot.objects.filter(model__maker_id__in=vendor_ids)
    Operator.objects.filter(pk__in=lots.order_by().values("operator_id")).move_fleets_on()
