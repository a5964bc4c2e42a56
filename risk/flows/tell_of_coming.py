"""The exposed share of today's fleet through time -> one alert for each coming day on which measures move it far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from ledger.isolating import by_itself
from risk.engine.alerts import Reminder, coming_reminder, moves_enough
from risk.engine.kept_facts import digest_of
from risk.engine.shares import Kind
from risk.engine.terms.words import counted, percent
from risk.engine.terms.words import day as day_in_words
from risk.flows.alert_parts import OF_FLEET, points_in_words
from risk.flows.alert_rows import listed, put_on_record, rules_of
from risk.flows.share_through_time import Step, share_through_time
from risk.flows.snapshots import as_text
from risk.models import Alert, AlertKind, AlertRule, Assessment, FleetTold, PolicyEdition

MEASURES_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """A coming step of one fleet, with the share before it and the reminder that is due."""

    step: Step
    before: Decimal | None
    rule: AlertRule
    reminder: Reminder

    @property
    def after(self) -> Decimal | None:
        return self.step.exposed[Kind.ANY].of(self.rule.measure)

    @property
    def points(self) -> Decimal | None:
        return self.step.points[self.rule.measure]


def tell_of_coming(today: date, *, now: datetime) -> int:
    """Put on record which coming measures will move the exposed share of which fleets by more than their rule's
    points; returns how many alerts are new. A fleet is looked at once while nothing that the answer rests on changes;
    one of which something is owed is looked at when that is settled, one on which it fails with the next telling."""
    edition = PolicyEdition.objects.current()
    if edition is None:
        return 0
    owed = Assessment.objects.waiting().filter(lot__operator=OuterRef("operator"))
    fleets = list(FleetTold.objects.filter(~Exists(owed)).select_related("operator").order_by("operator_id"))
    rules = rules_of(told.operator for told in fleets)
    return sum(_look_ahead_if_new(told, rules[told.operator_id], edition, today, now) for told in fleets)


def _look_ahead_if_new(
    told: FleetTold, rule: AlertRule, edition: PolicyEdition, today: date, now: datetime
) -> int:
    """A fleet on which it fails holds up none of those after it."""
    with by_itself(f"Telling operator {told.operator_id} of coming measures"):
        if told.looked_ahead != _rests_on(told, rule, edition, today):
            return _look_ahead(told, rule, edition, today, now)
    return 0


def _rests_on(told: FleetTold, rule: AlertRule, edition: PolicyEdition, today: date) -> str:
    """All that the answer rests on: when it is the same, so is the answer."""
    operator = told.operator
    fleet = (operator.fleet_version, told.changes, operator.tariff_threshold_percent)
    asked = (rule.measure, rule.points, rule.wants(AlertKind.COMING))
    return digest_of(today, edition.pk, *fleet, *asked)


def _look_ahead(told: FleetTold, rule: AlertRule, edition: PolicyEdition, today: date, now: datetime) -> int:
    moves = list(_moves(told, rule, edition, today)) if rule.wants(AlertKind.COMING) else []
    with transaction.atomic():
        FleetTold.objects.filter(pk=told.pk).update(looked_ahead=_rests_on(told, rule, edition, today))
        return put_on_record(_alert(move, edition, today, now) for move in moves)


def _moves(told: FleetTold, rule: AlertRule, edition: PolicyEdition, today: date) -> Iterator[_Move]:
    """The coming days on which measures move the share far enough, and of which a reminder is due."""
    through = share_through_time(told.operator, edition=edition, today=today, first=today)
    known = set(Alert.objects.of(told.operator).filter(kind=AlertKind.COMING).values_list("about", flat=True))
    for earlier, step in pairwise(through.steps):
        is_by_law = bool(step.begun or step.ended)
        if is_by_law and moves_enough(step.points[rule.measure], rule.points):
            reminded = [each for each in Reminder if _about(step, each) in known]
            if due := coming_reminder((step.first - today).days, reminded):
                before = earlier.exposed[Kind.ANY].of(rule.measure)
                yield _Move(step=step, before=before, rule=rule, reminder=due)


def _about(step: Step, reminder: Reminder) -> str:
    """A day and its measures, however often editions repeat them."""
    codes = [sorted(each.code for each in some) for some in (step.begun, step.ended)]
    return f"{step.first}, {reminder}, {digest_of(codes)[:16]}"


def _alert(move: _Move, edition: PolicyEdition, today: date, now: datetime) -> Alert:
    names = _names(move.step)
    return Alert(
        kind=AlertKind.COMING,
        operator=move.rule.operator,
        about=_about(move.step, move.reminder),
        cause=f"edition {edition.number}: {names}"[:300],
        sentence=_sentence(move, names, today),
        counts=[{"kind": AlertKind.COMING.value, **_counts(move, today)}],
        detail={"edition": edition.number, "day": move.step.first.isoformat()},
        made_at=now,
    )


def _names(step: Step) -> str:
    begun = [f"{measure.title} begins" for measure in step.begun]
    return listed([*begun, *(f"{measure.title} no longer applies" for measure in step.ended)], MEASURES_NAMED)


def _sentence(move: _Move, names: str, today: date) -> str:
    days = (move.step.first - today).days
    way = "up" if (move.points or 0) > 0 else "down"
    return (
        f"On {day_in_words(move.step.first)}, in {counted(days, 'day')}: {names}. "
        f"{percent(move.after)} of {OF_FLEET[move.rule.measure]} will be exposed, {way} from {percent(move.before)} "
        f"({points_in_words(move.points)}); {counted(move.step.lots_moved, 'lot')} will stand otherwise."
    )


def _counts(move: _Move, today: date) -> dict[str, Any]:
    rigs = move.step.exposed[Kind.ANY].rigs
    return {
        "share": Kind.ANY.value,
        "measure": move.rule.measure,
        "lots": move.step.lots_moved,
        "units": rigs.units,
        "value_cents": rigs.value_cents if rigs.units_with_value else None,
        "before": as_text(move.before),
        "after": as_text(move.after),
        "points": as_text(move.points),
        "days": (move.step.first - today).days,
    }
