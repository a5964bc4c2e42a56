"""Workbooks of a whole fleet, written by a worker: asked for, being written, ready for some days."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned


class ExportState(models.TextChoices):
    """How far a workbook has come."""

    WAITING = "waiting", "being written"
    READY = "ready", "ready"
    FAILED = "failed", "failed"


class FleetExport(Owned):
    """A workbook of all rigs on record. `file` lies under a random name in the operator's own folder."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    file = models.FileField(max_length=200, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return f"Workbook {self.pk}"
