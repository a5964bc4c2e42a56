"""What is owed an assessment: rows that the change itself writes, claimed by workers with a lease, in turns.

Every owed lot belongs to a run. Lots that are owed again before they were assessed go on to the later run; what
became of them is told in steps that are only ever added, so that no two workers wait for one row.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from fleet.models import Lot, Operator
from ledger.id_sets import among, rows_of
from risk.engine.exposure import ENGINE_VERSION
from risk.flows.calendar_moves import Moved, moved_on
from risk.models import Assessment, AssessmentRun, FindingsVersion, RunStep, Turn
from risk.models.exposure import AssessmentQuerySet
from risk.models.runs import turns_taken
from risk.selectors import lots_ended_before, lots_of_an_earlier_engine, lots_owed_by_the_calendar

Kind = AssessmentRun.Kind

BATCH = 2_000
LEASE = timedelta(seconds=settings.ASSESSMENT_LEASE_SECONDS)
JOINED = frozenset({Kind.EDIT, Kind.VENDOR, Kind.ENGINE})
JOINED_FOR = timedelta(minutes=1)
"""Changes of these kinds join a run that began less than so long ago, or that still has lots waiting."""
FILLED_FROM = 20
"""A batch takes lots of at most so many operators, which keeps the questions of a claim few."""


# ------------------------------------------------------------------------------------------------------------ owing


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
    lots = _lots_by_operator(ids)
    if not lots:
        return None
    run = _run_of(kind, lots, cause, now, day, moved)
    aside = _operators_of_what_was_set_aside(ids)
    _write(ids, run, cause, now)
    if aside:
        FindingsVersion.objects.count_on(aside)
    RunStep.objects.bulk_create(_owing_steps(run, lots, _left_runs(ids), cause, now))
    return run


def _operators_of_what_was_set_aside(ids: Sequence[int]) -> set[int]:
    """Lots that were set aside counted as unknown; tried again, they stand as they were found before."""
    aside = Assessment.objects.set_aside().filter(lot_id__in=among(ids), operator__isnull=False)
    return {operator_id for operator_id in aside.values_list("operator_id", flat=True) if operator_id}


def _lots_by_operator(ids: Sequence[int]) -> dict[int, int]:
    lots = Lot.objects.filter(pk__in=among(ids)).order_by().values("operator")
    return dict(lots.annotate(lots=Count("pk")).values_list("operator", "lots"))


def _run_of(
    kind: Kind, lots: Collection[int], cause: str, now: datetime, day: date | None, moved: Sequence[Moved]
) -> AssessmentRun:
    """A run of its own; for a day of the calendar the one of that day, for small changes that of others before."""
    told = [each.told for each in moved]
    made = {"cause": (cause[:1].upper() + cause[1:])[:300], "begun_at": now, "moved": told}
    if kind is Kind.CALENDAR:
        return AssessmentRun.objects.get_or_create(kind=kind, day=day, defaults=made)[0]
    whose = next(iter(lots)) if kind in (Kind.EDIT, Kind.UPLOAD) and len(lots) == 1 else None
    if kind in JOINED:
        last = AssessmentRun.objects.filter(operator=whose, kind=kind).order_by("-pk").first()
        if last and (last.begun_at > now - JOINED_FOR or _is_open(last)):
            return last
    return AssessmentRun.objects.create(kind=kind, operator_id=whose, day=day, **made)


def _is_open(run: AssessmentRun) -> bool:
    return Assessment.objects.waiting().filter(run=run).exists()


def _write(ids: Sequence[int], run: AssessmentRun, cause: str, now: datetime) -> None:
    """One row a lot, in one statement, in the order in which everybody takes rows. What a person waits for keeps its
    place when something else owes it, too; which run a lot was taken from only the database knows for sure."""
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
        " ORDER BY id ON CONFLICT (lot_id) DO UPDATE SET"
        f" {updates}, operator_id = excluded.operator_id,"
        " left_run = CASE WHEN risk_assessment.error = '' THEN risk_assessment.run_id END, priority = CASE"
        " WHEN risk_assessment.error = '' AND risk_assessment.priority < excluded.priority"
        " THEN risk_assessment.priority ELSE excluded.priority END"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *parameters])


def _left_runs(ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """From which runs the lots were taken: how many by run and operator."""
    taken = Assessment.objects.filter(lot_id__in=among(ids), left_run__isnull=False).order_by()
    counts = taken.values("left_run", "operator").annotate(lots=Count("pk"))
    return {(int(each["left_run"]), int(each["operator"])): each["lots"] for each in counts}  # type: ignore[arg-type]


def _owing_steps(
    run: AssessmentRun,
    lots: Mapping[int, int],
    left_runs: Mapping[tuple[int, int], int],
    cause: str,
    now: datetime,
) -> Iterator[RunStep]:
    """Lots that come to this run, and those that leave another for it."""
    for operator_id, number in sorted(lots.items()):
        new = number - left_runs.get((run.pk, operator_id), 0)
        yield RunStep(run=run, operator_id=operator_id, at=now, cause=cause[:200], owed=new)
    for (left, whose), number in left_runs.items():
        if left != run.pk:
            yield RunStep(run_id=left, operator_id=whose, at=now, went_on=number)


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


# --------------------------------------------------------------------------------------------------------- claiming


@dataclass(frozen=True, slots=True)
class Claimed:
    """A batch of lots in this worker's hands, all to be assessed for one day (None: the worker's own)."""

    token: str
    lot_ids: list[int]
    day: date | None = None
    run_by_lot: Mapping[int, int | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.lot_ids)


def claim(now: datetime, *, through: Turn = Turn.BATCH) -> Claimed:
    """Take the next owed lots that nobody holds; the conditional update decides between two workers.

    What a person waits for comes first, and of the operators the one that waited longest. `through`: the last turn
    that is taken.
    """
    rows = _next(now, through) or _adopted(now, through)
    # Rows that somebody holds at this moment are left to the next sweep; to ask again at once would be in vain.
    return (_held(rows, now) if rows else None) or Claimed("", [])


def _next(now: datetime, through: Turn) -> list[tuple[int, date | None]]:
    """At most a batch of one turn, filled operator by operator: the rows' keys and days."""
    for turn in Turn:
        owed = Assessment.objects.claimable(now).filter(priority=turn)
        rows: list[tuple[int, date | None]] = []
        for operator_id in _operators_in_turn(owed) if turn <= through else ():
            oldest = owed.filter(operator_id=operator_id).order_by("owed_at", "pk")
            rows += oldest.values_list("pk", "day")[: BATCH - len(rows)]
            if len(rows) == BATCH:
                break
        if rows:
            return rows
    return []


