"""The vendor register: who a maker is, under which names, tied to whom, assembling where."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from vendors.catalogue.files import COMPANY_NAME_KINDS


class VendorQuerySet(models.QuerySet["Vendor"]):
    """Questions about vendors."""

    def shared(self) -> VendorQuerySet:
        """The platform's register, which every operator sees."""
        return self.filter(operator__isnull=True)

    def visible_to(self, operator: Any) -> VendorQuerySet:
        """The register and the operator's own private vendors, which nobody else sees."""
        return self.filter(Q(operator__isnull=True) | Q(operator=operator))


class Vendor(models.Model):
    """A company that makes, designs or sells rigs. With an operator it is private to that operator.

    Source and confidence are those of the home country.
    """

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40, blank=True)
    home_country = models.CharField(max_length=2, blank=True)
    website = models.CharField(max_length=200, blank=True)
    operator = models.ForeignKey(
        "fleet.Operator", null=True, blank=True, on_delete=models.CASCADE, related_name="private_vendors"
    )
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    is_shipped = models.BooleanField(default=False, editable=False)

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

    def __str__(self) -> str:
        return self.name


class Sourced(models.Model):
    """A statement somebody made: from where it is known, and how well that bears it.

    `is_shipped` tells what came with the product from what people added.
    """

    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    is_shipped = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class Dated(Sourced):
    """A statement that holds for a time and perhaps for a place.

    `since` and `through` are as the source has them (2024, 2024-12 or 2024-12-09); the dates are the first
    and the last day that they allow.
    """

    country = models.CharField(max_length=2, blank=True)
    since = models.CharField(max_length=10, blank=True)
    through = models.CharField(max_length=10, blank=True)
    first_date = models.DateField(null=True, blank=True)
    through_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class VendorAliasQuerySet(models.QuerySet["VendorAlias"]):
    """Questions about names."""

    def of_companies(self) -> VendorAliasQuerySet:
        """Names by which a company itself may be listed; a product's or a ticker's is none."""
        return self.filter(kind__in=COMPANY_NAME_KINDS)


class VendorAlias(Dated):
    """Another name of a vendor: legal, brand, former, or in its own script."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)

    objects = VendorAliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "vendor aliases"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name", "kind"], name="one_alias_of_a_kind_per_vendor")
        ]

    def __str__(self) -> str:
        return self.name


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    """Questions about ties."""

    # What ties two parties closely enough that a listing of one is to be watched at the other: common
    # control, parent, sister, holding. Customers, financiers and founders of old are on record, not on watch.
    AFFILIATING = ("affiliate", "owner", "parent", "sister", "subsidiary", "investor")

    def affiliating(self) -> OwnershipQuerySet:
        """The ties that make an affiliate."""
        return self.filter(kind__in=self.AFFILIATING)


class Ownership(Dated):
    """A tie between a vendor and another party: owner, sister, common control, customer.

    `share_percent` empty means that no share is on record, not that there is none.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="ties")
    other_party = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    relation = models.CharField(max_length=200)
    share_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ownerships"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "other_party", "kind", "relation", "source"],
                name="one_tie_of_a_kind_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.vendor}, {self.relation}: {self.other_party}"


class AssemblySite(Dated):
    """A country in which a maker assembles, for one customer if one is named, as far as a source has said so."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="assembly_sites")
    place = models.CharField(max_length=300, blank=True)
    customer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "country", "place", "customer", "since", "source"],
                name="one_assembly_statement_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.vendor} in {self.country}"


class ContestedOrigin(Sourced):
    """The origin that customs is reported to assert for a maker's rigs, for entries from a day on."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="contested_origins")
    country = models.CharField(max_length=2)
    first_date = models.DateField()
    through_date = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "country", "first_date"], name="one_contested_origin_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.vendor}: {self.country} from {self.first_date}"


class VendorStatement(Dated):
    """Anything else that a source says of a vendor: its seat, who supplies it, what an authority did."""

    class Kind(models.TextChoices):
        """What the statement is about."""

        HEADQUARTERS = "headquarters", "headquarters"
        SUPPLY = "supply", "supply"
        EVENT = "event", "event"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    told = models.CharField(max_length=300)
    other_party = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "kind", "told", "other_party", "source"], name="one_statement_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.vendor}, {self.kind}: {self.told}"
