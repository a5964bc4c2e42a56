"""Who has to know what a run, or a person, changed about hits: lots of the vendors, and people who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from risk.flows.hit_records import Settled
from risk.lists import FORMATS
from risk.models import ListEdition, Notice, ScreeningHit, ScreeningRun
from vendors.signals import vendors_changed

NAMED_IN_A_NOTICE = 3


def tell(run: ScreeningRun, settled: Settled, *, moved: Iterable[int], now: datetime) -> None:
    """One notice for each who decides, and the vendors whose lots read differently now; in the caller's
    transaction."""
    by_operator: dict[int | None, list[ScreeningHit]] = defaultdict(list)
    for hit in settled.to_be_told:
        by_operator[hit.operator_id].append(hit)
    for operator_id, hits in by_operator.items():
        Notice.objects.create(
            kind="screening.hit_opened",
            operator_id=operator_id,
            run=run,
            sentence=_sentence(run, hits),
            detail={"run": run.number, "hits": [hit.pk for hit in hits]},
            made_at=now,
        )
    tell_of_vendors(moved, cause=str(run))


def tell_of_vendors(vendor_ids: Iterable[int], *, cause: str) -> None:
    """The sanction level of these vendors, and of whom they own, may be another."""
    if moved := sorted(set(vendor_ids)):
        vendors_changed.send(sender=ScreeningHit, vendor_ids=moved, cause=cause)


def coverage_differs(last: ScreeningRun | None, editions: Sequence[ListEdition], now: datetime) -> bool:
    """Whether vendors count as screened against other lists than before: the first edition, or one after a stale."""
    before = ListEdition.objects.in_bulk([each["id"] for each in last.editions.values()]) if last else {}
    return fresh_codes(before.values(), now) != fresh_codes(editions, now)


def fresh_codes(editions: Iterable[ListEdition], now: datetime) -> set[str]:
    """The lists of governments that are not stale."""
    today = localtime(now).date()
    return {
        code
        for edition in editions
        for code in edition.rows
        if not is_own(edition) and not is_stale(edition, today)
    }


def is_stale(edition: ListEdition, today: date) -> bool:
    """Whether the data of a government's list are too old; a list of one's own does not age."""
    return not is_own(edition) and today > edition.data_date + stale_after()


def stale_after() -> timedelta:
    """How old the data of a list may be."""
    return timedelta(days=settings.LIST_STALE_AFTER_DAYS)


def is_own(edition: ListEdition) -> bool:
    """Whether an organisation keeps the list itself."""
    return edition.format in FORMATS and FORMATS[edition.format].is_own


def _sentence(run: ScreeningRun, hits: Sequence[ScreeningHit]) -> str:
    named = "; ".join(_named(hit) for hit in hits[:NAMED_IN_A_NOTICE])
    more = f"; and {len(hits) - NAMED_IN_A_NOTICE} more" if len(hits) > NAMED_IN_A_NOTICE else ""
    word = "hit waits" if len(hits) == 1 else "hits wait"
    return f"Screening run {run.number}: {len(hits)} {word} for a decision: {named}{more}."


def _named(hit: ScreeningHit) -> str:
    who = hit.party or hit.evidence["vendor_name"]
    return f"'{who}' may be '{hit.record.name}' ({hit.list_code} {hit.entity_id}, {hit.strength})"
