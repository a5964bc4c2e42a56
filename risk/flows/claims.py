"""Owed lots in a worker's hands: claimed in turns, with a lease, and settled with what became of them."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import starmap
from operator import attrgetter
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Subquery

from fleet.models import Lot, Operator
from ledger.id_sets import among
from risk.engine.exposure import ENGINE_VERSION
from risk.models import Assessment, Exposure, FindingsVersion, RunStep, Turn
from risk.models.exposure import AssessmentQuerySet
from risk.models.runs import turns_taken

BATCH = 4_000
LEASE = timedelta(seconds=settings.ASSESSMENT_LEASE_SECONDS)
LOOKS = 3
"""How often a claim chooses anew where others were quicker."""
FILLED_FROM = 20
"""Where more is owed than a batch takes, it is filled from about so many operators: one question each."""


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
    """Take the next owed lots that nobody holds. Two workers never take the same: each passes over what the other is
    taking, to the lots behind it.

    What a person waits for comes first, and of the operators the one that waited longest. `through`: the last turn
    that is taken. What is locked for longer, by a change that is not committed yet, is left to the message that
    follows it.
    """
    for _ in range(LOOKS):
        waiting = _waiting(now, through) or (_adopts(through) and _waiting(now, through))
        if not waiting:
            break
        if held := _held(*waiting, now):
            return held
    return Claimed("", [])


def outlasts_a_batch(now: datetime) -> bool:
    """Whether more is owed, and in nobody's hands, than one batch takes."""
    return _outlasts(Assessment.objects.claimable(now), BATCH)


def _outlasts(owed: AssessmentQuerySet, room: int) -> bool:
    return owed.order_by()[room : room + 1].exists()


def _waiting(now: datetime, through: Turn) -> tuple[AssessmentQuerySet, list[int]] | None:
    """What is owed in the first turn in which something is free, and the operators in the order in which it is
    theirs; asked without a lock, so that no writer is held up where nothing is."""
    for turn in (each for each in Turn if each <= through):
        owed = Assessment.objects.claimable(now).filter(priority=turn)
        if operators := _operators_in_turn(owed):
            return owed, operators
    return None


def _operators_in_turn(owed: AssessmentQuerySet) -> list[int]:
    """The operators with lots to claim, longest unserved first: a look into the index for each operator."""
    waiting = Operator.objects.filter(Exists(owed.filter(operator=OuterRef("pk"))))
    ordered = waiting.order_by(F("turn__number").asc(nulls_first=True), "pk")
    return list(ordered.values_list("pk", flat=True))


class _Owed(NamedTuple):
    """What a claim needs of an owed row."""

    pk: int
    lot_id: int
    operator_id: int
    run_id: int | None
    day: date | None


def _held(owed: AssessmentQuerySet, operators: list[int], now: datetime) -> Claimed | None:
    """The next rows of one day, ours from now on; None where others took them all meanwhile."""
    token = secrets.token_hex(16)
    with transaction.atomic():
        rows = _next(owed, operators)
        mine = sorted((each for each in rows if each.day == rows[0].day), key=attrgetter("lot_id"))
        if not mine:
            return None
        hold = {"claim": token, "claimed_until": now + LEASE, "attempts": F("attempts") + 1}
        Assessment.objects.filter(pk__in=among([each.pk for each in mine])).update(**hold)
        turns_taken(each.operator_id for each in mine)
    runs = {each.lot_id: each.run_id for each in mine}
    return Claimed(token, list(runs), mine[0].day, runs)


def _next(owed: AssessmentQuerySet, operators: list[int]) -> list[_Owed]:
    """At most a batch, locked until the transaction ends: what waits longest of whoever is next, and if there is room
    left, of the others."""
    first, *others = operators
    rows = _oldest(owed.filter(operator_id=first), BATCH)
    room = BATCH - len(rows)
    return rows + _next_of_others(owed, others, room) if room and others else rows


