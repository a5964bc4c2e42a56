"""Audit entries: who did what, when, and why. Written in the transaction of the deed, never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One deed on record. `operator_id` is empty for deeds on the platform's own register."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    operator_id = models.BigIntegerField(null=True, db_index=True)
    deed = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["subject", "id"])]

    def __str__(self) -> str:
        return f"{self.deed} {self.subject}"


def record(
    *, deed: str, subject: str, by: Any = None, operator_id: int | None = None, **detail: Any
) -> AuditEntry:
    """Put a deed on record, inside the caller's transaction. `detail` is JSON-ready."""
    return AuditEntry.objects.create(
        deed=deed, subject=subject, by=by, operator_id=operator_id, detail=detail
    )
