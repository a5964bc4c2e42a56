"""Owed lots in a worker's hands: claimed in turns, with a lease, and settled with what became of them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from fleet.models import Lot, Operator
from ledger.id_sets import among
from risk.engine.exposure import ENGINE_VERSION
from risk.models import Assessment, FindingsVersion, RunStep, Turn
from risk.models.exposure import AssessmentQuerySet
from risk.models.runs import turns_taken

BATCH = 2_000
LEASE = timedelta(seconds=settings.ASSESSMENT_LEASE_SECONDS)
FILLED_FROM = 20
"""A batch takes lots of at most so many operators, which keeps the questions of a claim few."""


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
