"""How often a thing is done: once a week, once a month, and which period a day lies in."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Rhythm(StrEnum):
    """Weeks begin on Monday, months on the first."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"

    def period_of(self, day: date) -> date:
        """The first day of the period that a day lies in."""
        if self is Rhythm.WEEKLY:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1)

    def following(self, day: date) -> date:
        """The first day of the period after the one that a day lies in."""
        if self is Rhythm.WEEKLY:
            return self.period_of(day) + timedelta(days=7)
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
