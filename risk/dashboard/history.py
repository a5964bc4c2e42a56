"""The exposed share through time, ready to be answered and drawn: steps, a chart, coming changes, snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from risk.api.answers import shares_answer
from risk.dashboard.words import counted, day, days_until, percent
from risk.engine.policy import MeasureSpec
from risk.engine.shares import Kind, Part
from risk.engine.terms.spans import ONE_DAY
from risk.flows.share_through_time import Step, ThroughTime
from risk.selectors import list_editions_of

ROOM_WIDTH, ROOM_HEIGHT = 1000, 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step in words. `left` is empty for a step that has begun."""

    first: str
    left: str
    share: str
    unknown: str
    points: str
    why: tuple[str, ...]
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Paths in a room of 1000 by 260: the exposed line, today's place, the years, and recorded snapshots."""

    path: str
    today: str
    years: tuple[tuple[str, str], ...]
    snapshots: tuple[tuple[str, str, str], ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """What the page shows, by one measure."""

    rows: tuple[Row, ...]
    coming: tuple[Row, ...]
    chart: Chart | None
    snapshots: tuple[tuple[str, str, str], ...]


def history_answer(through: ThroughTime) -> dict[str, Any]:
    """The steps as JSON: shares from 0 to 1 as text, points in percentage points, null a share of nothing."""
    edition = through.edition
    return {
        "operator": through.operator.slug,
        "today": through.today.isoformat(),
        "policy_edition": edition.number,
        "verified_through": edition.verified_through.isoformat() if edition.verified_through else None,
        "list_editions": list_editions_of(through.operator),
        "steps": [_step(step) for step in through.steps],
        "coming": [
            {"days_left": (step.first - through.today).days, **_step(step)} for step in through.coming
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": step.first.isoformat(),
        "through": step.through.isoformat(),
        "exposed": {kind.value: shares_answer(shares) for kind, shares in step.exposed.items()},
        "bar": {part.value: shares_answer(shares) for part, shares in step.bar.items()},
        "begun": [_measure(measure) for measure in step.begun],
        "ended": [_measure(measure) for measure in step.ended],
        "lots_moved": step.lots_moved,
        "lots_of_their_own": step.lots_of_their_own,
        "points": {name: _text(points) for name, points in step.points.items()},
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _measure(measure: MeasureSpec) -> dict[str, str]:
    return {
        "measure": measure.code,
        "title": measure.title,
        "legal_reference": measure.legal_reference,
    }


def history_page(
    through: ThroughTime, measure: str, snapshots: Iterable[tuple[date, Decimal | None]]
) -> HistoryPage:
    """The page of a fleet; `snapshots` are days with the share by the same measure as it was recorded."""
    kept = tuple(snapshots)
    return HistoryPage(
        rows=tuple(_row(step, measure, through.today) for step in _shown(through, measure)),
        coming=tuple(
            _row(step, measure, through.today)
            for step in _shown(through, measure)
            if step.first > through.today
        ),
        chart=_chart(through, measure, kept),
        snapshots=tuple((day(on), percent(share), on.isoformat()) for on, share in kept),
    )


def _shown(through: ThroughTime, measure: str) -> Iterator[Step]:
    """The steps in which what the page tells is another: not those that only move contingent duty. A step
    lasts until the next one shown."""
    kept: Step | None = None
    for step in through.steps:
        if kept is not None and _told(step, measure) == _told(kept, measure):
            kept = replace(kept, through=step.through)
            continue
        if kept is not None:
            yield kept
        kept = step
    if kept is not None:
        yield kept


def _told(step: Step, measure: str) -> tuple[Decimal | None, ...]:
    return (step.exposed[Kind.ANY].of(measure), step.bar[Part.UNKNOWN].of(measure))


def _row(step: Step, measure: str, today: date) -> Row:
    points = step.points.get(measure)
    return Row(
        first=day(step.first),
        left=days_until(step.first, today) if step.first > today else "",
        share=percent(step.exposed[Kind.ANY].of(measure)),
        unknown=percent(step.bar[Part.UNKNOWN].of(measure)),
        points="" if points is None else f"{points:+.1f}",
        why=tuple(_why(step)),
        is_now=step.first <= today <= step.through,
    )


def _why(step: Step) -> Iterable[str]:
    yield from (f"{measure.title} begins" for measure in step.begun)
    yield from (f"{measure.title} no longer applies" for measure in step.ended)
    if step.lots_of_their_own:
        yield f"{counted(step.lots_of_their_own, 'lot')} on a day of their own entry"


def _chart(
    through: ThroughTime, measure: str, snapshots: tuple[tuple[date, Decimal | None], ...]
) -> Chart | None:
    """The chart; None where no step has a share of this measure."""
    shown = [(step, step.exposed[Kind.ANY].of(measure)) for step in _shown(through, measure)]
    known = [(step, share) for step, share in shown if share is not None]
    if not known:
        return None
    first, last = through.steps[0].first, through.steps[-1].through + ONE_DAY
    room = _Room(first, last)
    path = " ".join(
        f"{'L' if number else 'M'}{room.across(step.first)} {room.up(share)}H{room.across(step.through + ONE_DAY)}"
        for number, (step, share) in enumerate(known)
    )
    highest = max(known, key=lambda pair: pair[1])
    return Chart(
        path=path,
        today=room.across(through.today),
        years=tuple(
            (str(year), room.across(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)
        ),
        snapshots=tuple(
            (room.across(on), room.up(share), f"{day(on)}: {percent(share)}")
            for on, share in snapshots
            if share is not None and first <= on < last
        ),
        sentence=(
            f"{counted(len(known), 'step')} from {day(first)} through {day(last - ONE_DAY)}; "
            f"at most {percent(highest[1])}, from {day(highest[0].first)}."
        ),
    )


@dataclass(frozen=True, slots=True)
class _Room:
    """Where days and shares lie in the chart."""

    first: date
    last: date

    def across(self, on: date) -> str:
        """A day from left to right."""
        part = Decimal((on - self.first).days) / Decimal(max((self.last - self.first).days, 1))
        return f"{(part * ROOM_WIDTH).quantize(Decimal('0.01')):f}"

    def up(self, share: Decimal) -> str:
        """A share from the floor up."""
        return f"{((1 - share) * ROOM_HEIGHT).quantize(Decimal('0.01')):f}"
