"""What sources say of a vendor: where it assembles, which origins are contested, and whatever else."""

from __future__ import annotations

from django.db import models

from vendors.models.sourced import Dated, Sourced
from vendors.models.vendor import Vendor


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
