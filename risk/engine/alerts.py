"""When people are told: whether a share crosses a threshold, which step of an expiry or of a coming measure is due,
and which of the alerts that wait go out now, under quiet hours and a digest.

Shares are Decimals from 0 to 1, or None where there is nothing to take a share of. Thresholds are shares too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from risk.engine.terms.money import HUNDRED, plain

EXPIRY_STEPS = (30, 7, 1)
"""Days before the end of a paper on which people are told, as they asked for."""
SHORTLY_BEFORE = 7
"""Days before a measure begins or ends from which on people are reminded of it."""
PROMPT = timedelta(hours=1)
"""What waited longer than this, for whatever reason, goes out together with all else that waited."""


class Side(StrEnum):
    """On which side of a threshold a share has come to lie."""

    OVER = "over"
    NOT_OVER = "no longer over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A share that came to lie on the other side of a threshold; `before` is None where none was known."""

    side: Side
    before: Decimal | None
    after: Decimal
    threshold: Decimal


def crossing(before: Decimal | None, after: Decimal | None, threshold: Decimal | None) -> Crossing | None:
    """The crossing between two shares, if there is one. A fleet that begins over the threshold has crossed it; a
    share of nothing crosses nothing, and neither does any share where no threshold is set."""
    if after is None or threshold is None:
        return None
    was_over, is_over = before is not None and before > threshold, after > threshold
    if was_over == is_over:
        return None
    side = Side.OVER if is_over else Side.NOT_OVER
    return Crossing(side=side, before=before, after=after, threshold=threshold)


def points_between(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Percentage points from one share to another; None where one of them is not known."""
    return None if before is None or after is None else plain((after - before) * HUNDRED)


def moves_enough(points: Decimal | None, least: Decimal) -> bool:
    """Whether a share moves by more than `least` points, up or down; not where nobody knows by how many."""
    return points is not None and abs(points) > least


def expiry_step(days_left: int, told: Collection[int]) -> int | None:
    """The step of EXPIRY_STEPS that is due so many days before the end, unless it or a later one was told. Steps that
    were missed while the machine was off are not made up for: the nearest one says it all."""
    reached = [step for step in EXPIRY_STEPS if 0 < days_left <= step]
    if not reached or any(step <= reached[-1] for step in told):
        return None
    return reached[-1]


class Reminder(StrEnum):
    """The two times that people are told of a coming measure."""

    KNOWN = "known"
    SOON = "soon"


def coming_reminder(days_left: int, told: Collection[Reminder]) -> Reminder | None:
    """Which reminder of a coming day is due: when it becomes known, and again shortly before, once each. What becomes
    known shortly before is told once."""
    if days_left <= 0:
        return None
    if days_left <= SHORTLY_BEFORE:
        return None if Reminder.SOON in told else Reminder.SOON
    return None if told else Reminder.KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an operator's people may be written to, in their own time zone.

    Quiet from `quiet_from` until `quiet_until`, over midnight where that is earlier; None: never. `digest_hour`: one
    letter a day at this hour; None: at once. `urgent_goes_through`: what is urgent waits for neither.
    """

    zone: tzinfo
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_hour: int | None = None
    urgent_goes_through: bool = True

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nobody is to be written to at a moment."""
        begins, ends = self.quiet_from, self.quiet_until
        if begins is None or ends is None or begins == ends:
            return False
        clock = moment.astimezone(self.zone).time()
        if begins < ends:
            return begins <= clock < ends
        return clock >= begins or clock < ends

    def last_digest(self, now: datetime) -> datetime | None:
        """The last moment, up to now, at which a digest was due; None without one."""
        if self.digest_hour is None:
            return None
        today = now.astimezone(self.zone).date()
        for day in (today, today - timedelta(days=1)):
            moment = datetime.combine(day, time(self.digest_hour), self.zone).astimezone(UTC)
            if moment <= now:
                return moment
        return None

    def is_due(self, waiting: Waiting, now: datetime) -> bool:
        """Whether what waits goes out now."""
        if waiting.is_urgent and self.urgent_goes_through:
            return True
        if self.is_quiet(now):
            return False
        last = self.last_digest(now)
        return self.digest_hour is None or (last is not None and waiting.made_at <= last)


AT_ONCE = Schedule(zone=UTC)
"""No quiet hours and no digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that was not sent yet, by its key; `is_urgent`: a lot was blocked."""

    key: int
    made_at: datetime
    is_urgent: bool = False


def letters_due(waiting: Iterable[Waiting], schedule: Schedule, now: datetime) -> list[tuple[int, ...]]:
    """The letters that go out now, each with the keys of its alerts in their order. What comes at once is a letter of
    its own; what had to wait (for a digest, the end of quiet hours, a mail server) is gathered in one."""
    due = sorted(
        (each for each in waiting if schedule.is_due(each, now)), key=lambda each: (each.made_at, each.key)
    )
    alone = [each for each in due if _is_prompt(each, schedule, now)]
    gathered = tuple(each.key for each in due if each not in alone)
    return [*([gathered] if gathered else []), *((each.key,) for each in alone)]


def _is_prompt(each: Waiting, schedule: Schedule, now: datetime) -> bool:
    """Whether nothing has held it up."""
    if each.is_urgent and schedule.urgent_goes_through:
        return now - each.made_at <= PROMPT
    is_held = schedule.digest_hour is not None or schedule.is_quiet(each.made_at)
    return not is_held and now - each.made_at <= PROMPT
