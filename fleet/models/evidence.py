"""Evidence of origin: papers with their days, what they bear, and which lots and serial numbers they cover."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from fleet.models.inventory import Lot
from fleet.models.operator import Owned
from risk.engine.reserve import Strength


def stored_under(evidence: OriginEvidence, file_name: str) -> str:
    """A random name in the operator's own folder: of the user's file name only the kind reaches the disk."""
    suffix = PurePath(file_name).suffix.lower()[:6]
    return f"evidence/{evidence.operator_id}/{secrets.token_hex(16)}{suffix}"


class OriginEvidence(Owned):
    """A paper that bears an origin. Never deleted: one that does not count any more is withdrawn, with a reason.

    It counts from `issued_on` (None: since ever) up to, and no more on, `expires_on` (None: no end). `lots` are
    covered whole, `ranges` by serial number, whatever lot the rig is in.
    """

    class Kind(models.TextChoices):
        """What it is."""

        CERTIFICATE = "certificate", "certificate of origin"
        AFFIDAVIT = "affidavit", "affidavit"
        WORK_ORDER = "work order", "work order"
        INVOICE = "invoice", "invoice"
        OTHER = "other", "other"

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to=stored_under, max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    strength = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Strength])
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    lots = models.ManyToManyField(Lot, related_name="origin_evidence", blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "origin evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gt=models.F("issued_on")),
                name="evidence_expires_after_it_is_issued",
            )
        ]
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return self.title


class EvidenceRange(models.Model):
    """Serial numbers that a paper covers, the first and the last included; both of one length."""

    evidence = models.ForeignKey(OriginEvidence, on_delete=models.CASCADE, related_name="ranges")
    first = models.CharField(max_length=80)
    last = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "first", "last"], name="one_range_of_a_paper")
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
