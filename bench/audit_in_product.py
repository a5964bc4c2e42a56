"""The audit at work with very many entries, with the product set up around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from bench.in_product import processor_seconds
from ledger.audit import record_all, seal_all
from ledger.models import AuditSeal
from ledger.verifying import verify_audit

A_SET, A_STATEMENT = 50_000, 5_000


def write(entries: int) -> dict[str, Any]:
    """Deeds in transactions of A_SET; each commit seals a few of its own, as it does everywhere."""

    def written() -> None:
        for start in range(0, entries, A_SET):
            with transaction.atomic():
                for first in range(start, min(start + A_SET, entries), A_STATEMENT):
                    record_all(
                        _deed(number)
                        for number in range(first, min(first + A_STATEMENT, start + A_SET, entries))
                    )

    return _taken(written)


def seal(entries: int) -> dict[str, Any]:
    """What no commit has sealed."""
    told = _taken(seal_all)
    if (sealed := AuditSeal.objects.count()) < entries:
        raise RuntimeError(f"{sealed} of {entries} are sealed.")
    return told


def verify(entries: int) -> dict[str, Any]:
    """The chain from its first number to its last."""
    found: list[Any] = []
    told = _taken(lambda: found.append(verify_audit()))
    if found[0].wrong or found[0].entries < entries:
        raise RuntimeError(f"The chain is not as it was written: {found[0]}")
    return told


def _deed(number: int) -> dict[str, Any]:
    changed = {"status": ["deployed", "stored"], "rack": [f"R{number % 400}", None]}
    return {
        "deed": "rig corrected",
        "subject": f"rig {number}",
        "detail": {"changed": changed, "why": "moved"},
    }


def _taken(work: Callable[[], Any]) -> dict[str, Any]:
    began, used = time.perf_counter(), processor_seconds()
    work()
    seconds, processor = time.perf_counter() - began, processor_seconds() - used
    return {"seconds": round(seconds, 1), "processor_seconds": round(processor, 1)}
