"""The exposed share through time as a chart, ready to be drawn: on a page as SVG, on paper by whoever draws there.

Places are percent of the room that the chart is given, as text: across from its left, down from its top. Nothing here
knows how large the room is, so that the same chart fits a telephone and a sheet of paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from risk.dashboard.chart_labels import Label, NamedStep, Stroke, placed, step_labels
from risk.dashboard.words import counted, day, days_until, percent
from risk.engine.alerts import points_between
from risk.engine.terms.figures import written
from risk.engine.terms.money import HUNDRED
from risk.engine.terms.spans import ONE_DAY
from risk.flows.keep_curves import CurveStep

AHEAD = 365
"""Days after today that are drawn at least, whether or not something is known of them."""
LEVELS = (100, 75, 50, 25, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step in words, for the table beside the chart. `left` is empty for a step that has begun, `why` on the
    first."""

    first: str
    left: str
    share: str
    unknown: str
    points: str
    why: tuple[str, ...]
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChart:
    """A step chart: `line` is the share through time, `supposed` what a draft would make of it (drawn dashed, only
    where that is another), `unknown` how much more could turn out to be exposed.

    `levels` are the marks of the scale from below, `years` those of the days, `labels` the measures at the largest
    steps. What is right of `today` is to come and stands shaded; `dots` are the fleet as it was kept. `sentence` and
    `rows` say the same in words.
    """

    line: tuple[Stroke, ...]
    supposed: tuple[Stroke, ...]
    supposed_told: str
    levels: tuple[Label, ...]
    years: tuple[Label, ...]
    labels: tuple[Label, ...]
    dots: tuple[Label, ...]
    today: str
    to_come: str
    sentence: str
    rows: tuple[StepRow, ...] = field(repr=False)


