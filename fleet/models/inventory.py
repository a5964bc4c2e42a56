"""Sites, lots, rigs, and the holdings in which they are counted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from fleet.models.operator import Owned
from risk.engine.terms.rigs import RigStatus, TransportMode

STATUSES = [(status.value, status.value) for status in RigStatus]
MODES = [(mode.value, mode.value) for mode in TransportMode]


class Site(Owned):
    """A place where an operator's rigs stand."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="one_site_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Lot(Owned):
    """All rigs of an operator that agree on everything that policy looks at.

    `facts_digest` is the digest of these facts and makes the lot the only one of its kind. What the sheet
    left out is empty or None: unknown, never a default. `updated_at` is when it was last counted anew.
    """

    facts_digest = models.CharField(max_length=64, editable=False)
    model = models.ForeignKey("fleet.RigModel", on_delete=models.PROTECT, related_name="lots")
    country_of_assembly = models.CharField(max_length=2, blank=True)
    country_of_origin = models.CharField(max_length=2, blank=True)
    hashboard_origin = models.CharField(max_length=2, blank=True)
    hts_code = models.CharField(max_length=10, blank=True)
    import_country = models.CharField(max_length=2, blank=True)
    entry_date = models.DateField(null=True, blank=True)
    expected_entry_date = models.DateField(null=True, blank=True)
    entry_number = models.CharField(max_length=50, blank=True)
    transport_mode = models.CharField(max_length=10, blank=True, choices=MODES)
    loaded_date = models.DateField(null=True, blank=True)
    importer_of_record = models.CharField(max_length=200, blank=True)
    us_content_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    usmca_claim = models.BooleanField(null=True, blank=True)
    purchase_order = models.CharField(max_length=100, blank=True)
    has_arrived = models.BooleanField(default=True)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "facts_digest"], name="one_lot_of_the_same_facts")
        ]
        indexes = [
            models.Index(fields=["operator", "id"]),
            models.Index(fields=["operator", "updated_at"]),
            models.Index(fields=["operator", "country_of_origin"]),
            models.Index(fields=["operator", "entry_date"]),
            models.Index(fields=["operator", "entry_number"]),
        ]

    def __str__(self) -> str:
        return f"Lot {self.pk}"


