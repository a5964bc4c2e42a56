"""Facts of lots -> findings -> exposures on record. There is no second way to make an Exposure.

What is owed is a row of Assessment. A worker claims a batch by a conditional update with a lease, and
settles it by deleting the rows that still bear its claim: a change that came meanwhile took the claim
away, so its lot stays owed. Everything may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fleet.flows.bulk_rows import insert_objects
from fleet.selectors import in_chunks
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import ExposureRows
from risk.flows.gather_lots import LotToAssess, gather
from risk.flows.owed import Claimed, claim
from risk.flows.raise_alerts import raise_alerts
from risk.models import Assessment, Exposure, PolicyEdition

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


def assess_owed_lots(*, assessed_on: date, clock: Callable[[], datetime]) -> Assessed:
    """Assess what is owed, batch after batch, until nothing claimable is left."""
    before, done = PolicyEdition.objects.current(), Assessed()
    if before is None:
        return done
    records, sitting = ExposureRows(before), Sitting(considered(before), assessed_on)
    while claimed := claim(clock()):
        # Asked after the claim: what an edition owes is claimable only once it is the current one.
        edition = PolicyEdition.objects.current() or before
        if edition.pk != before.pk:
            before, records, sitting = (
                edition,
                ExposureRows(edition),
                Sitting(considered(edition), assessed_on),
            )
        done += _assess_claimed(claimed, records, sitting, clock())
    return done


def _assess_claimed(claimed: Claimed, records: ExposureRows, sitting: Sitting, now: datetime) -> Assessed:
    """Gather, decide, record: once for a batch."""
    gathered = gather(claimed.lot_ids)
    decided, set_aside = _decide(gathered, sitting)
    rows = {lot.lot_id: records.row(lot, result, now) for lot, result in decided}
    records.save_explanations(rows.values())
    with transaction.atomic():
        mine = Assessment.objects.filter(claim=claimed.token)
        for lot_id, error in set_aside.items():
            mine.filter(lot_id=lot_id).update(error=error, claim="")
        recorded = _keep(rows)
        raise_alerts(claimed, now=now)
        Assessment.objects.filter(claim=claimed.token).delete()
    return recorded + Assessed(set_aside=len(set_aside))


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


def _keep(rows: Mapping[int, Exposure]) -> Assessed:
    """Findings that are on record already are only made current; the others are added."""
    done = Assessed()
    for some in in_chunks(rows):
        before = dict(Exposure.objects.current().filter(lot_id__in=some).values_list("lot_id", "basis"))
        moved = [lot_id for lot_id in some if before.get(lot_id) != rows[lot_id].basis]
        Exposure.objects.current().filter(lot_id__in=moved).update(is_current=False)
        again = _made_current_again([rows[lot_id] for lot_id in moved])
        insert_objects(Exposure, [rows[lot_id] for lot_id in moved if lot_id not in again])
        added = sum(lot_id not in before for lot_id in moved)
        done += Assessed(added=added, changed=len(moved) - added, unchanged=len(some) - len(moved))
    return done


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
    Exposure.objects.filter(pk__in=same).update(is_current=True)
    return set(same.values())
