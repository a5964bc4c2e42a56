"""Receipts: goods that arrived against a purchase order, with what was entered at customs."""

from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fleet.models.inventory import MODES, STATUSES
from fleet.models.operator import Owned
from risk.engine.terms.rigs import RigStatus

# What a person or a program says of what came, beside the goods themselves.
SAID = (
    *("purchase_order", "entry_date", "entry_number", "import_country", "transport_mode", "loaded_date"),
    *("importer_of_record", "site", "status", "sheet"),
)


def stored_under(receipt: Receipt, file_name: str) -> str:
    """A random name in the operator's own folder: of the user's file name only the kind reaches the disk."""
    suffix = PurePath(file_name).suffix.lower()[:6]
    return f"receipts/{receipt.operator_id}/{secrets.token_hex(16)}{suffix}"


class ReceiptState(models.TextChoices):
    """How far a receipt has come."""

    CHECKED = "checked", "checked, nothing written"
    RECEIVED = "received", "received"
    UNDONE = "undone", "undone"


class Receipt(Owned):
    """Units of a purchase order that came and were entered. What was left out keeps what the order says.

    The units are told by a manifest (`file`, one line a rig, in its `sheet` where it has several) or by `units`:
    pairs of a model or "lot 12", and how many. `status` is that of the rigs after the receipt. `digest` tells a
    receipt that is sent twice: only one of a digest may stand. `received_units` and `lots` count what a check
    found, then what was written.
    """

    purchase_order = models.CharField(max_length=100)
    entry_date = models.DateField()
    entry_number = models.CharField(max_length=50, blank=True)
    import_country = models.CharField(max_length=2, blank=True)
    transport_mode = models.CharField(max_length=10, blank=True, choices=MODES)
    loaded_date = models.DateField(null=True, blank=True)
    importer_of_record = models.CharField(max_length=200, blank=True)
    site = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=STATUSES, default=RigStatus.STORED.value)
    units = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=stored_under, max_length=200, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.CHECKED)
    digest = models.CharField(max_length=64, editable=False)
    received_units = models.PositiveIntegerField(default=0)
    lots = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undo_report = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "digest"],
                condition=Q(state="received"),
                name="one_receipt_of_the_same_goods",
            )
        ]
        indexes = [
            models.Index(fields=["operator", "-id"]),
            models.Index(fields=["operator", "purchase_order"]),
        ]

    def __str__(self) -> str:
        return f"Receipt {self.pk}"

    @property
    def said(self) -> tuple[Any, ...]:
        """All that was said of what came: two receipts that say the same are the same one."""
        order = " ".join(self.purchase_order.casefold().split())
        units = sorted((str(named).strip(), count) for named, count in self.units)
        return order, sorted(self.entered.items()), self.site, self.status, units, self.sha256, self.sheet

    @property
    def entered(self) -> dict[str, Any]:
        """The facts of a lot that the entry settles: those that were given."""
        names = ("entry_date", "entry_number", "import_country", "transport_mode", "loaded_date")
        told = {name: getattr(self, name) for name in (*names, "importer_of_record")}
        return {name: value for name, value in told.items() if value not in ("", None)}
