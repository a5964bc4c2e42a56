"""By what a vendor is known: names in any script, and identifiers of registers, tax offices and systems."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from vendors.catalogue.files import COMPANY_NAME_KINDS, NAME_KINDS
from vendors.catalogue.identifiers import SYSTEMS, identifier_key
from vendors.models.sourced import Dated, Scoped, ScopedQuerySet
from vendors.models.vendor import NAME_KEY, Vendor


class VendorAliasQuerySet(models.QuerySet["VendorAlias"]):
    """Questions about names."""

    def of_companies(self) -> Self:
        """Names by which a company itself may be listed; a product's or a ticker's is none."""
        return self.filter(kind__in=COMPANY_NAME_KINDS)


class VendorAlias(Dated):
    """Another name of a vendor: legal, brand, former; in its own script where it has one.

    `script` is an ISO 15924 code (Hans, Latn, Cyrl), `language` an ISO 639-1 code; empty where nobody said.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40, choices=[(each, each) for each in NAME_KINDS])
    script = models.CharField(max_length=4, blank=True)
    language = models.CharField(max_length=2, blank=True)

    objects = VendorAliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "vendor aliases"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name", "kind"], name="one_alias_of_a_kind_per_vendor")
        ]
        indexes = [models.Index(NAME_KEY, name="aliases_by_name")]

    def __str__(self) -> str:
        return self.name


class VendorIdentifierQuerySet(ScopedQuerySet):
    """Questions about identifiers."""

    def of_the_record(self) -> Self:
        """Those that may be screened: the register's, and a private vendor's own; not what an operator keeps beside a
        vendor of the register, and no ids of its systems."""
        own = Q(operator__isnull=True) | Q(operator=F("vendor__operator"))
        return self.filter(own).exclude(system="erp")

    def written(self, text: str) -> Self:
        """Those that the text writes, in whatever system it fits."""
        found = Q(pk__in=())
        for system in SYSTEMS:
            try:
                found |= Q(system=system, key=identifier_key(system, text))
            except ValueError:
                continue
        return self.filter(found)


class VendorIdentifier(Scoped, Dated):
    """A number or address that means one vendor in one system, and in one country where the system is a country's.

    `value` is as people write it, `key` the form in which two are compared. Of an ERP system each operator has its
    own; what an operator adds to a vendor of the register is its own as well.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=20, choices=[(name, each.title) for name, each in SYSTEMS.items()])
    value = models.CharField(max_length=200)
    key = models.CharField(max_length=200, editable=False)

    objects = VendorIdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "country", "key"],
                condition=Q(operator__isnull=True),
                name="one_vendor_of_an_identifier_in_the_register",
            ),
            models.UniqueConstraint(
                fields=["operator", "system", "country", "key"],
                name="one_vendor_of_an_identifier_at_an_operator",
            ),
        ]
        indexes = [models.Index(fields=["key"])]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.value}"

    def clean(self) -> None:
        """Raises ValidationError beside the value for one that is none of its system."""
        super().clean()
        system = SYSTEMS.get(self.system)
        if system is None:
            return
        try:
            self.key = identifier_key(self.system, self.value)
        except ValueError as wrong:
            raise ValidationError({"value": str(wrong)}) from None
        if system.of_a_country and not self.country:
            raise ValidationError({"country": f"A {system.title} is a country's; say of which."})
        if system.of_an_operator and self.operator_id is None:
            raise ValidationError({"system": f"An {system.title} is an operator's own."})

    def validate_constraints(self, exclude: Any = None) -> None:
        """Raises ValidationError that names the vendor who bears the identifier already."""
        rows = VendorIdentifier.objects.filter(system=self.system, country=self.country, key=self.key)
        others = rows.filter(operator=self.operator_id).exclude(pk=self.pk).select_related("vendor")
        same = others.first()
        if same is not None and self.key:
            sentence = f"{same.get_system_display()} {same.value} is that of {same.vendor} already."
            raise ValidationError({"value": sentence})


class VendorAddress(Dated):
    """Where a vendor has an address, of one kind; the country beside the lines."""

    class Kind(models.TextChoices):
        """What stands there."""

        REGISTERED = "registered office", "registered office"
        HEADQUARTERS = "head office", "head office"
        BRANCH = "branch", "branch"
        WAREHOUSE = "warehouse", "warehouse"
        POSTAL = "postal", "postal"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=20, choices=Kind)
    lines = models.CharField(max_length=300)

    class Meta:
        verbose_name_plural = "vendor addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "kind", "lines"], name="one_address_of_a_kind_per_vendor"
            )
        ]

    def __str__(self) -> str:
        return self.lines
