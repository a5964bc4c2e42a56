"""When the scheduler sets a task going, by a clock that may be set forward and back."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery.schedules import schedule


class Every(schedule):
    """After so much time, and at once where the last time lies in the future: the clock was set back since, and the
    plain schedule would wait until that day comes again."""

    def remaining_estimate(self, last_run_at: datetime) -> timedelta:
        """The time until the next run, never more than the interval."""
        left: timedelta = super().remaining_estimate(last_run_at)
        return left if left <= self.run_every else timedelta(0)
