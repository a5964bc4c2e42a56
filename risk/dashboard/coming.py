"""What is coming: days on which measures begin or end, entries are expected, and customs' clocks run on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from risk.dashboard.fleet_view import FleetView
from risk.dashboard.words import about_dollars, counted, day, days_until
from risk.engine.clocks import ClockStage, EntryClocks
from risk.engine.exposure import Stage
from risk.engine.terms.spans import ONE_DAY
from risk.models import Exposure, Measure, PolicyEdition

EVENTS_SHOWN = 5
CLOCKS = {
    ClockStage.RELIQUIDATION_OPEN: "liquidated by the usual cycle; reliquidation stays open",
    ClockStage.PROTEST_OPEN: "voluntary reliquidation ends; protest stays open",
    ClockStage.PENALTY_ONLY: "protest ends; penalties stay possible",
    ClockStage.CLOSED: "every clock of customs has run out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens on a day after today: to what (`subject`), and what happens (`sentence`).

    `lot_id` leads to the lot, where it is about one alone.
    """

    on: date
    subject: str = ""
    sentence: str
    detail: str = ""
    lot_id: int | None = None

    def told(self, today: date) -> tuple[str, str]:
        """The day and how far off it is, as people say it."""
        return day(self.on), days_until(self.on, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The next events, nearest first, and whether the law itself is on record to change."""

    events: tuple[tuple[str, str, Event], ...]
    law_changes: bool
    more: int


def coming(view: FleetView, edition: PolicyEdition | None, today: date) -> Coming:
    """The next days on which a number of this fleet may change by itself; one query."""
    law = list(_law(edition, today))
    events = sorted([*law, *_entries(view, today), *_clocks(view, today)], key=lambda event: event.on)
    return Coming(
        events=tuple((*event.told(today), event) for event in events[:EVENTS_SHOWN]),
        law_changes=bool(law),
        more=max(len(events) - EVENTS_SHOWN, 0),
    )


def _law(edition: PolicyEdition | None, today: date) -> Iterator[Event]:
    """One event a day, with the measures that begin or end then."""
    after = Q(effective_from__gt=today) | Q(effective_through__gte=today)
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for measure in Measure.objects.filter(after, edition=edition).order_by("code"):
        if measure.effective_from > today:
            by_day[measure.effective_from].append(f"{measure.title} begins")
        if measure.effective_through and measure.effective_through >= today:
            by_day[measure.effective_through + ONE_DAY].append(f"{measure.title} no longer applies")
    for on, changes in by_day.items():
        yield Event(on=on, sentence="; ".join(changes[:3]), detail=_others(len(changes) - 3))


def _others(number: int) -> str:
    return f"and {counted(number, 'other measure')}" if number > 0 else ""


def _entries(view: FleetView, today: date) -> Iterator[Event]:
    """Lots that are to enter on a known day."""
    for on, findings in _by_day(view, Stage.TO_COME, ("entry_date", "expected_entry_date")).items():
        if on > today:
            cents = sum(each.duty_to_come_cents or 0 for each in findings)
            unknown = sum(each.duty_to_come_cents is None for each in findings)
            detail = f"{about_dollars(cents)} duty" if cents else "duty not known" if unknown else "no duty"
            yield _of_lots(on, findings, "expected to enter", detail)


def _clocks(view: FleetView, today: date) -> Iterator[Event]:
    """For each day of entry, the next stage of its clocks."""
    stages: defaultdict[tuple[date, ClockStage], list[Exposure]] = defaultdict(list)
    for entered, findings in _by_day(view, Stage.ENTERED, ("entry_date",)).items():
        clocks = EntryClocks.of(entered)
        following = next((on for on in clocks.change_days() if on > today), None)
        if following:
            stages[following, clocks.stage_on(following)] += findings
    for (on, stage), findings in stages.items():
        cents = sum(each.contingent_cents or 0 for each in findings)
        detail = f"{about_dollars(cents)} contingent duty" if cents else ""
        yield _of_lots(on, findings, f"– {CLOCKS[stage]}", detail)


def _of_lots(on: date, findings: list[Exposure], sentence: str, detail: str) -> Event:
    """About one lot by its name, about several by their number."""
    return Event(
        on=on,
        subject=f"Lot {findings[0].lot_id}" if len(findings) == 1 else counted(len(findings), "lot"),
        sentence=sentence,
        detail=detail,
        lot_id=findings[0].lot_id if len(findings) == 1 else None,
    )


def _by_day(view: FleetView, stage: Stage, facts: tuple[str, ...]) -> dict[date, list[Exposure]]:
    """The findings of one stage in view, by the first of these days that their facts give."""
    by_day: defaultdict[date, list[Exposure]] = defaultdict(list)
    for finding in view.lots_findings:
        on = next((finding.facts[fact] for fact in facts if finding.facts[fact]), None)
        if finding.stage == stage.value and on:
            by_day[date.fromisoformat(on)].append(finding)
    return by_day
