"""What is owed an assessment: rows that the change itself writes, each in a run.

Every owed lot belongs to a run. Lots that are owed again before they were assessed go on to the later run; what
became of them is told in steps that are only ever added, so that no two workers wait for one row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from fleet.models import Lot
from ledger.id_sets import among, rows_of
from risk.engine.exposure import ENGINE_VERSION
from risk.flows.calendar_moves import Moved, moved_on
from risk.models import Assessment, AssessmentRun, FindingsVersion, RunStep
from risk.selectors import lots_ended_before, lots_of_an_earlier_engine, lots_owed_by_the_calendar

Kind = AssessmentRun.Kind

JOINED = frozenset({Kind.EDIT, Kind.VENDOR, Kind.ENGINE})
JOINED_FOR = timedelta(minutes=1)
"""Changes of these kinds join a run that began less than so long ago, or that still has lots waiting."""


class _Before(NamedTuple):
    """Whose a lot is, and how it stood when it was owed: in which run (None: in none), and whether set aside."""

    operator_id: int
    left_run: int | None
    was_aside: bool


Written = Mapping[_Before, int]
"""How many rows were written, by how their lots stood before."""


def owe(
    lot_ids: Iterable[int],
    *,
    cause: str,
    now: datetime,
    kind: Kind = Kind.ASKED,
    day: date | None = None,
    moved: Sequence[Moved] = (),
) -> AssessmentRun | None:
    """Put the need to assess on record, inside the caller's transaction; fifty changes of a lot are one row.

    One statement writes the rows, however many. `day` is for which day the lots are to be assessed, where that is not
    the day of the worker. The run that owes them; None without lots.
    """
    ids = sorted(set(lot_ids))
    if not ids:
        return None
    run = _run_of(kind, ids, cause, now, day, moved)
    written = _write(ids, run, cause, now)
    # Lots that were set aside counted as unknown; tried again, they stand as they were found before.
    FindingsVersion.objects.count_on({each.operator_id for each in written if each.was_aside})
    RunStep.objects.bulk_create(_owing_steps(run, written, cause, now))
    return run


def _run_of(
    kind: Kind, ids: Sequence[int], cause: str, now: datetime, day: date | None, moved: Sequence[Moved]
) -> AssessmentRun:
    """A run of its own; for a day of the calendar the one of that day, for small changes that of others before."""
    told = [each.told for each in moved]
    made = {"cause": (cause[:1].upper() + cause[1:])[:300], "begun_at": now, "moved": told}
    if kind is Kind.CALENDAR:
        return AssessmentRun.objects.get_or_create(kind=kind, day=day, defaults=made)[0]
    whose = _only_operator(ids) if kind in (Kind.EDIT, Kind.UPLOAD) else None
    if kind in JOINED:
        last = AssessmentRun.objects.filter(operator=whose, kind=kind).order_by("-pk").first()
        if last and (last.begun_at > now - JOINED_FOR or _is_open(last)):
            return last
    return AssessmentRun.objects.create(kind=kind, operator_id=whose, day=day, **made)


def _only_operator(ids: Sequence[int]) -> int | None:
    """Whose all the lots are; None where they are of several."""
    lots = Lot.objects.filter(pk__in=among(ids)).order_by()
    operators = list(lots.values_list("operator", flat=True).distinct()[:2])
    return operators[0] if len(operators) == 1 else None


def _is_open(run: AssessmentRun) -> bool:
    return Assessment.objects.waiting().filter(run=run).exists()


def _write(ids: Sequence[int], run: AssessmentRun, cause: str, now: datetime) -> Written:
    """One row a lot, in one statement, in the order in which everybody takes rows: by operator, as they are claimed,
    so that a batch stands on few pages of the database. What a person waits for keeps its place when something
    else owes it, too; which run a lot was taken from only the database knows for sure, and tells."""
    chosen, parameters = rows_of(ids)
    row = Assessment(cause=cause[:200], owed_at=now, run=run, priority=run.turn, day=run.day)
    names = ["run", "priority", "day", "cause", "owed_at", "claim", "claimed_until", "attempts", "error"]
    written = [Assessment._meta.get_field(name) for name in names]
    columns = [str(each.column) for each in written]  # type: ignore[union-attr]
    values = [each.get_db_prep_save(getattr(row, each.attname), connection) for each in written]  # type: ignore[union-attr]
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "priority")
    # Names come from our own models, values are parameters.
    statement = (
        f"INSERT INTO risk_assessment (lot_id, operator_id, {', '.join(columns)})"  # noqa: S608
        f" SELECT id, operator_id, {', '.join(['%s'] * len(columns))} FROM fleet_lot WHERE id IN ({chosen})"
        " ORDER BY operator_id, id ON CONFLICT (lot_id) DO UPDATE SET"
        f" {updates}, operator_id = excluded.operator_id,"
        " left_run = CASE WHEN risk_assessment.error = '' THEN risk_assessment.run_id END, priority = CASE"
        " WHEN risk_assessment.error = '' AND risk_assessment.priority < excluded.priority"
        " THEN risk_assessment.priority ELSE excluded.priority END, failed_by = CASE"
        " WHEN risk_assessment.error = '' THEN '' WHEN risk_assessment.failed_by = '' THEN 'earlier'"
        " ELSE risk_assessment.failed_by END"
        " RETURNING operator_id, left_run, failed_by <> ''"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *parameters])
        return {_Before(*each): number for each, number in Counter(cursor.fetchall()).items()}


def _owing_steps(run: AssessmentRun, written: Written, cause: str, now: datetime) -> Iterator[RunStep]:
    """Lots that come to this run, and those that leave another for it."""
    come: Counter[int] = Counter()
    left: Counter[tuple[int, int]] = Counter()
    for each, number in written.items():
        come[each.operator_id] += 0 if each.left_run == run.pk else number
        if each.left_run not in (None, run.pk):
            left[each.left_run, each.operator_id] += number
    for whose, number in sorted(come.items()):
        yield RunStep(run=run, operator_id=whose, at=now, cause=cause[:200], owed=number)
    for (run_id, whose), number in left.items():
        yield RunStep(run_id=run_id, operator_id=whose, at=now, went_on=number)


def owe_by_the_calendar(
    day: date, *, now: datetime, kind: Kind = Kind.CALENDAR, is_today: bool = True
) -> int:
    """Owe the lots whose finding does not hold on a day: a measure began or ended, a clock ran out, an expected day
    passed. For `is_today` also findings that begin later, and those of an earlier engine. How many there are."""
    ended = lots_owed_by_the_calendar if is_today else lots_ended_before
    first = ended(day)
    lots = _owed_for_the_day(day, moved_on(day, first), ended, kind, now) if first else 0
    with transaction.atomic():
        old = lots_of_an_earlier_engine() if is_today else []
        owe(old, cause=f"engine version {ENGINE_VERSION}", now=now, kind=Kind.ENGINE)
    return lots + len(old)


def _owed_for_the_day(
    day: date, moved: Sequence[Moved], ended: Callable[[date], list[int]], kind: Kind, now: datetime
) -> int:
    """Of two that follow a day at once the second waits, asks again, and finds nothing left to owe."""
    cause = "; ".join([f"the calendar: {day}", *(each.sentence for each in moved)])
    with transaction.atomic():
        if kind is Kind.CALENDAR:
            run = _run_of(kind, (), cause, now, day, moved)
            AssessmentRun.objects.select_for_update().get(pk=run.pk)
        lots = ended(day)
        owe(lots, cause=cause, now=now, kind=kind, day=day, moved=moved)
    return len(lots)
