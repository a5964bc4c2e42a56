"""Ties between a vendor and other parties: who owns whom, by how much, when, and who says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from risk.engine.facts import ALL, NOTHING, Holding
from risk.engine.terms.spans import DateSpan
from vendors.catalogue.files import OWNED_KINDS, OWNING_KINDS, TIE_KINDS
from vendors.models.sourced import Dated
from vendors.models.vendor import Vendor


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    """Questions about ties."""

    # What ties two parties closely enough that a listing of one is to be watched at the other: common
    # control, parent, sister, holding. Customers, financiers and founders of old are on record, not on watch.
    AFFILIATING = ("affiliate", "owner", "parent", "sister", "subsidiary", "investor")

    def affiliating(self) -> Self:
        """The ties that make an affiliate."""
        return self.filter(kind__in=self.AFFILIATING)

    def of_shares(self) -> Self:
        """The ties in which one party owns something of the other."""
        return self.filter(kind__in=(*OWNING_KINDS, *OWNED_KINDS))


class Ownership(Dated):
    """A tie between a vendor and another party: owner, sister, common control, customer.

    The share lies from `share_low` to `share_high` percent; both empty means that no share is on record, not that
    there is none. `document` bears the tie where one is on file.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="ties")
    other_party = models.CharField(max_length=300)
    kind = models.CharField(max_length=40, choices=[(each, each) for each in TIE_KINDS])
    relation = models.CharField(max_length=200)
    share_low = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    share_high = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    document = models.ForeignKey(
        "vendors.VendorDocument", null=True, blank=True, on_delete=models.SET_NULL, related_name="ties"
    )

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ownerships"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "other_party", "kind", "relation", "source"],
                name="one_tie_of_a_kind_per_source",
            ),
            models.CheckConstraint(
                condition=Q(share_low__isnull=True, share_high__isnull=True)
                | Q(share_low__gte=0, share_low__lte=F("share_high"), share_high__lte=100),
                name="a_share_is_known_from_low_to_high",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor}, {self.relation}: {self.other_party}"

    def clean(self) -> None:
        """One bound alone is completed with 0 or 100. Raises ValidationError beside the bound that is wrong."""
        super().clean()
        if self.share_low is None and self.share_high is None:
            return
        self.share_low = NOTHING if self.share_low is None else self.share_low
        self.share_high = ALL if self.share_high is None else self.share_high
        if not NOTHING <= self.share_low <= ALL:
            raise ValidationError({"share_low": "A share lies from 0 to 100 percent."})
        if not self.share_low <= self.share_high <= ALL:
            raise ValidationError({"share_high": "It is at least the low bound, and at most 100."})

    @property
    def share(self) -> str:
        """ "37 %", "30 to 50 %", or "not known"."""
        if self.share_low is None or self.share_high is None:
            return "not known"
        low, high = (f"{each.normalize():f}" for each in (self.share_low, self.share_high))
        return f"{low} %" if low == high else f"{low} to {high} %"

    @property
    def span(self) -> DateSpan | None:
        """The days on which it holds; None where nobody named any."""
        dated = self.first_date or self.through_date
        return DateSpan(self.first_date or date.min, self.through_date) if dated else None

    def holding(self) -> Holding | None:
        """Who owns whom, as the engine takes it; None for a tie that is no ownership."""
        if self.kind not in (*OWNING_KINDS, *OWNED_KINDS):
            return None
        up = self.kind in OWNING_KINDS
        owner, owned = (self.other_party, self.vendor.name) if up else (self.vendor.name, self.other_party)
        low, high = (
            (Decimal(0), ALL) if self.share_high is None else (self.share_low or NOTHING, self.share_high)
        )
        return Holding(owner=owner, owned=owned, low=low, high=high, span=self.span, source=self.source)
