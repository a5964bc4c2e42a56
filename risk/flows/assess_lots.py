"""Facts of lots -> findings -> exposures on record. There is no second way to make an Exposure.

What is owed is a row of Assessment. A worker claims a batch by a conditional update with a lease, and
settles it by deleting the rows that still bear its claim: a change that came meanwhile took the claim
away, so its lot stays owed. Everything may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fleet.selectors import in_chunks
from risk.book import considered
from risk.engine.exposure import ENGINE_VERSION, ExposureResult
from risk.engine.facts import as_plain, digest_of
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import exposure_row
from risk.flows.gather_lots import LotToAssess, gather
from risk.flows.owed import Claimed, claim
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
    edition, done = PolicyEdition.objects.current(), Assessed()
    if edition is None:
        return done
    sitting = Sitting(considered(edition), assessed_on)
    while claimed := claim(clock()):
        done += _assess_claimed(claimed, edition, sitting, clock())
    return done


def _assess_claimed(claimed: Claimed, edition: PolicyEdition, sitting: Sitting, now: datetime) -> Assessed:
    """Gather, decide, record: once for a batch."""
    gathered = gather(claimed.lot_ids)
    decided, set_aside = _decide(gathered, sitting)
    with transaction.atomic():
        mine = Assessment.objects.filter(claim=claimed.token)
        for lot_id, error in set_aside.items():
            mine.filter(lot_id=lot_id).update(error=error, claim="")
        recorded = _record(decided, edition, now)
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


def _record(
    decided: list[tuple[LotToAssess, ExposureResult]], edition: PolicyEdition, now: datetime
) -> Assessed:
    """Findings that are on record already are only made current; the others are added."""
    rows = {
        lot.lot_id: exposure_row(lot, result, edition, basis_of(lot, result, edition), now)
        for lot, result in decided
    }
    done = Assessed()
    for some in in_chunks(rows):
        before = dict(Exposure.objects.current().filter(lot_id__in=some).values_list("lot_id", "basis"))
        moved = [lot_id for lot_id in some if before.get(lot_id) != rows[lot_id].basis]
        Exposure.objects.current().filter(lot_id__in=moved).update(is_current=False)
        again = _made_current_again([rows[lot_id] for lot_id in moved])
        Exposure.objects.bulk_create([rows[lot_id] for lot_id in moved if lot_id not in again])
        added = sum(lot_id not in before for lot_id in moved)
        done += Assessed(added=added, changed=len(moved) - added, unchanged=len(some) - len(moved))
    return done


def _made_current_again(rows: list[Exposure]) -> set[int]:
    """Findings of the same basis that are on record from before: nothing is written twice."""
    wanted = {(row.lot_id, row.basis) for row in rows}
    known = Exposure.objects.filter(
        lot_id__in=[row.lot_id for row in rows], basis__in=[row.basis for row in rows]
    )
    same = {
        pk: lot_id
        for pk, lot_id, basis in known.values_list("pk", "lot_id", "basis")
        if (lot_id, basis) in wanted
    }
    Exposure.objects.filter(pk__in=same).update(is_current=True)
    return set(same.values())


def basis_of(lot: LotToAssess, result: ExposureResult, edition: PolicyEdition) -> str:
    """The digest of all that a finding rests on: facts, edition, lists, engine, first day."""
    return digest_of(
        as_plain(lot.facts),
        as_plain(lot.vendor),
        as_plain(lot.value),
        edition.digest,
        {each.list_code: each.edition for each in lot.vendor.lists_screened},
        ENGINE_VERSION,
        result.holds.first.isoformat(),
    )