class Rig(Owned):
    """One machine, or so many alike that have neither serial number nor MAC address.

    Hashrate, power, value and duty are those of the sheet, per unit; None where it is silent (holdings then
    fall back on the bin, then on the model). Identifiers are None, not empty, where there are none: only so
    may many rigs lack them. `version` is one more after each change; `is_missing` was set by an upload that
    did not have the rig any more, and the rig still counts. `receipt` split it off a count that is on order.
    `updated_at` is the moment of the last deed that wrote the rig, whichever it was.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="rigs", db_index=False)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="rigs")
    bin = models.ForeignKey(
        "fleet.RigBin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    serial_number = models.CharField(max_length=80, null=True, blank=True)
    mac_address = models.CharField(max_length=17, null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=STATUSES, default=RigStatus.DEPLOYED.value)
    hashrate_ghs = models.BigIntegerField(null=True, blank=True)
    power_w = models.BigIntegerField(null=True, blank=True)
    customs_value_cents = models.BigIntegerField(null=True, blank=True)
    duty_paid_cents = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_by = models.ForeignKey(
        "fleet.Upload", null=True, editable=False, on_delete=models.SET_NULL, related_name="rigs_made"
    )
    receipt = models.ForeignKey(
        "fleet.Receipt", null=True, editable=False, on_delete=models.SET_NULL, related_name="rigs_split_off"
    )
    is_missing = models.BooleanField(default=False)
    rack = models.CharField(max_length=80, blank=True)
    position = models.CharField(max_length=80, blank=True)
    notes = models.TextField(blank=True)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "serial_number"],
                condition=Q(serial_number__isnull=False),
                name="one_rig_of_a_serial_number_per_operator",
            ),
            models.CheckConstraint(
                condition=Q(quantity=1) | Q(serial_number__isnull=True, mac_address__isnull=True),
                name="a_rig_with_an_identifier_is_one_machine",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="at_least_one_machine"),
            models.CheckConstraint(
                condition=Q(customs_value_cents__isnull=True) | Q(customs_value_cents__gte=0),
                name="customs_value_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "id"]),
            models.Index(fields=["operator", "updated_at"]),
            models.Index(fields=["operator", "mac_address"]),
            models.Index(
                fields=["operator", "id"],
                condition=Q(serial_number__isnull=True, mac_address__isnull=True),
                name="rigs_without_an_identifier",
            ),
            # A holding's rigs in order: pages of rigs go from holding to holding (risk.dashboard.rig_pages).
            models.Index(fields=["lot", "site", "status", "id"], name="rigs_of_a_holding"),
            models.Index(fields=["operator", "rack"], name="rigs_in_a_rack"),
            models.Index(fields=["operator", "id"], condition=Q(is_missing=True), name="rigs_missing"),
        ]

    def __str__(self) -> str:
        return self.serial_number or self.mac_address or f"{self.quantity} rigs"


class Holding(Owned):
    """A lot's rigs at one site in one status, counted and measured; kept in step by every change of rigs.

    Each measure says how many units it covers, so that a missing value is not taken for 0.
    """

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="holdings")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=STATUSES)
    units = models.BigIntegerField()
    hashrate_ghs = models.BigIntegerField(default=0)
    units_with_hashrate = models.BigIntegerField(default=0)
    power_w = models.BigIntegerField(default=0)
    units_with_power = models.BigIntegerField(default=0)
    value_cents = models.BigIntegerField(default=0)
    units_with_value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "site", "status"],
                condition=Q(site__isnull=False),
                name="one_holding_at_a_site",
            ),
            models.UniqueConstraint(
                fields=["lot", "status"], condition=Q(site__isnull=True), name="one_holding_without_a_site"
            ),
        ]
        indexes = [models.Index(fields=["operator", "lot"])]

    def __str__(self) -> str:
        return f"{self.units} of {self.lot} at {self.site or 'no site'}, {self.status}"


class RigIdentifier(Owned):
    """An identifier that a rig had and has no more: the one it has stands on the rig itself.

    `used_from` is unknown (None) where it came with the rig and nobody recorded when; `used_until` is the
    moment at which another took its place.
    """

    class Kind(models.TextChoices):
        """What it is."""

        SERIAL_NUMBER = "serial_number", "serial number"
        MAC_ADDRESS = "mac_address", "MAC address"

    rig = models.ForeignKey(Rig, on_delete=models.CASCADE, related_name="former_identifiers")
    kind = models.CharField(max_length=13, choices=Kind)
    value = models.CharField(max_length=80)
    used_from = models.DateTimeField(null=True)
    used_until = models.DateTimeField()
    upload = models.ForeignKey("fleet.Upload", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["operator", "value"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class RigChange(Owned):
    """What one deed changed of one rig: the old and the new values of what differs, written as a set.

    The facts of the lot stand in `before` and `after` beside those of the rig. Rigs that an upload made have
    no row of their own: `Rig.made_by` says so. `through` names the program that did it; `is_of_rows`: it came as
    rows, like a sheet's, and is no correction that a later sheet must respect. `before` and `after` name a site as it
    was called then; `site_before` is the site itself, null in rows from before it was kept.
    """

    rig = models.ForeignKey(Rig, on_delete=models.CASCADE, related_name="changes")
    upload = models.ForeignKey("fleet.Upload", null=True, on_delete=models.CASCADE, related_name="changes")
    receipt = models.ForeignKey("fleet.Receipt", null=True, on_delete=models.CASCADE, related_name="changes")
    edit = models.ForeignKey("fleet.BulkEdit", null=True, on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    through = models.CharField(max_length=40, blank=True, db_default="")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    is_undo = models.BooleanField(default=False)
    is_of_rows = models.BooleanField(default=False, db_default=False)
    lot_before = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    lot_after = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    # Without a constraint or an index: nobody asks by it, and the history is the largest table.
    site_before = models.ForeignKey(
        Site, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rig", "version"], name="one_change_to_a_version")]
        indexes = [models.Index(fields=["operator", "at"])]  # what moved since, see fleet.flows.drift

    def __str__(self) -> str:
        return f"{self.rig}, version {self.version}"

    @property
    def author(self) -> str:
        """Who changed it, in words."""
        return f"{self.by} by {self.deed}" if self.by else self.deed

    @property
    def deed(self) -> str:
        """By what it was changed, in words."""
        if self.upload_id:
            return f"upload {self.upload_id}"
        if self.receipt_id:
            return f"receipt {self.receipt_id}"
        if self.edit_id:
            return f"edit {self.edit_id}"
        what = "sent rows" if self.is_of_rows else "a correction"
        return f"{what} through {self.through}" if self.through else what
