"""Facts of lots -> findings -> exposures on record. There is no second way to make an Exposure.

What is owed is a row of Assessment. A worker claims a batch by a conditional update with a lease, and
settles it by deleting the rows that still bear its claim: a change that came meanwhile took the claim
away, so its lot stays owed. Everything may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from fleet.flows.bulk_rows import insert_objects
from fleet.selectors import in_chunks
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import ExposureRows
from risk.flows.gather_lots import LotToAssess, gather
from risk.flows.owed import Claimed, claim, settle, still_held
from risk.models import Exposure, PolicyEdition, Turn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """How many lots were assessed, by what became of their finding."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0

    def __add__(self, other: Assessed) -> Assessed:
        return Assessed(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            set_aside=self.set_aside + other.set_aside,
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """The lots whose finding is another than before."""

    added: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)


def assess_owed_lots(
    *,
    assessed_on: date,
    clock: Callable[[], datetime],
    through: Turn = Turn.BATCH,
    until: datetime | None = None,
) -> Assessed:
    """Assess what is owed, batch after batch, until nothing claimable is left.

    `assessed_on` is the day of what names none of its own. `through`: the last turn that is taken. After `until` no
    further batch is begun.
    """
    before, done = PolicyEdition.objects.current(), Assessed()
    if before is None:
        return done
    records, sitting = ExposureRows(before), Sitting(considered(before), assessed_on)
    while (until is None or clock() < until) and (claimed := claim(clock(), through=through)):
        # Asked after the claim: what an edition owes is claimable only once it is the current one.
        edition, day = PolicyEdition.objects.current() or before, claimed.day or assessed_on
        if (edition.pk, day) != (before.pk, sitting.on):
            before, records, sitting = (
                edition,
                ExposureRows(edition),
                Sitting(considered(edition), day),
            )
        done += _assess_claimed(claimed, records, sitting, clock())
    return done


def _assess_claimed(claimed: Claimed, records: ExposureRows, sitting: Sitting, now: datetime) -> Assessed:
    """Gather, decide, record: once for a batch."""
    gathered = gather(claimed.lot_ids)
    decided, set_aside = _decide(gathered, sitting)
    rows = {lot.lot_id: records.row(lot, result, now) for lot, result in decided}
    for lot_id, row in rows.items():
        row.run_id = claimed.run_by_lot.get(lot_id)
    records.save_explanations(rows.values())
    with transaction.atomic():
        held = still_held(claimed)
        mine = {lot_id: row for lot_id, row in rows.items() if lot_id in held}
        kept = _keep(mine)
        settle(held, added=kept.added, changed=kept.changed, set_aside=set_aside, now=now)
    return Assessed(
        added=len(kept.added),
        changed=len(kept.changed),
        unchanged=len(mine) - len(kept.added) - len(kept.changed),
        set_aside=sum(lot_id in held for lot_id in set_aside),
    )


def _decide(
    gathered: list[LotToAssess], sitting: Sitting
) -> tuple[list[tuple[LotToAssess, ExposureResult]], dict[int, str]]:
    """The finding on each lot. A lot on which the engine fails is set aside with the fault; the rest goes on."""
    decided, set_aside = [], {}
    for lot in gathered:
        try:
            decided.append((lot, sitting.assess(lot.facts, lot.vendor, lot.value)))
        except Exception as fault:
            log.exception("Lot %s could not be assessed and was set aside.", lot.lot_id)
            set_aside[lot.lot_id] = f"{type(fault).__name__}: {fault}"
    return decided, set_aside


def _keep(rows: Mapping[int, Exposure]) -> _Kept:
    """Findings that are on record already are only made current; the others are added."""
    kept = _Kept()
    for some in in_chunks(rows):
        before = dict(Exposure.objects.current().filter(lot_id__in=some).values_list("lot_id", "basis"))
        moved = [lot_id for lot_id in some if before.get(lot_id) != rows[lot_id].basis]
        Exposure.objects.current().filter(lot_id__in=moved).update(is_current=False)
        again = _made_current_again([rows[lot_id] for lot_id in moved])
        insert_objects(Exposure, [rows[lot_id] for lot_id in moved if lot_id not in again])
        kept.added.update(lot_id for lot_id in moved if lot_id not in before)
        kept.changed.update(lot_id for lot_id in moved if lot_id in before)
    return kept


def _made_current_again(rows: list[Exposure]) -> set[int]:
    """Findings of the same basis that are on record from before: nothing is written twice."""
    wanted = {(row.lot_id, row.basis) for row in rows}
    # By lot alone: asked for lots and bases together, a database looks for every pair of them.
    known = Exposure.objects.filter(lot_id__in=[row.lot_id for row in rows], is_current=False)
    same = {
        pk: lot_id
        for pk, lot_id, basis in known.values_list("pk", "lot_id", "basis")
        if (lot_id, basis) in wanted
    }
    run_of = {row.lot_id: row.run_id for row in rows}
    for run_id in {run_of[lot_id] for lot_id in same.values()}:
        back = [pk for pk, lot_id in same.items() if run_of[lot_id] == run_id]
        Exposure.objects.filter(pk__in=back).update(is_current=True, run_id=run_id)
    return set(same.values())
