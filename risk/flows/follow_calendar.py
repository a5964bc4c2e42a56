"""Days that begin -> the lots whose findings ended with the day before -> owed and assessed, a day after the other.

The day is passed in: the one in the policy's time zone (US Eastern), where measures begin at midnight. A machine that
was off comes up through every day that it missed and on which something moved. The record never runs backward:
with a clock that was set back, lots are assessed for the latest day that the calendar has reached, until a person
takes it back (`manage.py assess`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from risk.flows.assess_lots import Assessed, assess_owed_lots
from risk.flows.owed import owe_by_the_calendar
from risk.models import Assessment, AssessmentRun
from risk.selectors import day_that_stands, first_day_ended

Kind = AssessmentRun.Kind


def take_back_the_calendar(today: date) -> int:
    """A person says that it is `today`, though the calendar was followed further: the runs of later days count no
    more. Their findings are owed anew as those that do not hold today. How many runs they are."""
    ahead = AssessmentRun.objects.filter(kind=Kind.CALENDAR, day__gt=today)
    with transaction.atomic():
        # What is still owed for those days is owed for today.
        owed = Assessment.objects.filter(run__in=ahead)
        owed.update(day=None, claim="", claimed_until=None)
        return ahead.update(kind=Kind.TAKEN_BACK)


def follow_the_calendar(
    today: date, *, clock: Callable[[], datetime], until: datetime | None = None
) -> Assessed:
    """Assess for each day through today, in order, what ended with the day before; each day once, whoever else does
    the same at the same time. What became of the lots on the way; those of today may still be owed, and after `until`
    those of the day that it came to."""
    today, done = day_that_stands(today), Assessed()
    while day := _day_waiting() or first_day_ended(today):
        if not _day_waiting():
            owe_by_the_calendar(day, now=clock(), is_today=day == today)
        done += assess_owed_lots(assessed_on=today, clock=clock, until=until)
        if _day_waiting() or first_day_ended(today) == day:
            return done  # in another worker's hands, or nobody can assess; the next sweep goes on from here
    owe_by_the_calendar(today, now=clock())
    return done


def _day_waiting() -> date | None:
    """The first day for which the calendar's lots are still owed."""
    owed = Assessment.objects.waiting().filter(run__kind=Kind.CALENDAR)
    day: date | None = owed.aggregate(day=Min("day"))["day"]
    return day
