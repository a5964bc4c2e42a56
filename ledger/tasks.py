"""What the ledger's workers do: add up what processes that have gone have measured."""

from __future__ import annotations

import time

from celery import shared_task

from ledger.measuring import fold_the_gone


@shared_task
def fold_measured() -> None:
    """Add up what processes that have gone have measured. Safe to run twice."""
    fold_the_gone(time.time())
