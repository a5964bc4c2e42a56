"""Rig models, their bins and the strings by which people write them."""

from __future__ import annotations

from django.db import models


class Shipped(models.Model):
    """A row of the catalogue; `is_shipped` tells what came with the product from what people added."""

    is_shipped = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class RigModel(Shipped):
    """A model of a maker. Hashrate and power stand here only where all of its bins agree on them."""

    maker = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="rig_models")
    name = models.CharField(max_length=200)
    algorithm = models.CharField(max_length=40, blank=True)
    default_hts_code = models.CharField(max_length=10, blank=True)
    hashrate_ghs = models.BigIntegerField(null=True)
    power_w = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["maker", "name"], name="one_model_of_a_name_per_maker")
        ]

    def __str__(self) -> str:
        return self.name


class RigBin(Shipped):
    """A bin (variant) of a model as one source gives it; `reading` tells apart sources that disagree.

    The name is empty where a source knows the model but no bin of it.
    """

    model = models.ForeignKey(RigModel, on_delete=models.CASCADE, related_name="bins")
    name = models.CharField(max_length=80, blank=True)
    reading = models.PositiveSmallIntegerField(default=1)
    hashrate_ghs = models.BigIntegerField(null=True)
    power_w = models.BigIntegerField(null=True)
    efficiency_j_per_th = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    algorithm = models.CharField(max_length=40, blank=True)
    cooling = models.CharField(max_length=20, blank=True)
    released = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "name", "reading"], name="one_reading_of_a_bin")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.name}"


class ModelAlias(Shipped):
    """A string that names a model somewhere: an API, a tool's label, a price list."""

    model = models.ForeignKey(RigModel, on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    variant = models.CharField(max_length=80, blank=True)
    reach = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "model aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["alias", "kind", "model", "variant", "source"], name="one_alias_of_a_kind_per_model"
            )
        ]

    def __str__(self) -> str:
        return self.alias
