"""A receipt taken back: what it received is on order again. What somebody changed since stays, and is named.

Units go back by what they are, not by where they came from: those that are equal to a count on order go into
it, others become a count of their own. So the units of the purchase order are always as many as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.flows.former_sites import FormerSites
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import KnownRig, LotKey, OnRecord, rigs_on_record
from fleet.flows.undo_upload import as_before, named
from fleet.flows.upload_plan import PlannedRig
from fleet.flows.upload_writing import Deed, lot_ids, overwrite, site_ids, take_turn
from fleet.models import Operator, Receipt, Rig, RigChange
from fleet.models.receipt import ReceiptState
from fleet.selectors import in_chunks
from fleet.signals import lots_changed
from ledger.models import record

Saying = tuple[LotKey, KnownRig]


@dataclass(kw_only=True)
class Undoing:
    """What an undo would do: rigs that are on order again, those that go into a count, those that stay."""

    back: list[PlannedRig] = field(default_factory=list)
    delete: list[OnRecord] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    impossible: list[dict[str, str]] = field(default_factory=list)
    units: int = 0

    @property
    def report(self) -> dict[str, Any]:
        """In words and numbers, as an upload's: `reverted` counts machines."""
        return {"reverted": self.units, "kept": self.kept, "impossible": self.impossible}


def undo_receipt(receipt_id: int, *, at: datetime, by: Any = None) -> dict[str, Any]:
    """Take back what a receipt received; returns {"reverted", "kept", "impossible"}.

    Raises ValidationError for one that is not received (or undone already), and FleetMoved where somebody else
    changes the fleet at this moment. One transaction.
    """
    receipt = Receipt.objects.select_related("operator").get(pk=receipt_id)
    with transaction.atomic():
        version = Operator.objects.values_list("fleet_version", flat=True).get(pk=receipt.operator_id)
        take_turn(receipt.operator, version)
        receipt.refresh_from_db()
        _refuse_unless_received(receipt)
        undoing = _decided(receipt)
        deed = Deed(operator=receipt.operator, at=at, receipt=receipt, by=by, is_undo=True)
        if touched := _recorded(undoing, deed):
            lots_changed.send(sender=Receipt, lot_ids=touched, cause=f"undo of receipt {receipt.pk}")
        _settle(receipt, undoing, at, by)
    return undoing.report


def _refuse_unless_received(receipt: Receipt) -> None:
    if receipt.state != ReceiptState.RECEIVED:
        sentence = f"Receipt {receipt.pk} is {receipt.get_state_display()}; only what was received can be taken back."
        raise ValidationError(sentence, code="receipt_not_received")


def _decided(receipt: Receipt) -> Undoing:
    undoing = Undoing()
    returned, sites = [], FormerSites(receipt.operator)
    for rig, change in _changed_by(receipt):
        if rig.version != change.version:
            undoing.kept.append(named(rig))
            continue
        if not sites.knows(change):
            undoing.impossible.append({"serial_number": rig.rig.name})
            continue
        before = as_before(rig, change, sites)
        returned.append(before._replace(rig=before.rig._replace(quantity=rig.rig.quantity)))
        undoing.units += rig.rig.quantity
    _fold(receipt, returned, undoing)
    return undoing


def _changed_by(receipt: Receipt) -> Iterator[tuple[OnRecord, RigChange]]:
    """The rigs that were received, with the change; a count that only became smaller was not."""
    changes = {
        change.rig_id: change
        for change in receipt.changes.filter(is_undo=False)
        if set(change.before) != {"quantity"}
    }
    rigs = Rig.objects.of(receipt.operator).order_by("pk")
    queries = [rigs.filter(pk__in=some) for some in in_chunks(sorted(changes))]
    for rig in rigs_on_record(receipt.operator, queries):
        yield rig, changes[rig.rig_id]


def _fold(receipt: Receipt, returned: list[PlannedRig], undoing: Undoing) -> None:
    """Put equal units without identifiers together; rigs that the receipt split off are deleted in turn."""
    undoing.back += [each for each in returned if not each.rig.is_counted]
    same: dict[Saying, list[PlannedRig]] = {}
    for each in returned:
        if each.rig.is_counted:
            same.setdefault(_saying(each), []).append(each)
    split_off = set(Rig.objects.of(receipt.operator).filter(receipt=receipt).values_list("pk", flat=True))
    waiting = _on_order(receipt.operator, same, {each.before.rig_id for each in returned if each.before})
    for saying, units in same.items():
        _into_one(units, waiting.get(saying), split_off, undoing)


def _into_one(
    units: list[PlannedRig], waiting: OnRecord | None, split_off: set[int], undoing: Undoing
) -> None:
    """Equal units become one count: the one that is on order, else one that was there before the receipt."""
    ordered = [each for each in units if each.before and each.before.rig_id not in split_off]
    parts = [each for each in units if each.before and each.before.rig_id in split_off]
    standing = [PlannedRig(waiting, waiting.lot, waiting.rig)] if waiting else []
    target = (standing or ordered or parts).pop(0)
    gained = sum(each.rig.quantity for each in parts)
    if gained or not waiting:
        quantity = target.rig.quantity + gained
        undoing.back.append(target._replace(rig=target.rig._replace(quantity=quantity)))
    undoing.back += ordered
    undoing.delete += [each.before for each in parts if each.before]


def _on_order(operator: Operator, sayings: Iterable[Saying], returned: set[int]) -> dict[Saying, OnRecord]:
    """The count on order that says the same, the oldest where there are several."""
    digests = {lot.digest for lot, _ in sayings}
    rigs = Rig.objects.of(operator).filter(serial_number__isnull=True, mac_address__isnull=True)
    queries = [rigs.filter(lot__facts_digest__in=some).order_by("-pk") for some in in_chunks(digests)]
    return {
        (row.lot, row.rig._replace(quantity=1)): row
        for row in rigs_on_record(operator, queries)
        if row.rig_id not in returned
    }


def _saying(each: PlannedRig) -> Saying:
    return each.lot, each.rig._replace(quantity=1)


def _recorded(undoing: Undoing, deed: Deed) -> list[int]:
    keys = {each.lot for each in undoing.back} | {rig.lot for rig in undoing.delete}
    keys |= {each.before.lot for each in undoing.back if each.before}
    lots = lot_ids(deed.operator, keys)
    for some in in_chunks([rig.rig_id for rig in undoing.delete]):
        Rig.objects.of(deed.operator).filter(pk__in=some).delete()
    overwrite(deed, undoing.back, site_ids(deed.operator), lots)
    touched = sorted(set(lots.values()))
    refresh_holdings(deed.operator, touched, at=deed.at)
    return touched


def _settle(receipt: Receipt, undoing: Undoing, at: datetime, by: Any) -> None:
    receipt.state, receipt.undone_at, receipt.undone_by = ReceiptState.UNDONE, at, by
    receipt.undo_report = undoing.report
    receipt.save()
    record(
        deed="receipt undone",
        subject=f"receipt {receipt.pk}",
        by=by,
        operator_id=receipt.operator_id,
        reverted=undoing.units,
        kept=len(undoing.kept),
    )
