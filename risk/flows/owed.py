"""What is owed an assessment: rows that the change itself writes, claimed by workers with a lease."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from fleet.flows.bulk_rows import overwrite_objects
from risk.models import Assessment
from risk.selectors import lots_owed_by_the_calendar

BATCH = 1_000
LEASE = timedelta(minutes=5)


def owe(lot_ids: Iterable[int], *, cause: str, now: datetime) -> None:
    """Put the need to assess on record, inside the caller's transaction; fifty changes of a lot are one row."""
    rows = [Assessment(lot_id=lot_id, cause=cause[:200], owed_at=now) for lot_id in sorted(set(lot_ids))]
    overwrite_objects(Assessment, rows, by="lot")


def owe_by_the_calendar(day: date, *, now: datetime) -> int:
    """Owe the lots whose finding has ended: a measure began or ended, a clock ran out, an expected day passed."""
    ended = lots_owed_by_the_calendar(day)
    if ended:
        with transaction.atomic():
            owe(ended, cause=f"the calendar, {day}", now=now)
    return len(ended)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A batch of lots in this worker's hands."""

    token: str
    lot_ids: list[int]

    def __bool__(self) -> bool:
        return bool(self.lot_ids)


def claim(now: datetime) -> Claimed:
    """Take the oldest owed lots that nobody holds; the conditional update decides between two workers."""
    token = secrets.token_hex(16)
    owed = Assessment.objects.claimable(now)
    oldest = list(owed.order_by("owed_at", "pk").values_list("pk", flat=True)[:BATCH])
    if not oldest:
        return Claimed(token, [])
    owed.filter(pk__in=oldest).update(claim=token, claimed_until=now + LEASE, attempts=F("attempts") + 1)
    taken = Assessment.objects.filter(claim=token).order_by("lot_id").values_list("lot_id", flat=True)
    return Claimed(token, list(taken))