def _operators_in_turn(owed: AssessmentQuerySet) -> list[int]:
    """The operators with lots to claim, longest unserved first: a look into the index for each operator."""
    waiting = Operator.objects.filter(Exists(owed.filter(operator=OuterRef("pk"))))
    ordered = waiting.order_by(F("turn__number").asc(nulls_first=True), "pk")
    return list(ordered.values_list("pk", flat=True)[:FILLED_FROM])


def _held(rows: list[tuple[int, date | None]], now: datetime) -> Claimed | None:
    """The rows of the first one's day that became ours; None where others took them all meanwhile."""
    token, day = secrets.token_hex(16), rows[0][1]
    wanted = [pk for pk, of_day in rows if of_day == day]
    of_that_day = Q(day__isnull=True) if day is None else Q(day=day)
    free = Assessment.objects.claimable(now).filter(of_that_day)
    with transaction.atomic():
        mine = _locked(free, wanted)
        hold = {"claim": token, "claimed_until": now + LEASE, "attempts": F("attempts") + 1}
        if not free.filter(pk__in=among(mine)).update(**hold):
            return None
        taken = Assessment.objects.filter(pk__in=among(mine), claim=token).order_by("lot_id")
        lots = list(taken.values_list("lot_id", "run_id", "operator_id"))
        turns_taken({whose for _, _, whose in lots if whose is not None})
    runs = {lot_id: run_id for lot_id, run_id, _ in lots}
    return Claimed(token, list(runs), day, runs)


