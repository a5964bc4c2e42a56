"""What the ledger's workers do: seal what was committed, add up what processes that have gone have measured."""

from __future__ import annotations

import time

from celery import shared_task

from ledger.audit import seal_recent
from ledger.measuring import fold_the_gone


@shared_task
def seal_audit() -> None:
    """Seal what was not sealed at once: a process that ended between its commit and its seal leaves that. Safe to run
    twice."""
    seal_recent()


@shared_task
def fold_measured() -> None:
    """Add up what processes that have gone have measured. Safe to run twice."""
    fold_the_gone(time.time())
