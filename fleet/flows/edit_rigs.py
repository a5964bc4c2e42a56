"""Edits of many rigs at once: compared in steps, shown, and written as what was shown, or not at all.

The values are held to the checks of a sheet's row, as those of a program are (fleet.flows.sent_rows). Whoever
confirms an edit confirms its digest: rigs that somebody changed since make it another one, which is refused. What
others do meanwhile to rigs that are not among those makes no difference, however busy the fleet is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from fleet.flows.holding_deltas import deltas_of
from fleet.flows.known_fleet import OnRecord, difference, rigs_on_record
from fleet.flows.sent_rows import RIGS_NAMED, compare_values
from fleet.flows.upload_plan import UploadPlan
from fleet.flows.upload_writing import Deed, FleetMoved, hold_turn, site_ids, write
from fleet.models import BulkEdit, Operator, Rig
from fleet.models.bulk_edit import EditState
from fleet.selectors import in_chunks
from fleet.signals import lots_changed
from ledger.holds import free_at
from ledger.models import record

LEASE = timedelta(minutes=15)  # no longer than a task may run
STEP = 2_500  # rigs compared between two words of progress
TRIES = 5
GROUPS_SHOWN = 20
FOLLOWS_FROM_STATUS = "has_arrived"
Clock = Callable[[], datetime]


def check_edit(edit_id: int, *, clock: Clock) -> None:
    """Compare an edit that waits with the fleet and keep what it would do; nothing else is written.

    Safe to run twice: the second run finds it claimed or settled.
    """
    edit = claimed_edit(edit_id, EditState.WAITING, clock())
    if edit is None:
        return
    decided = _planned(edit)
    state, refusal = EditState.CHECKED, edit.refusal  # that it was compared anew, where it was
    if decided.problems:
        state = EditState.REFUSED
        refusal = f"{decided.wrong} of {edit.rigs} rigs cannot take this; nothing was written."
    elif not decided.change:
        state, refusal = EditState.REFUSED, "All of these rigs are so already; there is nothing to write."
    BulkEdit.objects.filter(pk=edit.pk, state=EditState.WAITING).update(
        state=state,
        refusal=refusal,
        problems=_told_problems(edit, decided),
        changed=len(decided.change),
        unchanged=edit.rigs - len(decided.change),
        plan_digest=decided.digest,
        deltas=deltas_of(decided.change),
        groups=groups_of(decided),
        progress={},
        checked_at=clock(),
        claimed_until=None,
    )


def apply_edit(edit_id: int, *, clock: Clock) -> None:
    """Write an edit that somebody confirmed, if it would still do what was shown; else it is only checked again.

    One transaction: rigs, history, holdings, what is owed, and the audit.
    """
    edit = claimed_edit(edit_id, EditState.CONFIRMED, clock())
    if edit is None:
        return
    for _ in range(TRIES):
        decided = _planned(edit)
        if decided.digest != edit.plan_digest:
            _compare_anew(edit)
            check_edit(edit_id, clock=clock)
            return
        _tell(edit, "writing", len(decided.change), len(decided.change))
        try:
            _write(edit, decided, clock())
            return
        except FleetMoved:
            continue
    raise ValidationError("The fleet is being changed by others; try again in a minute.", code="fleet_busy")


def groups_of(decided: UploadPlan) -> list[dict[str, Any]]:
    """How many machines go from which value of a fact to which: the largest groups of each fact, JSON-ready."""
    counts: dict[str, Counter[tuple[Any, Any]]] = {}
    for each in decided.change:
        if each.before is None:
            continue
        for old, new in (difference(each.before.rig, each.rig), difference(each.before.lot, each.lot)):
            for name in old.keys() - {FOLLOWS_FROM_STATUS}:
                pair = (_plain(old[name]), _plain(new[name]))
                counts.setdefault(name, Counter())[pair] += each.rig.quantity
    return [
        {"fact": name, "old": old, "new": new, "rigs": rigs, "others": max(0, len(pairs) - GROUPS_SHOWN)}
        for name, pairs in counts.items()
        for (old, new), rigs in pairs.most_common(GROUPS_SHOWN)
    ]


def claimed_edit(edit_id: int, state: EditState, now: datetime) -> BulkEdit | None:
    """The edit in that state, held by the caller; None where another has it or it is further."""
    free = BulkEdit.objects.filter(free_at(now), pk=edit_id, state=state)
    if not free.update(claimed_until=now + LEASE):
        return None
    return BulkEdit.objects.select_related("operator", "confirmed_by", "undone_by").get(pk=edit_id)


def _planned(edit: BulkEdit) -> UploadPlan:
    """What the edit would do, compared in steps: no rig's row depends on another's."""
    plans: list[UploadPlan] = []
    for done, some in enumerate(in_chunks(edit.rig_ids, STEP)):
        _tell(edit, "comparing", done * STEP, edit.rigs)
        plans.append(_compared(edit, some))
    first = plans[0]
    for later in plans[1:]:
        first.change += later.change
        first.problems += later.problems
        first.site_countries |= later.site_countries
        first.fleet_version = min(first.fleet_version, later.fleet_version)
    return first


def _compared(edit: BulkEdit, rig_ids: list[int]) -> UploadPlan:
    """Rigs that are on record no more are left out; the digest tells that they are missing."""
    for _ in range(TRIES):
        standing = Rig.objects.of(edit.operator).filter(pk__in=rig_ids)
        there = sorted(standing.values_list("pk", flat=True))
        if not there:
            return UploadPlan(layout="", columns={}, ignored_columns=[], rows=0, fleet_version=_version(edit))
        try:
            return compare_values(edit.operator, there, edit.said).plan
        except FleetMoved:
            continue
    raise ValidationError("The fleet is being changed by others; try again in a minute.", code="fleet_busy")


def _version(edit: BulkEdit) -> int:
    return Operator.objects.values_list("fleet_version", flat=True).get(pk=edit.operator_id)


def _write(edit: BulkEdit, decided: UploadPlan, at: datetime) -> None:
    deed = Deed(operator=edit.operator, at=at, edit=edit, by=edit.confirmed_by)
    with transaction.atomic():
        # First, for it decides between two workers: what one has written the other does not write again.
        if not _confirmed(edit).update(state=EditState.APPLIED):
            return
        _refuse_others(edit, decided)
        if counted := write(deed, decided).counted:
            lots_changed.send(
                sender=Rig, lot_ids=counted, cause=f"edit {edit.pk} of {len(decided.change)} rigs"
            )
        rigs = [each.before.rig_id for each in decided.change if each.before]
        record(
            deed="rigs edited",
            subject=f"edit {edit.pk}",
            by=edit.confirmed_by,
            operator_id=edit.operator_id,
            rigs=rigs[:RIGS_NAMED],
            changed=len(rigs),
            values=edit.said,
            why=edit.why,
        )
        edit.state, edit.applied_at, edit.progress, edit.claimed_until = EditState.APPLIED, at, {}, None
        edit.save(update_fields=["state", "applied_at", "progress", "claimed_until"])


def _refuse_others(edit: BulkEdit, decided: UploadPlan) -> None:
    """Take the plan for one on the fleet of now, where all that the edit writes stands as then. Raises FleetMoved."""
    version = hold_turn(edit.operator)
    if version == decided.fleet_version:
        return
    planned = {each.before.rig_id: each.before for each in decided.change if each.before}
    sites = {each.rig.site for each in decided.change if each.rig.site} - decided.site_countries.keys()
    names = site_ids(edit.operator).keys()
    if not sites <= names or decided.site_countries.keys() & names or _standing(edit, planned) != planned:
        raise FleetMoved
    decided.fleet_version = version


def _standing(edit: BulkEdit, rig_ids: Iterable[int]) -> dict[int, OnRecord]:
    """The rigs as they stand at this moment."""
    rigs = Rig.objects.of(edit.operator)
    queries = [rigs.filter(pk__in=some) for some in in_chunks(rig_ids)]
    return {each.rig_id: each for each in rigs_on_record(edit.operator, queries)}


def _compare_anew(edit: BulkEdit) -> None:
    """Nobody applies what nobody was shown; what another worker has applied meanwhile stays applied."""
    _confirmed(edit).update(
        state=EditState.WAITING,
        refusal="Rigs of it were changed since the preview; nothing was written. This is what it would do now.",
        progress={},
        claimed_until=None,
    )


def _confirmed(edit: BulkEdit) -> QuerySet[BulkEdit]:
    """The edit, as long as it is confirmed and not yet applied."""
    return BulkEdit.objects.filter(pk=edit.pk, state=EditState.CONFIRMED)


def _tell(edit: BulkEdit, stage: str, done: int, total: int) -> None:
    BulkEdit.objects.filter(pk=edit.pk).update(progress={"stage": stage, "done": done, "total": total})


def _told_problems(edit: BulkEdit, decided: UploadPlan) -> list[dict[str, Any]]:
    """Each sentence once, with how many rigs it is about and the first of them by name."""
    by_sentence: dict[tuple[str, str], int] = Counter(
        (each.column, each.sentence) for each in decided.problems
    )
    return [
        {"column": column, "sentence": sentence, "rigs": rigs}
        for (column, sentence), rigs in list(by_sentence.items())[:GROUPS_SHOWN]
    ]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
