"""Candidates -> hits on record: what opened, what stayed, what lapsed, what is found no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from fleet.selectors import in_chunks
from risk.engine.hits import HitCandidate
from risk.engine.reviews import Decision, HitState, state_of, what_changed
from risk.models import ListedEntityRecord, ScreeningHit, ScreeningRun
from risk.models.screening import BEARING

Pair = tuple[int, str, str, str]
"""Vendor, party ('' for itself), list, number."""

NOT_ALIKE = "not alike"
"""The digest of the evidence of a confirmed hit whose names are no longer alike."""

_OF_A_HIT = (
    "record", "relation", "operator", "strength", "band", "evidence", "evidence_digest", "state", "changed_because",
    "last_run",
)  # fmt: skip


def pair_of(hit: ScreeningHit) -> Pair:
    """Whom a hit compares."""
    return hit.vendor_id, hit.party, hit.list_code, hit.entity_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of one pair: the candidate, the record of the entry, how the party is tied, and whose vendor it
    is, where it is private."""

    candidate: HitCandidate
    record: ListedEntityRecord
    relation: str = ""
    operator_id: int | None = None


@dataclass(slots=True)
class Settled:
    """What a run makes of hits. `moved` are the vendors of whom hits now say something else."""

    opened: list[ScreeningHit] = field(default_factory=list)
    lapsed: list[ScreeningHit] = field(default_factory=list)
    closed: list[ScreeningHit] = field(default_factory=list)
    unchanged: list[ScreeningHit] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)

    @property
    def to_be_told(self) -> list[ScreeningHit]:
        """The hits that a person has to look at and did not have to before, the strongest first."""
        return sorted(
            [*self.opened, *self.lapsed], key=lambda hit: (-hit.strength, hit.list_code, hit.entity_id)
        )


def settle(
    found: Mapping[Pair, Found],
    known: Iterable[ScreeningHit],
    *,
    why_gone: Callable[[ScreeningHit], str],
    unlike: Mapping[Pair, ListedEntityRecord],
) -> Settled:
    """Lay what was found over what is on record; nothing is saved. `known` are all hits that were asked about;
    `unlike` the entries of those of which both sides are still there, and were not found alike."""
    settled, seen = Settled(), set()
    for hit in known:
        pair = pair_of(hit)
        seen.add(pair)
        _laid_over(hit, found.get(pair), settled, why_gone, unlike.get(pair))
    for pair, each in found.items():
        if pair not in seen:
            hit = _new(pair, each)
            settled.opened.append(hit)
            settled.moved.add(hit.vendor_id)
    return settled


def save(settled: Settled, run: ScreeningRun) -> None:
    """Put what was settled on record, in the caller's transaction."""
    every = (*settled.opened, *settled.lapsed, *settled.closed, *settled.unchanged)
    for hit in every:
        hit.last_run = run
        if hit.pk is None:
            hit.first_run = run
    ScreeningHit.objects.bulk_create([hit for hit in every if hit.pk is None], batch_size=500)
    before = [hit for hit in every if hit.pk is not None and hit.first_run_id != run.pk]
    for some in in_chunks(before):
        ScreeningHit.objects.bulk_update(some, _OF_A_HIT)


def _laid_over(
    hit: ScreeningHit,
    found: Found | None,
    settled: Settled,
    why_gone: Callable[[ScreeningHit], str],
    unlike: ListedEntityRecord | None,
) -> None:
    before, said_before = HitState(hit.state), _says(hit)
    evidence = None
    if found is not None:
        _take(hit, found)
        evidence = hit.evidence_digest
    elif unlike is not None and hit.decision == Decision.CONFIRMED:
        # Another name unblocks nobody: while the entry is on its list the confirmation lapses, and binds on.
        hit.record, hit.evidence_digest = unlike, NOT_ALIKE
        evidence = NOT_ALIKE
    now = state_of(
        found=evidence,
        decision=Decision(hit.decision) if hit.decision else None,
        decided_on=hit.decided_on,
    )
    hit.state = now.value
    if now is not before:
        hit.changed_because = _because(hit, now, before, why_gone)
    if _says(hit) != said_before:
        settled.moved.add(hit.vendor_id)
    _sorted_out(hit, now, before, settled)


def _sorted_out(hit: ScreeningHit, now: HitState, before: HitState, settled: Settled) -> None:
    if now is HitState.GONE:
        (settled.unchanged if before is HitState.GONE else settled.closed).append(hit)
    elif now is before:
        settled.unchanged.append(hit)
    elif now is HitState.LAPSED:
        settled.lapsed.append(hit)
    else:
        (settled.opened if now is HitState.OPEN else settled.unchanged).append(hit)


def _because(
    hit: ScreeningHit, now: HitState, before: HitState, why_gone: Callable[[ScreeningHit], str]
) -> str:
    if now is HitState.GONE:
        return why_gone(hit)
    if now is HitState.LAPSED:
        return what_changed(hit.decided_evidence, hit.evidence) or why_gone(hit)
    return "It is found again, on the evidence of before." if before is HitState.GONE else ""


def _says(hit: ScreeningHit) -> tuple[object, ...]:
    """What the hit says of the vendor's sanction level."""
    return (hit.binds, hit.record_id) if hit.state in BEARING else ()


def _new(pair: Pair, found: Found) -> ScreeningHit:
    vendor_id, party, list_code, entity_id = pair
    hit = ScreeningHit(
        vendor_id=vendor_id,
        party=party,
        list_code=list_code,
        entity_id=entity_id,
        state=HitState.OPEN.value,
    )
    _take(hit, found)
    return hit


def _take(hit: ScreeningHit, found: Found) -> None:
    candidate = found.candidate
    hit.record, hit.relation, hit.operator_id = found.record, found.relation, found.operator_id
    hit.strength, hit.band = candidate.strength, candidate.band.value
    hit.evidence, hit.evidence_digest = candidate.told, candidate.evidence_digest
