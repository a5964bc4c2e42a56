"""What is on the audit (ledger.audit); what the outside is told of; the keys of requests that are answered once."""

from __future__ import annotations

from typing import Any

from django.db import models

from ledger.audit import AuditEntry, AuditSeal, differing, record, record_all
from ledger.signals import event_told

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "IdempotencyKey",
    "OutboxEvent",
    "differing",
    "record",
    "record_all",
    "tell",
]


class OutboxEvent(models.Model):
    """A thing that people and programs outside are told of, written in the transaction of what it tells: neither is
    there without the other.

    `kind` is the name of the event ("upload.applied"), `about` the object ("upload:17"): events about one object are
    told in the order of their keys. Without an `operator_id` it concerns every operator. `body` is thin: what to ask
    for by the API, never a secret. `handed_out_at` is empty until it was put in the way of all who listen.
    """

    operator_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    handed_out_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["operator_id", "id"]),
            models.Index(
                fields=["id"], condition=models.Q(handed_out_at__isnull=True), name="outbox_to_be_handed_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


def tell(*, kind: str, about: str, operator_id: int | None = None, **body: Any) -> OutboxEvent:
    """Put an event into the outbox, inside the caller's transaction. `body` is JSON-ready."""
    event = OutboxEvent.objects.create(kind=kind, about=about[:120], operator_id=operator_id, body=body)
    event_told.send(sender=OutboxEvent, event=event)
    return event


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
