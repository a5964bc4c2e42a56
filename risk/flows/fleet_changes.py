"""What became of fleets since their people were last told: looked at once all that is owed to a fleet is settled.

Of two workers that record the last batches of one fleet the second waits for the first, by the lock on the row of
what was told, and then sees what the first has settled; so each change is looked at by the worker that settles it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db.models import Exists, OuterRef

from fleet.models import Holding, Operator
from risk.engine.alerts import Crossing, crossing
from risk.engine.findings import SanctionLevel
from risk.engine.shares import Kind
from risk.engine.terms.money import plain
from risk.engine.terms.rigs import IN_FLEET
from risk.flows.alert_rows import rules_of
from risk.flows.claims import Held
from risk.flows.fleet_figures import FleetFigures, figures_of
from risk.models import AlertRule, Assessment, Exposure, FleetTold

MOST_CAUSES = 20
OTHER_CAUSES = "other changes"
WRITTEN = ("figures", "threshold_percent", "blocked", "set_aside", "causes", "changes")
Causes = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one fleet: figures, lots that are blocked or set aside now and were not, and how many lots were
    assessed because of what. `number` counts the changes of this fleet."""

    operator: Operator
    rule: AlertRule
    number: int
    causes: Causes
    before: FleetFigures
    after: FleetFigures
    blocked: tuple[int, ...]
    set_aside: tuple[int, ...]

    @property
    def crossings(self) -> dict[Kind, Crossing]:
        """The thresholds of the rule that were crossed, by the kind of share."""
        measure = self.rule.measure
        found = {
            kind: crossing(
                self.before.exposed[kind].shares[measure],
                self.after.exposed[kind].shares[measure],
                threshold,
            )
            for kind, threshold in self.rule.thresholds.items()
        }
        return {kind: each for kind, each in found.items() if each}


def changes_settled_by(held: Held) -> list[Change]:
    """The changes of the fleets of which nothing is owed beside this batch, which itself is still on record as owed;
    what was told is brought up to date, in the caller's transaction."""
    causes = _causes(held)
    told = _locked(causes)
    before = {pk: _written(row) for pk, row in told.items()}
    for operator_id, added in causes.items():
        _add(told[operator_id], added)
    changes = _changes(_settled(causes, held), told)
    differing = [row for pk, row in told.items() if _written(row) != before[pk]]
    # One statement by the unique operator; to name the rows by their keys would be a case for each value.
    rows = [
        FleetTold(operator_id=row.operator_id, **dict(zip(WRITTEN, _written(row), strict=True)))
        for row in differing
    ]
    FleetTold.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["operator"], update_fields=WRITTEN
    )
    return changes


def _written(told: FleetTold) -> tuple[object, ...]:
    return tuple(getattr(told, name) for name in WRITTEN)


def _causes(held: Held) -> dict[int, dict[str, int]]:
    """Why the lots of the batch were assessed, or set aside, and how many of them, by operator. Those that were owed
    anew meanwhile do not count: they are not settled."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    counted = Counter((row.operator_id, row.cause) for row in held.rows.values())
    for (operator_id, cause), lots in counted.items():
        if operator_id is not None:
            found[operator_id][cause] = lots
    return dict(found)


def _locked(operator_ids: Iterable[int]) -> dict[int, FleetTold]:
    """What the operators were told, held against every other worker until the end of the transaction."""
    ids = sorted(operator_ids)
    rows = FleetTold.objects.select_for_update().order_by("operator_id")
    told = {row.operator_id: row for row in rows.filter(operator__in=ids)}
    if missing := [pk for pk in ids if pk not in told]:
        FleetTold.objects.bulk_create([FleetTold(operator_id=pk) for pk in missing], ignore_conflicts=True)
        told |= {row.operator_id: row for row in rows.filter(operator__in=missing)}
    return told


def _add(told: FleetTold, causes: Causes) -> None:
    """Remember why lots were assessed until the fleet is settled; beyond some causes they are only counted."""
    known = dict(told.causes)
    for cause, lots in causes.items():
        name = cause if cause in known or len(known) < MOST_CAUSES else OTHER_CAUSES
        known[name] = known.get(name, 0) + lots
    told.causes = known


def _settled(operator_ids: Iterable[int], held: Held) -> list[Operator]:
    """The operators of whose lots none is owed beside those of this batch."""
    owed = Assessment.objects.waiting().filter(operator=OuterRef("pk")).exclude(claim=held.claimed.token)
    return list(Operator.objects.filter(~Exists(owed), pk__in=list(operator_ids)).order_by("pk"))


def _changes(operators: list[Operator], told: Mapping[int, FleetTold]) -> list[Change]:
    """The fleets that differ from what was told of them, by a fixed number of queries."""
    if not operators:
        return []
    blocked, set_aside = _blocked(operators), _set_aside(operators)
    figures = figures_of(operators, set_aside=chain.from_iterable(set_aside.values()))
    rules = rules_of(operators)
    changes = [
        _brought_up_to_date(
            told[each.pk], each, rules[each.pk], figures[each.pk], blocked[each.pk], set_aside[each.pk]
        )
        for each in operators
    ]
    return [change for change in changes if change is not None]


def _brought_up_to_date(
    told: FleetTold,
    operator: Operator,
    rule: AlertRule,
    figures: FleetFigures,
    blocked: set[int],
    set_aside: set[int],
) -> Change | None:
    """What differs, if anything does; afterwards the row says how the fleet stands now."""
    change = Change(
        operator=operator,
        rule=rule,
        number=told.changes + 1,
        causes=_of_threshold(told, operator) | told.causes,
        before=FleetFigures.read(told.figures),
        after=figures,
        blocked=tuple(sorted(blocked - set(told.blocked))),
        set_aside=tuple(sorted(set_aside - set(told.set_aside))),
    )
    differs = bool(change.blocked or change.set_aside or figures != change.before)
    told.changes += differs
    told.figures, told.causes = figures.kept, {}
    told.threshold_percent = operator.tariff_threshold_percent
    told.blocked, told.set_aside = sorted(blocked), sorted(set_aside)
    return change if differs else None


def _of_threshold(told: FleetTold, operator: Operator) -> dict[str, int]:
    """Another threshold of the operator's own moves its share without any assessment; it is a cause as well."""
    before, now = told.threshold_percent, operator.tariff_threshold_percent
    if before is None or before == now:
        return {}
    return {f"tariff threshold of {plain(now):f} %, before {plain(before):f} %": 0}


def _blocked(operators: Iterable[Operator]) -> defaultdict[int, set[int]]:
    """The lots in each fleet that are blocked."""
    held = Holding.objects.filter(lot=OuterRef("lot"), status__in=IN_FLEET, units__gt=0)
    findings = Exposure.objects.current().filter(
        Exists(held), lot__operator__in=operators, sanction_level=SanctionLevel.BLOCKED.value
    )
    return _by_operator(findings.values_list("lot__operator_id", "lot_id"))


def _set_aside(operators: Iterable[Operator]) -> defaultdict[int, set[int]]:
    """The lots of each operator that could not be assessed."""
    rows = Assessment.objects.set_aside().filter(operator__in=operators)
    return _by_operator(rows.values_list("operator_id", "lot_id"))


def _by_operator(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for operator_id, lot_id in pairs:
        found[operator_id].add(lot_id)
    return found
