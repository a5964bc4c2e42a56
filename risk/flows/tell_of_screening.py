"""Who has to know what a run, or a person, changed about hits: lots of the vendors, and people who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

from fleet.models import Operator
from ledger.models import tell as put_into_outbox
from risk.flows.alert_rows import listed, rules_of
from risk.flows.hit_records import Settled
from risk.lists import FORMATS
from risk.models import Alert, AlertKind, ListEdition, ScreeningHit, ScreeningRun
from vendors.signals import vendors_changed

NAMED_IN_AN_ALERT = 3


def tell(run: ScreeningRun, settled: Settled, *, moved: Iterable[int], now: datetime) -> None:
    """One alert for each who decides, an event for each hit, and the vendors whose lots read differently now; in the
    caller's transaction."""
    by_operator: dict[int | None, list[ScreeningHit]] = defaultdict(list)
    for hit in settled.to_be_told:
        by_operator[hit.operator_id].append(hit)
        tell_of_hit(AlertKind.HITS_OPENED.value, hit, run=run.number)
    rules = rules_of(Operator.objects.filter(pk__in=[pk for pk in by_operator if pk is not None]))
    for operator_id, hits in by_operator.items():
        if operator_id is None or rules[operator_id].wants(AlertKind.HITS_OPENED):
            _alert(run, operator_id, hits, now).save()
    tell_of_vendors(moved, cause=str(run))


def tell_of_hit(kind: str, hit: ScreeningHit, **said: Any) -> None:
    """Put into the outbox what became of a hit; that of a private vendor is its operator's alone."""
    put_into_outbox(
        kind=kind,
        about=f"hit:{hit.pk}",
        operator_id=hit.operator_id,
        path=f"/api/v1/vendors/{hit.vendor_id}/hits/",
        hit=hit.pk,
        vendor=hit.vendor_id,
        list=hit.list_code,
        entity_id=hit.entity_id,
        strength=str(hit.strength),
        state=str(hit.state),
        **said,
    )


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


def _alert(run: ScreeningRun, operator_id: int | None, hits: Sequence[ScreeningHit], now: datetime) -> Alert:
    return Alert(
        kind=AlertKind.HITS_OPENED,
        operator_id=operator_id,
        run=run,
        cause=str(run),
        sentence=_sentence(run, hits),
        counts=[{"kind": AlertKind.HITS_OPENED.value, "hits": len(hits)}],
        detail={"run": run.number, "hits": [hit.pk for hit in hits]},
        made_at=now,
    )


def _sentence(run: ScreeningRun, hits: Sequence[ScreeningHit]) -> str:
    named = listed([_named(hit) for hit in hits], NAMED_IN_AN_ALERT)
    word = "hit waits" if len(hits) == 1 else "hits wait"
    return f"Screening run {run.number}: {len(hits)} {word} for a decision: {named}."


def _named(hit: ScreeningHit) -> str:
    who = hit.party or hit.evidence["vendor_name"]
    return f"'{who}' may be '{hit.record.name}' ({hit.list_code} {hit.entity_id}, {hit.strength})"
