"""What is owed a screening -> candidates, asked from the cheaper side -> hits on record, with their run.

Nothing marks what is owed but what caused it: an edition that no run covers, a vendor without a screening or with
one that is owed, another normaliser or threshold. Candidates are found without a transaction; the run and its hits
are written in one, in which the run takes the next number. Of two runs at once the second finds its number taken and
starts anew, on what the first left. Everything may run twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q

from fleet.selectors import in_chunks
from fleet.sheets.rows import collector_at_rest
from risk.engine.facts import digest_of
from risk.engine.hits import REVIEW_THRESHOLD, HitCandidate
from risk.engine.listed import ListedEntity
from risk.engine.names import NORMALISER_VERSION
from risk.engine.names.rarity import Rarity
from risk.engine.reviews import HitState
from risk.engine.screening import Screener, VendorSide, hit_between
from risk.flows import tell_of_screening
from risk.flows.asked_parties import AskedParty, AskedVendor, asked_vendors, vendors_to_ask
from risk.flows.hit_records import Found, Pair, Settled, save, settle
from risk.flows.lists_in_force import (
    Key,
    keys_differing,
    parties_in_force,
    rarity_of,
    records_in_force,
    screener_of,
    weighed,
)
from risk.lists.editions.records import entity_from
from risk.models import ListEdition, NameWeights, ScreeningHit, ScreeningRun, VendorScreening
from risk.models.screening import HitQuerySet

Kind = ScreeningRun.Kind
MOST_GROWN = 10
"""The difference in listed parties, in percent, from which words are counted anew, and so everybody is asked."""
FEW_PARTIES = 1_000
"""Up to so many vendors and parties tied to them it is quicker to make the lists ready than the vendors."""
ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one run has to do.

    `weights` None: words are counted anew. `differing` are the entries that a run over lists asks about; `waiting`
    says since when the vendors wait that do, as it stood before they were gathered.
    """

    kind: ScreeningRun.Kind
    cause: str
    last: ScreeningRun | None
    editions: tuple[ListEdition, ...]
    weights: NameWeights | None
    vendor_ids: tuple[int, ...] = ()
    differing: frozenset[Key] = frozenset()
    waiting: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What a run found, before it is laid over what is on record. `asked` are vendors that were gathered anew."""

    found: Mapping[Pair, Found]
    parties: Sequence[AskedParty]
    entries: int
    weights: NameWeights
    asked: tuple[AskedVendor, ...] = ()


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


def what_is_owed(*, full: bool = False) -> Owed | None:
    """What the next run has to do; None where everything is screened or nothing can be."""
    editions = tuple(ListEdition.objects.in_force())
    if not editions:
        return None
    last = ScreeningRun.objects.last_run()
    cause = _cause_to_count(last, editions)
    if last is None or cause or full or last.threshold != REVIEW_THRESHOLD:
        told = cause or ("it was asked for" if full else f"the threshold is {REVIEW_THRESHOLD}")
        weights = None if last is None or cause else last.weights
        waiting = _waiting()
        return Owed(
            kind=Kind.FULL, cause=told, last=last, editions=editions, weights=weights, waiting=waiting
        )
    newer = [each for each in editions if last.editions[each.format]["id"] != each.pk]
    if newer:
        return _owed_by_lists(last, editions, newer)
    waiting, vendor_ids = _waiting(), tuple(vendors_owed())
    cause = f"{len(vendor_ids)} new or changed vendors"
    return (
        Owed(
            kind=Kind.VENDORS,
            cause=cause,
            last=last,
            editions=editions,
            weights=last.weights,
            vendor_ids=vendor_ids,
            waiting=waiting,
        )
        if vendor_ids
        else None
    )


def vendors_owed() -> list[int]:
    """The vendors that were never screened, or that are asked about in other words since."""
    waiting = vendors_to_ask().filter(Q(screening__isnull=True) | Q(screening__owed_at__isnull=False))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _waiting() -> dict[int, datetime]:
    rows = VendorScreening.objects.filter(owed_at__isnull=False).values_list("vendor_id", "owed_at")
    return {vendor_id: since for vendor_id, since in rows if since}


def _cause_to_count(last: ScreeningRun | None, editions: Sequence[ListEdition]) -> str:
    """Why words have to be counted anew, and so everybody asked; empty where they need not."""
    if last is None:
        return "the first run"
    if last.normaliser_version != NORMALISER_VERSION:
        return f"names are compared by version {NORMALISER_VERSION}"
    counted = last.weights.editions
    if new := sorted({each.format for each in editions} - set(counted)):
        return f"the first edition of {', '.join(new)}"
    before, now = sum(counted.values()), sum(sum(each.rows.values()) for each in editions)
    return f"{now:,} listed parties, not {before:,}" if abs(now - before) * 100 > before * MOST_GROWN else ""


def _owed_by_lists(last: ScreeningRun, editions: tuple[ListEdition, ...], newer: list[ListEdition]) -> Owed:
    before = ListEdition.objects.in_bulk([last.editions[each.format]["id"] for each in newer])
    differing = {
        key for each in newer for key in keys_differing(before.get(last.editions[each.format]["id"]), each)
    }
    cause = "; ".join(str(each) for each in newer)[:300]
    return Owed(
        kind=Kind.LISTS,
        cause=cause,
        last=last,
        editions=editions,
        weights=last.weights,
        differing=frozenset(differing),
    )


def _screen(owed: Owed, clock: Callable[[], datetime]) -> ScreeningRun:
    """Gather and decide, then record."""
    started_at = clock()
    with collector_at_rest():
        screened = _ASK[owed.kind](owed)
    try:
        with transaction.atomic():
            return _record(owed, screened, started_at, clock())
    except IntegrityError as taken:
        last = ScreeningRun.objects.last_run()
        if last is not None and last.pk != (owed.last.pk if owed.last else None):
            raise _Overtaken from taken
        raise


# ---------------------------------------------------------------------------------------------------- who is asked


def _ask_all(owed: Owed) -> Screened:
    """Every vendor, gathered anew, against every entry; asked from the side of which there is less to make ready."""
    asked = tuple(asked_vendors(vendors_to_ask().values_list("pk", flat=True)))
    entities = parties_in_force(owed.editions)
    parties = _parties_of(asked)
    rarity = rarity_of(owed.weights) if owed.weights else None
    hits: Iterable[tuple[AskedParty, HitCandidate]]
    if len(parties) < FEW_PARTIES:
        screener = Screener(entities, rarity)
        rarity, hits = screener.rarity, _screened(screener, parties)
    else:
        rarity = rarity or weighed(entities)
        hits = _touched(VendorSide([party.screened for party in parties], rarity), parties, entities)
    return Screened(
        found=_found(hits, parties, owed, rarity),
        parties=parties,
        entries=len(entities),
        weights=owed.weights or _weights(rarity, owed.editions),
        asked=asked,
    )


def _ask_of_entries(owed: Owed) -> Screened:
    """The entries that differ, against every vendor as it was asked about last."""
    weights = _weights_of(owed)
    records = records_in_force(owed.differing, owed.editions)
    entities = [entity_from(row.record) for _, row in sorted(records.items())]
    parties, side = _vendor_side(weights)
    found = _found(_touched(side, parties, entities), parties, owed, side.rarity)
    return Screened(found=found, parties=parties, entries=len(owed.differing), weights=weights)


def _ask_of_vendors(owed: Owed) -> Screened:
    """The vendors that wait, gathered anew, against all entries."""
    weights, asked = _weights_of(owed), tuple(asked_vendors(owed.vendor_ids))
    screener, parties = screener_of(owed.editions, weights), _parties_of(asked)
    return Screened(
        found=_found(_screened(screener, parties), parties, owed, screener.rarity),
        parties=parties,
        entries=len(screener.entities),
        weights=weights,
        asked=asked,
    )


_ASK = {Kind.FULL: _ask_all, Kind.LISTS: _ask_of_entries, Kind.VENDORS: _ask_of_vendors}


def _parties_of(vendors: Iterable[AskedVendor]) -> list[AskedParty]:
    return [party for vendor in vendors for party in vendor.parties]


def _screened(screener: Screener, parties: Iterable[AskedParty]) -> Iterator[tuple[AskedParty, HitCandidate]]:
    return ((party, hit) for party in parties for hit in screener.screen(party.screened))


def _touched(
    side: VendorSide, parties: Sequence[AskedParty], entities: Iterable[ListedEntity]
) -> Iterator[tuple[AskedParty, HitCandidate]]:
    for number, hits in side.touched_by(entities).items():
        for hit in hits:
            yield parties[number], hit


def _found(
    hits: Iterable[tuple[AskedParty, HitCandidate]],
    parties: Iterable[AskedParty],
    owed: Owed,
    rarity: Rarity,
) -> dict[Pair, Found]:
    """What was found by pair, with what is on record and was not found among many but is still alike."""
    found = {_pair(party, hit): (party, hit) for party, hit in hits}
    found |= {_pair(party, hit): (party, hit) for party, hit in _still_alike(found, parties, owed, rarity)}
    records = records_in_force({hit.entity.key for _, hit in found.values()}, owed.editions) if found else {}
    return {
        pair: Found(candidate=hit, record=records[hit.entity.key], relation=party.relation)
        for pair, (party, hit) in found.items()
    }


def _pair(party: AskedParty, hit: HitCandidate) -> Pair:
    return party.vendor_id, party.party, *hit.entity.key


def _still_alike(
    found: Mapping[Pair, object], parties: Iterable[AskedParty], owed: Owed, rarity: Rarity
) -> Iterator[tuple[AskedParty, HitCandidate]]:
    """Only so many candidates are looked at among many names, and other names crowd one out; a hit does not go by
    that. Each that is on record and was not found is compared by itself."""
    on_record = _known(owed).exclude(state=HitState.GONE.value)
    pairs = set(on_record.values_list("vendor_id", "party", "list_code", "entity_id")) - found.keys()
    if not pairs:
        return
    asked = {(party.vendor_id, party.party): party for party in parties}
    records = records_in_force({pair[2:] for pair in pairs}, owed.editions)
    for pair in sorted(pairs):
        party, record = asked.get(pair[:2]), records.get(pair[2:])
        if party and record and (hit := hit_between(party.screened, entity_from(record.record), rarity)):
            yield party, hit


def _weights_of(owed: Owed) -> NameWeights:
    assert owed.weights is not None  # noqa: S101 (only a run over everybody counts words)
    return owed.weights


def _weights(rarity: Rarity, editions: Sequence[ListEdition]) -> NameWeights:
    """What was counted, not yet saved."""
    names, bearers = rarity.counts
    words = json.dumps(bearers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return NameWeights(
        normaliser_version=NORMALISER_VERSION,
        editions={each.format: sum(each.rows.values()) for each in editions},
        names=names,
        words=words,
        digest=digest_of(names, words),
    )


# ------------------------------------------------------------------------------------ all vendors, kept in memory


def _vendor_side(weights: NameWeights) -> tuple[Sequence[AskedParty], VendorSide]:
    """Every vendor as it was asked about last. Kept between runs: vendors are screened only by runs, so that the
    newest of theirs and how many they are tell whether the ones in memory are still those on record."""
    state = VendorScreening.objects.aggregate(vendors=Count("pk"), run=Max("run_id"), last=Max("pk"))
    newest = ScreeningRun.objects.filter(pk=state["run"]).values_list("finished_at", flat=True).first()
    return _kept_vendor_side((*state.values(), newest), weights.pk, weights.digest)


@lru_cache(maxsize=1)
def _kept_vendor_side(
    _state: tuple[object, ...], weights_id: int, _digest: str
) -> tuple[Sequence[AskedParty], VendorSide]:
    rows = (
        VendorScreening.objects.filter(vendor__in=vendors_to_ask())
        .order_by("vendor_id")
        .values_list("vendor_id", "asked")
    )
    vendors = (AskedVendor.from_plain(*row) for row in rows)
    parties = tuple(_parties_of(vendors))
    rarity = rarity_of(NameWeights.objects.get(pk=weights_id))
    return parties, VendorSide([party.screened for party in parties], rarity)


# --------------------------------------------------------------------------------------------------- on record


def _record(owed: Owed, screened: Screened, started_at: datetime, now: datetime) -> ScreeningRun:
    """The run with the next number first, which holds every other run off; then hits, vendors, and who is told."""
    run = _run(owed, screened, started_at, now)
    known = _known(owed).select_for_update(of=("self",)).select_related("record").order_by("pk")
    found = _of_vendors_still_there(screened.found)
    settled = settle(found, known, why_gone=lambda hit: _why_gone(hit, owed))
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


def _known(owed: Owed) -> HitQuerySet:
    """The hits on record that the run asked about anew."""
    if owed.kind is Kind.FULL:
        return ScreeningHit.objects.all()
    if owed.kind is Kind.VENDORS:
        return ScreeningHit.objects.filter(vendor_id__in=owed.vendor_ids)
    by_list: dict[str, list[str]] = defaultdict(list)
    for list_code, number in owed.differing:
        by_list[list_code].append(number)
    on_record = ScreeningHit.objects.filter(list_code__in=by_list).values_list("pk", "list_code", "entity_id")
    pks = [pk for pk, list_code, number in on_record if (list_code, number) in owed.differing]
    return ScreeningHit.objects.filter(pk__in=pks)


def _of_vendors_still_there(found: Mapping[Pair, Found]) -> dict[Pair, Found]:
    """A vendor may have been deleted, or become another operator's, since it was asked about."""
    ids = {pair[0] for pair in found}
    operators = dict(vendors_to_ask().filter(pk__in=ids).values_list("pk", "operator_id"))
    return {
        pair: replace(each, operator_id=operators[pair[0]])
        for pair, each in found.items()
        if pair[0] in operators
    }


def _why_gone(hit: ScreeningHit, owed: Owed) -> str:
    key = (hit.list_code, hit.entity_id)
    if key in records_in_force([key], owed.editions):
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
