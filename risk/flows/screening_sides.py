"""Vendors against lists, asked from the side of which there is less to make ready; nothing is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Max

from fleet.sheets.rows import collector_at_rest
from risk.engine.hits import HitCandidate
from risk.engine.kept_facts import digest_of
from risk.engine.listed import ListedEntity
from risk.engine.names import NORMALISER_VERSION
from risk.engine.names.rarity import Rarity
from risk.engine.reviews import HitState
from risk.engine.screening import Screener, VendorSide, hit_between
from risk.flows.asked_parties import AskedParty, AskedVendor, asked_vendors, vendors_to_ask
from risk.flows.hit_records import Found, Pair
from risk.flows.lists_in_force import parties_in_force, rarity_of, records_in_force, screener_of, weighed
from risk.flows.screening_owed import Kind, Owed, known_hits
from risk.lists.editions.records import entity_from
from risk.models import ListEdition, NameWeights, ScreeningRun, VendorScreening

FEW_PARTIES = 1_000
"""Up to so many vendors and parties tied to them it is quicker to make the lists ready than the vendors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What a run found, before it is laid over what is on record. `asked` are vendors that were gathered anew."""

    found: Mapping[Pair, Found]
    parties: Sequence[AskedParty]
    entries: int
    weights: NameWeights
    asked: tuple[AskedVendor, ...] = ()


@collector_at_rest()
def ask(owed: Owed) -> Screened:
    """Everything that a run finds."""
    return ASK[owed.kind](owed)


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


ASK = {Kind.FULL: _ask_all, Kind.LISTS: _ask_of_entries, Kind.VENDORS: _ask_of_vendors}


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
    on_record = known_hits(owed).exclude(state=HitState.GONE.value)
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