def step_chart(
    steps: Sequence[CurveStep],
    measure: str,
    *,
    today: date,
    supposed: Sequence[CurveStep] = (),
    supposed_told: str = "",
    kept: Iterable[tuple[date, Decimal | None]] = (),
) -> StepChart | None:
    """The chart of one measure; None where no step has a share of it.

    `supposed` are the steps under an edition that is not in force, from today on, `supposed_told` its name; `kept`
    are days with the share as it was.
    """
    shown = tuple(_shown(steps, measure))
    if not shown:
        return None
    room = _Room(shown[0].first, max(shown[-1].through, *(step.through for step in supposed), _ahead(today)))
    dashed = tuple(_dashed(room, shown, tuple(_shown(supposed, measure)), today))
    return StepChart(
        line=tuple(_line(room, shown)),
        supposed=dashed,
        supposed_told=supposed_told if dashed else "",
        levels=tuple(
            Label(x="0", y=placed(HUNDRED - level), anchor="end", words=f"{level} %") for level in LEVELS
        ),
        years=tuple(room.years()),
        labels=tuple(step_labels(_named(room, shown), _line(room, shown))),
        dots=tuple(_dots(room, kept)),
        today=room.across(today),
        to_come=placed(HUNDRED - Decimal(room.across(today))),
        sentence=_sentence(shown, today),
        rows=tuple(_rows(shown, today)),
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """The share of one measure from a day through another, with what moved it there."""

    first: date
    through: date
    share: Decimal
    unknown: Decimal | None
    points: Decimal | None
    step: CurveStep


def _shown(steps: Iterable[CurveStep], measure: str) -> Iterator[_Level]:
    """The steps in which this measure's share is another."""
    before: _Level | None = None
    for step in steps:
        share, unknown = step.exposed[measure], step.unknown[measure]
        if share is None:
            continue
        if before is not None and (share, unknown) == (before.share, before.unknown):
            before = _Level(before.first, step.through, share, unknown, before.points, before.step)
            continue
        if before is not None:
            yield before
        points = points_between(before.share if before else None, share)
        before = _Level(step.first, step.through, share, unknown, points, step)
    if before is not None:
        yield before


def _ahead(today: date) -> date:
    return date.fromordinal(today.toordinal() + AHEAD)


class _Room:
    """Where days and shares lie in the chart."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def across(self, on: date) -> str:
        """A day from left to right."""
        days = Decimal((on - self.first).days) / Decimal(max((self.last - self.first).days, 1))
        return placed(min(days, Decimal(1)) * HUNDRED)

    def down(self, share: Decimal) -> str:
        """A share from the ceiling down."""
        return placed((1 - share) * HUNDRED)

    def years(self) -> Iterator[Label]:
        """The first days of years."""
        for year in range(self.first.year + 1, self.last.year + 1):
            yield Label(x=self.across(date(year, 1, 1)), y="0", anchor="middle", words=str(year))


def _line(room: _Room, levels: Sequence[_Level]) -> Iterator[Stroke]:
    """Level and upright pieces in turn; the last goes on to the end of what is drawn."""
    for before, after in pairwise([*levels, None]):
        if before is None:
            return
        end = after.first if after else room.last
        x1, x2, y = room.across(before.first), room.across(end), room.down(before.share)
        yield Stroke(x1=x1, y1=y, x2=x2, y2=y, told=_level_told(before, after))
        if after is not None and after.share != before.share:
            yield Stroke(x1=x2, y1=y, x2=x2, y2=room.down(after.share), told=_step_told(after))


def _dashed(
    room: _Room, levels: Sequence[_Level], supposed: Sequence[_Level], today: date
) -> Iterator[Stroke]:
    """The pieces in which the supposed share differs from the line, joined to it where it leaves and comes back."""
    days = sorted({today, *(each.first for each in (*levels, *supposed) if each.first > today)})
    before: Decimal | None = None
    for on, following in zip(days, [*days[1:], room.last], strict=True):
        share, other = _on(levels, on), _on(supposed, on)
        if share is None or other is None or share == other:
            before = share
            continue
        x1, x2, y = room.across(on), room.across(following), room.down(other)
        from_share = share if before is None else before
        told = f"{percent(share)} becomes {percent(other)} from {day(on)}"
        if from_share != other:
            yield Stroke(x1=x1, y1=room.down(from_share), x2=x1, y2=y, told=told)
        yield Stroke(x1=x1, y1=y, x2=x2, y2=y, told=told)
        before = other


def _on(levels: Sequence[_Level], on: date) -> Decimal | None:
    """The share on a day; the last level lasts."""
    return next((each.share for each in reversed(levels) if each.first <= on), None)


def _named(room: _Room, levels: Sequence[_Level]) -> Iterator[NamedStep]:
    """The steps with the measures that made them."""
    for before, after in pairwise(levels):
        ended = (f"end of {title}" for title in after.step.ended)
        yield NamedStep(
            across=Decimal(room.across(after.first)),
            before=Decimal(room.down(before.share)),
            after=Decimal(room.down(after.share)),
            names=(*after.step.begun, *ended),
        )


def _dots(room: _Room, kept: Iterable[tuple[date, Decimal | None]]) -> Iterator[Label]:
    for on, share in kept:
        if share is not None and room.first <= on <= room.last:
            told = f"{day(on)}: {percent(share)}, as it was"
            yield Label(x=room.across(on), y=room.down(share), anchor="middle", words=told)


def _level_told(level: _Level, after: _Level | None) -> str:
    until = f"through {day(after.first - ONE_DAY)}" if after else "on"
    return f"{percent(level.share)} from {day(level.first)} {until}"


def _step_told(level: _Level) -> str:
    return f"{day(level.first)}: {_points(level)} points to {percent(level.share)}. {'; '.join(_why(level))}"


def _points(level: _Level) -> str:
    return "" if level.points is None else written(f"{level.points:+.1f}")


def _why(level: _Level) -> Iterator[str]:
    yield from (f"{title} begins" for title in level.step.begun)
    yield from (f"{title} no longer applies" for title in level.step.ended)
    if level.step.lots_of_their_own:
        yield f"{counted(level.step.lots_of_their_own, 'lot')} on a day of their own entry"


def _rows(levels: Sequence[_Level], today: date) -> Iterator[StepRow]:
    for each in levels:
        yield StepRow(
            first=day(each.first),
            left=days_until(each.first, today) if each.first > today else "",
            share=percent(each.share),
            unknown=percent(each.unknown),
            points=_points(each),
            why=tuple(_why(each)),
            is_now=each.first <= today <= each.through,
        )


def _sentence(levels: Sequence[_Level], today: date) -> str:
    highest = max(levels, key=lambda each: each.share)
    now, coming = _on(levels, today), [each for each in levels if each.first > today]
    ahead = (
        f"{counted(len(coming), 'change')} to come, the first on {day(coming[0].first)} to {percent(coming[0].share)}"
        if coming
        else "no change to come is on record"
    )
    return (
        f"{counted(len(levels), 'level')} since {day(levels[0].first)}; at most {percent(highest.share)}, "
        f"from {day(highest.first)}; {percent(now)} today; {ahead}."
    )
