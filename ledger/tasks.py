"""What the ledger forgets: keys of requests whose day is over, and who measured what is counted."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from ledger.api.idempotency import LIFE
from ledger.measuring import fold_the_gone
from ledger.models import IdempotencyKey


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the keys that no answer is given for any more. Safe to run twice."""
    IdempotencyKey.objects.filter(created_at__lte=timezone.now() - LIFE).delete()


@shared_task
def fold_measured() -> None:
    """Add up what processes that have gone have measured. Safe to run twice."""
    fold_the_gone(time.time())
