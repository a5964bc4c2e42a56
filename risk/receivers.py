"""Hears of changes inside their transaction and puts the owed assessment or screening on record; nothing more."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from fleet.models import Lot, Upload
from fleet.signals import lots_changed
from ledger.queue import nudge
from ledger.signals import event_told
from risk import tasks
from risk.engine.reviews import Decision, HitState
from risk.flows.asked_parties import owe_screening
from risk.flows.owed import owe
from risk.flows.owners import whom_they_own
from risk.models import AssessmentRun, ScreeningHit
from vendors.signals import vendors_changed, vendors_merged

Kind = AssessmentRun.Kind


@receiver(lots_changed)
def owe_changed_lots(sender: Any, lot_ids: list[int], cause: str, **_: Any) -> None:
    """Lots whose facts or rigs changed are owed an assessment, and a person waits for it."""
    owe(lot_ids, cause=cause, now=timezone.now(), kind=Kind.UPLOAD if sender is Upload else Kind.EDIT)
    transaction.on_commit(lambda: nudge(tasks.assess_prompt))


@receiver(vendors_changed)
def owe_screening_of_vendors(sender: Any, vendor_ids: list[int], **_: Any) -> None:
    """Vendors that are asked about in other words now are owed a screening; what screening itself tells is none."""
    if sender is not ScreeningHit and owe_screening(vendor_ids, now=timezone.now()):
        transaction.on_commit(lambda: nudge(tasks.screen_vendors))


@receiver(vendors_changed)
def owe_lots_of_vendors(sender: Any, vendor_ids: list[int], cause: str, **_: Any) -> None:
    """The lots of a maker that reads differently, or whose owners do, are owed an assessment."""
    makers = whom_they_own(vendor_ids)
    lots = Lot.objects.filter(model__maker_id__in=makers, holdings__isnull=False).distinct()
    kind = Kind.SCREENING if sender is ScreeningHit else Kind.VENDOR
    owe(lots.values_list("pk", flat=True), cause=cause, now=timezone.now(), kind=kind)
    transaction.on_commit(lambda: nudge(tasks.assess_owed))


@receiver(event_told)
def deliver_events(**_: Any) -> None:
    """What programs outside are told of goes on its way as soon as it is true."""
    tasks.start_delivering()


@receiver(vendors_merged)
def keep_confirmations(from_id: int, into_id: int, **_: Any) -> None:
    """A confirmation of a hit that both records have binds the other on, until a person decides there."""
    left = ScreeningHit.objects.bearing().filter(vendor_id=from_id, decision=Decision.CONFIRMED.value)
    for hit in left.select_related("vendor"):
        same = ScreeningHit.objects.select_for_update().filter(
            vendor_id=into_id,
            party=hit.party,
            list_code=hit.list_code,
            entity_id=hit.entity_id,
        )
        other = same.exclude(decision=Decision.CONFIRMED.value).first()
        if hit.binds and other is not None and other.operator_id == hit.operator_id:
            other.decision, other.decided_on, other.decided_evidence = hit.decision, "", hit.decided_evidence
            other.state = HitState.LAPSED.value
            other.changed_because = f"It was confirmed at {hit.vendor}, which was merged into this record."
            other.save()
    left = ScreeningHit.objects.filter(vendor_id=from_id).exclude(state=HitState.GONE.value)
    left.update(state=HitState.GONE.value, changed_because="The record was merged into another.")
