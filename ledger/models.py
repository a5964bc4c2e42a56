"""Audit entries: who did what, when, and why; and the keys of requests that are answered once."""

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


class IdempotencyKey(models.Model):
    """A key that a program sent with a request, and the answer that it got: the same again, not done twice.

    `fingerprint` is the digest of the request. Without a `status` the request is in flight: whoever holds
    `claim` may keep an answer until somebody else takes the key over after `claimed_until`.
    """

    operator_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.CharField(max_length=32)
    created_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator_id", "key"], name="one_answer_for_an_idempotency_key")
        ]

    def __str__(self) -> str:
        return self.key
