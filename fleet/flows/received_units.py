"""What receipts took of each lot on order: a sheet of the order that comes again must not count it twice."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum

from fleet.flows.known_fleet import LotKey
from fleet.models import Operator, RigChange
from fleet.models.receipt import ReceiptState


class ReceivedUnits:
    """The units that stand as received, by the lot that they were on order in; asked for at the first look-up."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def counted_twice(self, lot: LotKey, *, told: int, on_record: int) -> str:
        """Why a count of rigs on order would count received ones again, in a sentence; empty where it would not."""
        if lot.has_arrived or not lot.purchase_order or told <= on_record:
            return ""
        units, receipt = self._by_lot.get(lot.digest, (0, 0))
        if told - on_record > units:
            return ""
        return (
            f"{units} of these were received by receipt {receipt}, and {on_record} are still on order; {told} would "
            "count some twice. Write how many are still on order, or undo the receipt."
        )

    @cached_property
    def _by_lot(self) -> dict[str, tuple[int, int]]:
        """Units and the last receipt, by the digest of the lot on order."""
        returned = RigChange.objects.filter(receipt=OuterRef("receipt"), rig=OuterRef("rig"), is_undo=True)
        stays = Q(receipt__state=ReceiptState.RECEIVED) | Q(receipt__isnull=False) & ~Exists(returned)
        changes: Any = RigChange.objects.of(self._operator).filter(stays, is_undo=False)
        rows = changes.exclude(lot_before=F("lot_after")).order_by("receipt_id")
        summed = rows.values_list("lot_before__facts_digest", "receipt_id").annotate(
            units=Sum("rig__quantity")
        )
        by_lot: dict[str, tuple[int, int]] = {}
        for digest, receipt, units in summed:
            by_lot[digest] = (by_lot.get(digest, (0, 0))[0] + units, receipt)
        return by_lot
