"""What is owed an assessment: rows that the change itself writes, claimed by workers with a lease."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from fleet.flows.bulk_rows import overwrite_objects
from risk.models import Assessment
from risk.models.exposure import AssessmentQuerySet
from risk.selectors import lots_owed_by_the_calendar

BATCH = 2_000
LEASE = timedelta(seconds=settings.ASSESSMENT_LEASE_SECONDS)


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
    """A batch of lots in this worker's hands, told by its token; what was taken away meanwhile is not in it."""

    token: str
    lots_taken: int

    def __bool__(self) -> bool:
        return self.lots_taken > 0

    @property
    def owed(self) -> AssessmentQuerySet:
        """What is owed and still in these hands."""
        return Assessment.objects.filter(claim=self.token)

    def still_held(self) -> set[int]:
        """The lots that nobody took away since; until the transaction ends, nobody can."""
        return set(self.owed.select_for_update().order_by("lot_id").values_list("lot_id", flat=True))

    @property
    def lots(self) -> QuerySet[Any]:
        """The ids of these lots, as a question that the database answers itself."""
        return self.owed.values("lot_id")


def claim(now: datetime) -> Claimed:
    """Take the oldest owed lots that nobody holds; the conditional update decides between two workers."""
    token = secrets.token_hex(16)
    owed = Assessment.objects.claimable(now)
    # Two workers that ask at once look past each other's rows where the database can, and wait where it cannot.
    oldest = owed.select_for_update(skip_locked=True).order_by("owed_at", "pk").values("pk")[:BATCH]
    with transaction.atomic():
        held = owed.filter(pk__in=oldest)
        taken = held.update(claim=token, claimed_until=now + LEASE, attempts=F("attempts") + 1)
    return Claimed(token, taken)