def _locked(free: AssessmentQuerySet, wanted: list[int]) -> list[int]:
    """Those that no other worker takes at this moment; a database with one writer has no such worker."""
    if not connection.features.has_select_for_update:
        return wanted
    rows = free.filter(pk__in=among(wanted)).order_by("lot_id").select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True))


def _adopted(now: datetime, through: Turn) -> list[tuple[int, date | None]]:
    """What a worker of earlier code owed names no operator; it is given its lot's."""
    strays = Assessment.objects.filter(operator__isnull=True)
    if through < Turn.BATCH or not strays.exists():
        return []
    strays.update(operator=Subquery(Lot.objects.filter(pk=OuterRef("lot_id")).values("operator")[:1]))
    return _next(now, through)


# --------------------------------------------------------------------------------------------------------- settling


@dataclass(frozen=True, slots=True)
class Held:
    """What is still ours of a batch: owed row, run and operator of each lot."""

    rows: Mapping[int, tuple[int, int | None, int | None]]

    def __contains__(self, lot_id: int) -> bool:
        return lot_id in self.rows


def still_held(claimed: Claimed) -> Held:
    """First in the transaction that records findings: the lots that nobody else took, or owed again, meanwhile. Only
    their findings may be written; the rows are held until it ends, in the order in which everybody takes them."""
    lots = among(claimed.lot_ids)
    mine = Assessment.objects.filter(lot_id__in=lots, claim=claimed.token).order_by("lot_id")
    rows = mine.select_for_update().values_list("lot_id", "pk", "run_id", "operator_id")
    return Held({lot_id: (pk, run_id, operator_id) for lot_id, pk, run_id, operator_id in rows})


def put_aside(held: Held, errors: Mapping[int, str]) -> None:
    """Then: lots that could not be assessed stay on record, each with its error."""
    for lot_id in errors:
        if lot_id in held:
            row = Assessment.objects.filter(pk=held.rows[lot_id][0])
            row.update(error=errors[lot_id], failed_by=ENGINE_VERSION, claim="")
    FindingsVersion.objects.count_on(_operators_of(held, errors))


def _operators_of(held: Held, lot_ids: Iterable[int]) -> set[int]:
    operators = (held.rows[lot_id][2] for lot_id in lot_ids if lot_id in held)
    return {operator_id for operator_id in operators if operator_id is not None}


def settle(
    held: Held,
    *,
    added: Collection[int],
    changed: Collection[int],
    set_aside: Collection[int],
    now: datetime,
) -> None:
    """Last in that transaction: what is held is owed no more, and its run is told what became of it.

    `added`, `changed` and `set_aside` are lots, the others are unchanged.
    """
    counts: dict[tuple[int, int], Counter[str]] = {}
    for lot_id, (_, run_id, operator_id) in held.rows.items():
        if run_id is not None and operator_id is not None:
            became = _became(lot_id, added, changed, set_aside)
            counts.setdefault((run_id, operator_id), Counter())[became] += 1
    done = [pk for lot_id, (pk, _, _) in held.rows.items() if lot_id not in set_aside]
    Assessment.objects.filter(pk__in=among(done)).delete()
    RunStep.objects.bulk_create(
        RunStep(run_id=run_id, operator_id=operator_id, at=now, **counted)
        for (run_id, operator_id), counted in sorted(counts.items())
    )


def _became(lot_id: int, added: Collection[int], changed: Collection[int], set_aside: Collection[int]) -> str:
    if lot_id in set_aside:
        return "set_aside"
    return "added" if lot_id in added else "changed" if lot_id in changed else "unchanged"
