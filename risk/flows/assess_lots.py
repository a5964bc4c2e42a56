"""Facts of lots -> findings -> exposures on record. There is no second way to make an Exposure.

What is owed is a row of Assessment. A worker claims a batch by a conditional update with a lease, and
settles it by deleting the rows that still bear its claim: a change that came meanwhile took the claim
away, so its lot stays owed. Everything may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction

from ledger.id_sets import among
from risk.engine.exposure import ExposureResult
from risk.engine.sittings import Sitting
from risk.flows.claims import Claimed, Held, claim, operators_of, put_aside, settle, still_held
from risk.flows.desks import Desk, desk_for, leave, taken_up
from risk.flows.exposure_rows import ExposureRows, Found
from risk.flows.gather_lots import LotToAssess, gather
from risk.flows.raise_alerts import raise_alerts
from risk.models import Exposure, FindingsVersion, PolicyEdition, Turn

log = logging.getLogger(__name__)

SAYS_NOTHING_OF_A_LOT = (OperationalError, InterfaceError, SoftTimeLimitExceeded)
"""The database went away, or the time of the task is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """How many lots were assessed, by what became of their finding. `is_cut_short`: the time was over before all was
    done."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0
    is_cut_short: bool = False

    def __add__(self, other: Assessed) -> Assessed:
        return Assessed(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            set_aside=self.set_aside + other.set_aside,
            is_cut_short=self.is_cut_short or other.is_cut_short,
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """The lots whose finding is another than before."""

    added: set[int]
    changed: set[int]


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
    edition, done = PolicyEdition.objects.current(), Assessed()
    if edition is None:
        return done
    desk = taken_up()
    while claimed := claim(clock(), through=through):
        # Asked after the claim: what an edition owes is claimable only once it is the current one.
        edition = PolicyEdition.objects.current() or edition
        desk = desk_for(edition, claimed.day or assessed_on, before=desk)
        done += _assess_claimed(claimed, desk, clock())
        if until is not None and clock() >= until:
            leave(desk)
            return replace(done, is_cut_short=True)
    return done


def _assess_claimed(claimed: Claimed, desk: Desk, now: datetime) -> Assessed:
    """One batch. Where it fails as a whole it is halved, until the lot that fails stands alone and is set aside."""
    try:
        return _assess_together(claimed, desk, now)
    except SAYS_NOTHING_OF_A_LOT:
        raise
    except Exception as fault:
        lots = claimed.lot_ids
        if len(lots) == 1:
            return _put_one_aside(claimed, fault, now)
        log.exception("A batch of %s lots failed and is halved.", len(lots))
    halves = (lots[: len(lots) // 2], lots[len(lots) // 2 :])
    parts = (_assess_claimed(replace(claimed, lot_ids=half), desk, now) for half in halves)
    return sum(parts, Assessed())


def _put_one_aside(claimed: Claimed, fault: Exception, now: datetime) -> Assessed:
    (lot_id,) = claimed.lot_ids
    log.error("Lot %s could not be assessed and was set aside.", lot_id, exc_info=fault)
    with transaction.atomic():
        held = still_held(claimed)
        put_aside(held, {lot_id: _told(fault)})
        raise_alerts(held, now=now)
        settle(held, added=(), changed=(), set_aside={lot_id}, now=now)
    return Assessed(set_aside=int(lot_id in held))


def _told(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


def _assess_together(claimed: Claimed, desk: Desk, now: datetime) -> Assessed:
    """Gather, decide, record: once for a batch."""
    gathered, records = gather(claimed.lot_ids), desk.records
    decided, set_aside = _decide(gathered, desk.sitting)
    found = [records.found(lot, result, claimed.run_by_lot.get(lot.lot_id)) for lot, result in decided]
    records.save_explanations(found)
    with transaction.atomic():
        # A lot that changed meanwhile is in no hands any more: what was decided on its old facts is not written.
        held = still_held(claimed)
        mine = [each for each in found if each.lot_id in held]
        kept = _keep(mine, held, records, now)
        FindingsVersion.objects.count_on(operators_of(held, kept.added | kept.changed))
        put_aside(held, set_aside)
        raise_alerts(held, now=now)
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
        except SAYS_NOTHING_OF_A_LOT:
            raise
        except Exception as fault:
            log.exception("Lot %s could not be assessed and was set aside.", lot.lot_id)
            set_aside[lot.lot_id] = _told(fault)
    return decided, set_aside


def _keep(found: list[Found], held: Held, records: ExposureRows, now: datetime) -> _Kept:
    """Findings that are current already stay as they are; the others take the place of those before them."""
    first = [each for each in found if held.rows[each.lot_id].basis is None]
    moved = [each for each in found if held.rows[each.lot_id].basis not in (None, each.basis)]
    kept = _Kept(added={each.lot_id for each in first}, changed={each.lot_id for each in moved})
    Exposure.objects.current().filter(lot_id__in=among(kept.changed)).update(is_current=False)
    records.add(first, now)
    records.replace(moved, now)
    return kept
