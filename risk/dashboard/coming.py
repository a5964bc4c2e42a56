"""What is coming: days on which measures begin or end or would by a draft, entries are expected, clocks run on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from risk.dashboard.fleet_view import FleetView
from risk.dashboard.words import about_dollars, counted, day, days_until, percent
from risk.engine.clocks import ClockStage, EntryClocks
from risk.engine.exposure import Stage
from risk.engine.terms.figures import figures_told
from risk.engine.terms.spans import ONE_DAY
from risk.flows.keep_curves import Curve
from risk.models import Exposure, Measure, PolicyEdition

EVENTS_SHOWN, LAW_SHOWN = 5, 3
CLOCKS = {
    ClockStage.RELIQUIDATION_OPEN: "liquidated by the usual cycle; reliquidation stays open",
    ClockStage.PROTEST_OPEN: "voluntary reliquidation ends; protest stays open",
    ClockStage.PENALTY_ONLY: "protest ends; penalties stay possible",
    ClockStage.CLOSED: "every clock of customs has run out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens on a day after today: to what (`subject`), and what happens (`sentence`).

    `lot_id` leads to the lot, where it is about one alone; `shift` is the exposed share before and after, where law
    moves it: "61.4 → 66 %"; `draft` is the number of the draft that would.
    """

    on: date
    subject: str = ""
    sentence: str
    detail: str = ""
    lot_id: int | None = None
    shift: str = ""
    draft: int | None = None

    def told(self, today: date) -> tuple[str, str]:
        """The day and how far off it is, as people say it."""
        return day(self.on), days_until(self.on, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The next events, nearest first, those of law among them, and whether law itself is on record to change."""

    events: tuple[tuple[str, str, Event], ...]
    law_changes: bool
    more: int


def coming(
    view: FleetView, edition: PolicyEdition | None, today: date, *, measure: str, curves: Sequence[Curve] = ()
) -> Coming:
    """The next days on which a number of this fleet may change by itself; one query.

    `curves` are those of risk.flows.keep_curves that the visitor may see, by which law's days say what they move.
    """
    in_force = next((each for each in curves if each.edition == edition and each.is_current), None)
    law = list(_law(edition, today, in_force, measure))
    drafts = [_draft(each, in_force, today, measure) for each in curves if not each.edition.is_published]
    lots = view.found.once(
        ("coming", today, figures_told()), lambda: [*_entries(view, today), *_clocks(view, today)]
    )
    # Law moves every lot at once: its next days are shown, however many lots have a day of their own before them.
    first = sorted([*law, *drafts], key=_by_day_of)[:LAW_SHOWN]
    shown = [*first, *sorted(lots, key=_by_day_of)[: EVENTS_SHOWN - len(first)]]
    return Coming(
        events=tuple((*event.told(today), event) for event in sorted(shown, key=_by_day_of)),
        law_changes=bool(law),
        more=len(law) + len(drafts) + len(lots) - len(shown),
    )


def _by_day_of(event: Event) -> date:
    return event.on


def _law(edition: PolicyEdition | None, today: date, curve: Curve | None, measure: str) -> Iterator[Event]:
    """One event a day, with the measures that begin or end then and what they move."""
    after = Q(effective_from__gt=today) | Q(effective_through__gte=today)
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    named = Measure.objects.filter(after, edition=edition).order_by("code")
    for each in named.only("title", "effective_from", "effective_through"):
        if each.effective_from > today:
            by_day[each.effective_from].append(f"{each.title} begins")
        if each.effective_through and each.effective_through >= today:
            by_day[each.effective_through + ONE_DAY].append(f"{each.title} no longer applies")
    for on, changes in by_day.items():
        yield Event(
            on=on,
            sentence="; ".join(changes[:3]),
            detail=_others(len(changes) - 3),
            shift=_shift(curve.share_on(on - ONE_DAY, measure), curve.share_on(on, measure)) if curve else "",
        )


def _draft(draft: Curve, in_force: Curve | None, today: date, measure: str) -> Event:
    """What the draft would make of the share on the first day that it has it otherwise than the law in force."""
    number, title = draft.edition.number, draft.edition.title
    on, shift = today, "what it would move is being worked out"
    if in_force is not None and draft.is_current:
        days = sorted(
            {today, *(step.first for step in (*draft.steps, *in_force.steps) if step.first > today)}
        )
        pairs = ((day, in_force.share_on(day, measure), draft.share_on(day, measure)) for day in days)
        differing = next((each for each in pairs if each[1] != each[2]), None)
        on = differing[0] if differing else today
        shift = f"{_shift(*differing[1:])} if published" if differing else "would not move the share"
    return Event(
        on=on,
        subject=f"Draft edition {number}",
        sentence=title and f": {title}",
        shift=shift,
        draft=draft.edition.pk,
    )


def _shift(before: Decimal | None, after: Decimal | None) -> str:
    """ "61.4 → 66 %"; of what is the same that it stays so."""
    if before is None or after is None:
        return ""
    told = percent(before), percent(after)
    return f"{told[0].removesuffix(' %')} → {told[1]}" if before != after else f"stays {told[1]}"


def _others(number: int) -> str:
    return f"and {counted(number, 'other measure')}" if number > 0 else ""


def _entries(view: FleetView, today: date) -> Iterator[Event]:
    """Lots that are to enter on a known day."""
    for on, findings in _by_day(view, Stage.TO_COME, ("entry_date", "expected_entry_date")).items():
        if on > today:
            amounts = [each.duty_to_come_cents for each in findings]
            yield _of_lots(on, findings, "expected to enter", _amount(amounts, "duty") or "no duty")


def _clocks(view: FleetView, today: date) -> Iterator[Event]:
    """For each day of entry, the next stage of its clocks."""
    stages: defaultdict[tuple[date, ClockStage], list[Exposure]] = defaultdict(list)
    for entered, findings in _by_day(view, Stage.ENTERED, ("entry_date",)).items():
        clocks = EntryClocks.of(entered)
        following = next((on for on in clocks.change_days() if on > today), None)
        if following:
            stages[following, clocks.stage_on(following)] += findings
    for (on, stage), findings in stages.items():
        detail = _amount([each.contingent_cents for each in findings], "contingent duty")
        yield _of_lots(on, findings, f"– {CLOCKS[stage]}", detail)


def _amount(cents: Sequence[int | None], what: str) -> str:
    """ "$10,000 duty, without 9 lots"; "duty not known" where no lot's is; nothing where it comes to nothing."""
    known = [each for each in cents if each is not None]
    unknown = len(cents) - len(known)
    if not unknown:
        return f"{about_dollars(sum(known))} {what}" if sum(known) else ""
    if not sum(known):
        return f"{what} not known"
    return f"{about_dollars(sum(known))} {what}, without {counted(unknown, 'lot')}"


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