def _next_of_others(owed: AssessmentQuerySet, operators: list[int], room: int) -> list[_Owed]:
    """All at once where it fits, so that nobody waits for another; else operator by operator."""
    theirs = owed.filter(operator__in=among(operators))
    if not _outlasts(theirs, room):
        return _oldest(theirs, room)
    rows: list[_Owed] = []
    for operator_id in operators[:FILLED_FROM]:
        rows += _oldest(owed.filter(operator_id=operator_id), room - len(rows))
        if len(rows) == room:
            break
    return rows


def _oldest(owed: AssessmentQuerySet, most: int) -> list[_Owed]:
    """What waits longest, locked. A database with one writer knows no locks of rows: there the transaction itself
    keeps others from writing."""
    oldest = owed.order_by("owed_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        oldest = oldest.select_for_update(skip_locked=True)
    return list(starmap(_Owed, oldest.values_list(*_Owed._fields)[:most]))


def _adopts(through: Turn) -> bool:
    """What a worker of earlier code owed names no operator; it is given its lot's. Whether there was any."""
    strays = Assessment.objects.filter(operator__isnull=True)
    if through < Turn.BATCH or not strays.exists():
        return False
    strays.update(operator=Subquery(Lot.objects.filter(pk=OuterRef("lot_id")).values("operator")[:1]))
    return True


# --------------------------------------------------------------------------------------------------------- settling


class HeldRow(NamedTuple):
    """What recording and settling need of an owed row. `basis` is that of the lot's current finding, if there is
    one."""

    pk: int
    run_id: int | None
    operator_id: int | None
    cause: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is still ours of a batch, by the lot; the rows bear its token until they are settled or put aside."""

    claimed: Claimed
    rows: Mapping[int, HeldRow]

    def __contains__(self, lot_id: int) -> bool:
        return lot_id in self.rows


def still_held(claimed: Claimed) -> Held:
    """First in the transaction that records findings: the lots that nobody else took, or owed again, meanwhile. Only
    their findings may be written; the rows are held until it ends, in the order in which everybody takes them."""
    lots = among(claimed.lot_ids)
    mine = Assessment.objects.filter(lot_id__in=lots, claim=claimed.token).order_by("operator_id", "lot_id")
    # Read in the same moment: who writes a finding on a lot holds its owed row, and nobody else did since the claim.
    found = Exposure.objects.current().filter(lot=OuterRef("lot")).values("basis")[:1]
    held = mine.annotate(basis=Subquery(found)).select_for_update()
    rows = held.values_list("lot_id", *HeldRow._fields)
    return Held(claimed, {lot_id: HeldRow(*row) for lot_id, *row in rows})


def put_aside(held: Held, errors: Mapping[int, str]) -> None:
    """Then: lots that could not be assessed stay on record, each with its error."""
    for lot_id in errors:
        if lot_id in held:
            row = Assessment.objects.filter(pk=held.rows[lot_id].pk)
            row.update(error=errors[lot_id], failed_by=ENGINE_VERSION, claim="")
    FindingsVersion.objects.count_on(operators_of(held, errors))


def operators_of(held: Held, lot_ids: Iterable[int]) -> set[int]:
    """Whose the lots are, of those that are held."""
    operators = (held.rows[lot_id].operator_id for lot_id in lot_ids if lot_id in held)
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
    done = [row.pk for lot_id, row in held.rows.items() if lot_id not in set_aside]
    Assessment.objects.filter(pk__in=among(done)).delete()
    counts: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for lot_id, row in held.rows.items():
        if row.run_id is not None and row.operator_id is not None:
            counts[row.run_id, row.operator_id][_became(lot_id, added, changed, set_aside)] += 1
    RunStep.objects.bulk_create(
        RunStep(run_id=run_id, operator_id=operator_id, at=now, **counted)
        for (run_id, operator_id), counted in sorted(counts.items())
    )


def _became(lot_id: int, added: Collection[int], changed: Collection[int], set_aside: Collection[int]) -> str:
    if lot_id in set_aside:
        return "set_aside"
    return "added" if lot_id in added else "changed" if lot_id in changed else "unchanged"
