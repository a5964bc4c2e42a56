"""What the ledger forgets: keys of requests whose day is over; and what it seals: entries that were committed."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from ledger.api.idempotency import LIFE
from ledger.audit import seal_recent
from ledger.models import IdempotencyKey


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the keys that no answer is given for any more. Safe to run twice."""
    IdempotencyKey.objects.filter(created_at__lte=timezone.now() - LIFE).delete()


@shared_task
def seal_audit() -> None:
    """Seal what was not sealed at once: a process that ended between its commit and its seal leaves that. Safe to run
    twice."""
    seal_recent()
