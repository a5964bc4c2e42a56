"""What the keeping's workers do, once a day."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from keeping.housekeeping.clearing import housekeep as clear


@shared_task
def housekeep() -> None:
    """Clear what was kept long enough. Safe to run twice."""
    clear(now=timezone.now())
