"""The pages of screening: the queue of hits, one hit with all that a reviewer needs, runs, and how old lists are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fleet.models import Lot
from risk.engine.facts import VendorFacts
from risk.engine.list_effects import ListEffect, effect_of
from risk.engine.listed import ListedEntity
from risk.engine.reviews import Decision, HitState
from risk.flows.tell_of_screening import is_stale
from risk.flows.vendor_standing import screened_vendors
from risk.lists import FORMATS
from risk.lists.editions.records import entity_from
from risk.models import HitDecision, ListEdition, ScreeningHit
from risk.models.screening import AWAITING, HitQuerySet

PAGE_SIZE = 50
RUNS_SHOWN = 100
WAITING = "waiting"
STATES = {WAITING: "waits for a decision", **{state.value: state.value for state in HitState}, "all": "any"}
STATE_WORDS = {
    HitState.OPEN: "open",
    HitState.LAPSED: "open again: its decision lapsed",
    HitState.ESCALATED: "escalated",
    HitState.CONFIRMED: "confirmed",
    HitState.DISMISSED: "dismissed",
    HitState.GONE: "found no more",
}
BAND_WORDS = {"act": "act", "review": "review", "low": "low"}
_PAGE_OF_THE_REGISTER = re.compile(r"(\d+) FR (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAsked:
    """What of the hits is asked for."""

    state: str = WAITING
    list_code: str = ""
    search: str = ""

    def narrowed(self, hits: HitQuerySet) -> HitQuerySet:
        """The hits that fit, the strongest first, ties always alike."""
        if self.state == WAITING:
            hits = hits.filter(state__in=AWAITING)
        elif self.state != "all":
            hits = hits.filter(state=self.state)
        if self.list_code:
            hits = hits.filter(list_code=self.list_code)
        if self.search:
            hits = hits.filter(vendor__name__icontains=self.search) | hits.filter(
                party__icontains=self.search
            )
        return hits.order_by("-strength", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    """One hit in the queue."""

    pk: int
    vendor: str
    party: str
    listed_name: str
    list_title: str
    entity_id: str
    strength: str
    band: str
    state: str
    is_private: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitPage:
    """One hit with its evidence, its entry, its vendor's owners and what was decided before."""

    hit: ScreeningHit
    who: str
    state: str
    evidence: dict[str, Any]
    agrees: tuple[str, ...]
    contradicts: tuple[str, ...]
    silent: tuple[str, ...]
    entity: ListedEntity
    effect: ListEffect
    citations: tuple[tuple[str, str], ...]
    edition: ListEdition
    in_force: ListEdition | None
    owners: tuple[str, ...]
    decisions: tuple[HitDecision, ...]
    first_word: HitDecision | None
    lots: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAge:
    """An edition in force, how old its data are, and whether that is too old to count."""

    edition: ListEdition
    title: str
    parties: int
    lists: tuple[str, ...]
    days: int
    is_stale: bool


def queue_lines(hits: HitQuerySet, *, first: int) -> list[HitLine]:
    """The hits from a place on, one more than a page so that it is known whether there are others; one query."""
    rows = hits.select_related("vendor", "record")[first : first + PAGE_SIZE + 1]
    return [_line(hit) for hit in rows]


def _line(hit: ScreeningHit) -> HitLine:
    features = [each["sentence"] for each in hit.evidence["features"] if each["agrees"] is not None]
    return HitLine(
        pk=hit.pk,
        vendor=hit.vendor.name,
        party=hit.party,
        listed_name=hit.record.name,
        list_title=effect_of(hit.list_code).title,
        entity_id=hit.entity_id,
        strength=f"{hit.strength:.2f}",
        band=BAND_WORDS[hit.band],
        state=STATE_WORDS[HitState(hit.state)],
        is_private=hit.operator_id is not None,
        says=tuple(features),
    )


def hit_page(
    hit: ScreeningHit, queue: HitQuerySet, *, operator: Any, first_word: HitDecision | None
) -> HitPage:
    """Everything about a hit; `queue` are the hits among which it is looked at, in their order."""
    features = hit.evidence["features"]
    entity = entity_from(hit.record.record)
    place = list(queue.values_list("pk", flat=True))
    at = place.index(hit.pk) if hit.pk in place else None
    return HitPage(
        hit=hit,
        who=hit.party or hit.vendor.name,
        state=STATE_WORDS[HitState(hit.state)],
        evidence=hit.evidence,
        agrees=tuple(each["sentence"] for each in features if each["agrees"]),
        contradicts=tuple(each["sentence"] for each in features if each["agrees"] is False),
        silent=tuple(each["sentence"] for each in features if each["agrees"] is None),
        entity=entity,
        effect=effect_of(hit.list_code),
        citations=tuple((each, citation_address(each)) for each in entity.citations),
        edition=hit.record.came_with,
        in_force=ListEdition.objects.current(hit.record.format),
        owners=tuple(_owners(hit)),
        decisions=tuple(hit.decisions.select_related("by", "seconds").order_by("-pk")),
        first_word=first_word,
        lots=_lots_of(hit, operator),
        before=place[at - 1] if at else None,
        after=_after(place, at),
    )


def _after(place: list[int], at: int | None) -> int | None:
    if at is None:
        return place[0] if place else None
    return place[at + 1] if at + 1 < len(place) else None


def _owners(hit: ScreeningHit) -> Iterator[str]:
    """How the party is tied to the vendor, and every holding above the vendor."""
    if hit.party:
        yield f"{hit.party} is tied to {hit.vendor.name}: {hit.relation}."
    facts: VendorFacts = screened_vendors([hit.vendor_id])[hit.vendor_id]
    for each in facts.holdings:
        span = f", {each.span}" if each.span and each.span.first != date.min else ""
        share = str(each) if each.is_known else "a share that no source gives"
        source = f" ({each.source})" if each.source else ""
        yield f"{each.owner} holds {share} of {each.owned}{span}{source}."


def _lots_of(hit: ScreeningHit, operator: Any) -> int:
    """The lots of this maker in the fleet that is shown."""
    if operator is None:
        return 0
    held = Lot.objects.of(operator).filter(model__maker_id=hit.vendor_id, holdings__isnull=False)
    return held.distinct().count()


def citation_address(citation: str) -> str:
    """Where a page of the Federal Register can be read; empty for a citation of another kind."""
    found = _PAGE_OF_THE_REGISTER.fullmatch(citation)
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}" if found else ""


def list_ages(today: date) -> list[ListAge]:
    """The editions in force, the oldest first."""
    ages = [_age(edition, today) for edition in ListEdition.objects.in_force()]
    return sorted(ages, key=lambda age: (-age.days, age.title))


def _age(edition: ListEdition, today: date) -> ListAge:
    form = FORMATS.get(edition.format)
    return ListAge(
        edition=edition,
        title=form.title if form else edition.format,
        parties=sum(edition.rows.values()),
        lists=tuple(sorted(edition.rows)),
        days=(today - edition.data_date).days,
        is_stale=is_stale(edition, today),
    )


DECISIONS = (
    (
        Decision.CONFIRMED,
        "Confirm",
        "c",
        "it is the listed party, and its lots are reached by the list",
    ),
    (Decision.DISMISSED, "Dismiss", "d", "it is somebody else"),
    (Decision.ESCALATED, "Escalate", "e", "somebody else has to look; it stays in the queue"),
)
"""What can be said of a hit: the word of the button, its key, and what it means."""
