"""What the ledger forgets: keys of requests whose day is over."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from ledger.api.idempotency import LIFE
from ledger.models import IdempotencyKey


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the keys that no answer is given for any more. Safe to run twice."""
    IdempotencyKey.objects.filter(created_at__lte=timezone.now() - LIFE).delete()
