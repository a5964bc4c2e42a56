"""The exposed share through time, ready to be answered and drawn: steps, a chart, coming changes, snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from risk.api.answers import shares_answer
from risk.dashboard.step_chart import StepChart, StepRow, step_chart
from risk.dashboard.words import day, percent
from risk.engine.policy import MeasureSpec
from risk.flows.keep_curves import CurveStep
from risk.flows.share_through_time import Step, ThroughTime
from risk.selectors import list_editions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """What the page shows, by one measure."""

    rows: tuple[StepRow, ...]
    coming: tuple[StepRow, ...]
    chart: StepChart | None
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
    steps: Sequence[CurveStep], measure: str, snapshots: Iterable[tuple[date, Decimal | None]], *, today: date
) -> HistoryPage:
    """The page of a fleet; `snapshots` are days with the share by the same measure as it was recorded."""
    kept = tuple(snapshots)
    chart = step_chart(steps, measure, today=today, kept=kept)
    rows = chart.rows if chart else ()
    return HistoryPage(
        rows=rows,
        coming=tuple(row for row in rows if row.left),
        chart=chart,
        snapshots=tuple((day(on), percent(share), on.isoformat()) for on, share in kept),
    )
