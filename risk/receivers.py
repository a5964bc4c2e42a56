"""Hears of changes inside their transaction and puts the owed assessment or screening on record; nothing more."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from fleet.models import Lot
from fleet.signals import lots_changed
from ledger.queue import nudge
from risk import tasks
from risk.flows.asked_parties import owe_screening
from risk.flows.owed import owe
from risk.flows.owners import whom_they_own
from risk.models import ScreeningHit
from vendors.signals import vendors_changed


@receiver(lots_changed)
def owe_changed_lots(lot_ids: list[int], cause: str, **_: Any) -> None:
    """Lots whose facts or rigs changed are owed an assessment."""
    _owe(lot_ids, cause)


@receiver(vendors_changed)
def owe_screening_of_vendors(sender: Any, vendor_ids: list[int], **_: Any) -> None:
    """Vendors that are asked about in other words now are owed a screening; what screening itself tells is none."""
    if sender is not ScreeningHit and owe_screening(vendor_ids, now=timezone.now()):
        transaction.on_commit(lambda: nudge(tasks.screen_vendors))


@receiver(vendors_changed)
def owe_lots_of_vendors(vendor_ids: list[int], cause: str, **_: Any) -> None:
    """The lots of a maker that reads differently, or whose owners do, are owed an assessment."""
    makers = whom_they_own(vendor_ids)
    lots = Lot.objects.filter(model__maker_id__in=makers, holdings__isnull=False).distinct()
    _owe(list(lots.values_list("pk", flat=True)), cause)


def _owe(lot_ids: list[int], cause: str) -> None:
    owe(lot_ids, cause=cause, now=timezone.now())
    transaction.on_commit(lambda: nudge(tasks.assess_owed))
