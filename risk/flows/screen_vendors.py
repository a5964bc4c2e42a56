"""What is owed a screening -> candidates, asked from the cheaper side -> hits on record, with their run.

Nothing marks what is owed but what caused it: an edition that no run covers, a vendor without a screening or with
one that is owed, another normaliser or threshold. Candidates are found without a transaction; the run and its hits
are written in one, in which the run takes the next number. Of two runs at once the second finds its number taken and
starts anew, on what the first left. Everything may run twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from fleet.selectors import in_chunks
from risk.engine.hits import REVIEW_THRESHOLD
from risk.engine.names import NORMALISER_VERSION
from risk.flows import tell_of_screening
from risk.flows.asked_parties import AskedVendor, vendors_to_ask
from risk.flows.hit_records import Found, Pair, Settled, pair_of, save, settle
from risk.flows.lists_in_force import Key, records_in_force
from risk.flows.screening_owed import Owed, known_hits, what_is_owed
from risk.flows.screening_sides import Screened, ask
from risk.models import ListedEntityRecord, ListEdition, ScreeningHit, ScreeningRun, VendorScreening

ATTEMPTS = 5


class _Overtaken(Exception):
    """Another run took this one's number."""


def screen_vendors(*, clock: Callable[[], datetime], full: bool = False) -> list[ScreeningRun]:
    """Screen until nothing is owed; `full` first asks every vendor against every list. The runs, in their order.

    Without a list in force nobody can be screened: no run, and every vendor stays unscreened.
    """
    done: list[ScreeningRun] = []
    overtaken = 0
    while owed := what_is_owed(full=full and not done):
        try:
            done.append(_screen(owed, clock))
        except _Overtaken:
            overtaken += 1
            if overtaken == ATTEMPTS:
                break  # others are at it; what is owed stays owed
    return done


def _screen(owed: Owed, clock: Callable[[], datetime]) -> ScreeningRun:
    """Gather and decide, then record."""
    started_at = clock()
    screened = ask(owed)
    try:
        with transaction.atomic():
            return _record(owed, screened, started_at, clock())
    except IntegrityError as taken:
        last = ScreeningRun.objects.last_run()
        if last is not None and last.pk != (owed.last.pk if owed.last else None):
            raise _Overtaken from taken
        raise


# --------------------------------------------------------------------------------------------------- on record


def _record(owed: Owed, screened: Screened, started_at: datetime, now: datetime) -> ScreeningRun:
    """The run with the next number first, which holds every other run off; then hits, vendors, and who is told."""
    run = _run(owed, screened, started_at, now)
    known = list(known_hits(owed).select_for_update(of=("self",)).select_related("record").order_by("pk"))
    found = _of_vendors_still_there(screened.found)
    listed = _entries_of_lost(known, found, owed)
    asked = {(party.vendor_id, party.party) for party in screened.parties}
    unlike = {
        pair: listed[pair[2:]] for pair in map(pair_of, known) if pair[2:] in listed and pair[:2] in asked
    }
    settled = settle(found, known, why_gone=lambda hit: _why_gone(hit, owed, listed, asked), unlike=unlike)
    save(settled, run)
    _keep_asked(screened.asked, run, owed.waiting)
    ScreeningRun.objects.filter(pk=run.pk).update(
        opened=len(settled.opened),
        unchanged=len(settled.unchanged),
        lapsed=len(settled.lapsed),
        closed=len(settled.closed),
    )
    run.refresh_from_db(fields=["opened", "unchanged", "lapsed", "closed"])
    tell_of_screening.tell(run, settled, moved=_moved(owed, settled, now), now=now)
    return run


def _run(owed: Owed, screened: Screened, started_at: datetime, now: datetime) -> ScreeningRun:
    if screened.weights.pk is None:
        screened.weights.save()
    return ScreeningRun.objects.create(
        number=owed.last.number + 1 if owed.last else 1,
        kind=owed.kind,
        cause=owed.cause,
        editions={each.format: _covered(each) for each in owed.editions},
        weights=screened.weights,
        normaliser_version=NORMALISER_VERSION,
        threshold=REVIEW_THRESHOLD,
        vendors=len({party.vendor_id for party in screened.parties}),
        names=sum(len(party.names) for party in screened.parties),
        parties=screened.entries,
        opened=0,
        unchanged=0,
        lapsed=0,
        closed=0,
        started_at=started_at,
        finished_at=now,
    )


def _covered(edition: ListEdition) -> dict[str, object]:
    return {
        "id": edition.pk,
        "number": edition.number,
        "data_date": edition.data_date.isoformat(),
        "sha256": edition.sha256,
    }


def _of_vendors_still_there(found: Mapping[Pair, Found]) -> dict[Pair, Found]:
    """A vendor may have been deleted, or become another operator's, since it was asked about."""
    ids = {pair[0] for pair in found}
    operators = dict(vendors_to_ask().filter(pk__in=ids).values_list("pk", "operator_id"))
    return {
        pair: replace(each, operator_id=operators[pair[0]])
        for pair, each in found.items()
        if pair[0] in operators
    }


def _entries_of_lost(
    known: Iterable[ScreeningHit], found: Mapping[Pair, Found], owed: Owed
) -> dict[Key, ListedEntityRecord]:
    """The entries, as far as they are still listed, of the hits that were not found again."""
    lost = {pair[2:] for pair in map(pair_of, known) if pair not in found}
    return records_in_force(lost, owed.editions) if lost else {}


def _why_gone(
    hit: ScreeningHit,
    owed: Owed,
    listed: Mapping[Key, ListedEntityRecord],
    asked: Collection[tuple[int, str]],
) -> str:
    if (hit.vendor_id, hit.party) not in asked:
        return (
            "The tie to the party is on record no more."
            if hit.party
            else "The vendor is asked about no more."
        )
    if (hit.list_code, hit.entity_id) in listed:
        return "The names of vendor and entry are no longer alike."
    return f"{hit.list_code} names the party no longer ({'; '.join(str(each) for each in owed.editions)})."


def _keep_asked(asked: Iterable[AskedVendor], run: ScreeningRun, waiting: Mapping[int, datetime]) -> None:
    """What the vendors were asked as. One that changed again since it was gathered waits on."""
    there = set(vendors_to_ask().values_list("pk", flat=True))
    rows = [
        VendorScreening(vendor_id=each.vendor_id, asked=each.plain, asked_digest=each.digest, run=run)
        for each in asked
        if each.vendor_id in there
    ]
    for some in in_chunks(rows):
        VendorScreening.objects.bulk_create(
            some,
            update_conflicts=True,
            unique_fields=["vendor"],
            update_fields=["asked", "asked_digest", "run"],
        )
    since: dict[datetime, list[int]] = defaultdict(list)
    for vendor_id, moment in waiting.items():
        since[moment].append(vendor_id)
    asked_ids = {row.vendor_id for row in rows}
    for moment, ids in since.items():
        for some_ids in in_chunks(asked_ids & set(ids)):
            VendorScreening.objects.filter(vendor_id__in=some_ids, owed_at=moment).update(owed_at=None)


def _moved(owed: Owed, settled: Settled, now: datetime) -> set[int]:
    """The vendors whose lots must be assessed anew: hits say otherwise, they were not screened before, or the lists
    that they were screened against were stale or others."""
    if tell_of_screening.coverage_differs(owed.last, owed.editions, now):
        return set(vendors_to_ask().values_list("pk", flat=True))
    return settled.moved | set(owed.vendor_ids)
