"""A vendor: its name, home, standing, who keeps it, and where it went when it was merged."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace, Upper

from vendors.models.sourced import Sourced, refuse_unknown_country

# By which a name is found in any case and spacing; an index has it.
NAME_KEY = Upper(Replace("name", Value(" "), Value("")))


class VendorQuerySet(models.QuerySet["Vendor"]):
    """Questions about vendors."""

    def shared(self) -> Self:
        """The platform's register, which every operator sees."""
        return self.filter(operator__isnull=True)

    def visible_to(self, operator: Any) -> Self:
        """The register and the operator's own private vendors, which nobody else sees; with None the register."""
        return self.filter(Q(operator__isnull=True) | Q(operator=operator)) if operator else self.shared()

    def standing(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)


class Vendor(Sourced):
    """A company that makes, designs, sells or hosts rigs. With an operator it is private to that operator.

    Source and confidence are those of the home country. A vendor with `merged_into` is a tombstone: what was said
    of it stands at the other, and its slug leads there.
    """

    class Status(models.TextChoices):
        """Where the vendor stands with whoever keeps the record; no finding rests on it."""

        UNDER_REVIEW = "under review", "under review"
        ACTIVE = "active", "active"
        OFF_BOARDED = "off-boarded", "off-boarded"

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    home_country = models.CharField(max_length=2, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    operator = models.ForeignKey(
        "fleet.Operator", null=True, blank=True, on_delete=models.CASCADE, related_name="private_vendors"
    )
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="tombstones"
    )

    objects = VendorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(operator__isnull=True),
                name="one_vendor_of_a_slug_in_the_register",
            ),
            models.UniqueConstraint(fields=["operator", "slug"], name="one_private_vendor_of_a_slug"),
        ]
        indexes = [models.Index(NAME_KEY, name="vendors_by_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a country that is none."""
        super().clean()
        refuse_unknown_country("home_country", self.home_country)

    @property
    def survivor(self) -> Vendor:
        """The vendor at which what was said of this one stands now: itself, unless it was merged."""
        vendor = self
        while vendor.merged_into is not None:
            vendor = vendor.merged_into
        return vendor


class VendorRole(Sourced):
    """What a vendor does in the trade; it may do several things."""

    class Role(models.TextChoices):
        """The parts that vendors play."""

        MAKER = "maker", "maker"
        DISTRIBUTOR = "distributor", "distributor"
        CHIP_DESIGNER = "chip designer", "chip designer"
        FOUNDRY = "foundry", "foundry"
        HOST = "host", "host"
        FINANCIER = "financier", "financier"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "role"], name="one_row_per_role")]

    def __str__(self) -> str:
        return self.role
