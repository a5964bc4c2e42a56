"""Who holds a row that several workers may take: a moment until which the hold lasts, written by whoever takes it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

LONGEST = timedelta(hours=1)
"""No hold is taken for so long."""


def free_at(now: datetime) -> Q:
    """Rows that nobody holds at a moment. A hold that would last longer than any was taken before the clock was set
    back; waiting for it could take a year."""
    until = "claimed_until"
    return (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__lte": now}) | Q(**{f"{until}__gt": now + LONGEST})
    )
