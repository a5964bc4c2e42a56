"""Which entries of government lists a vendor is like, asked from either side.

Entries are found by likeness of names, with identifiers and countries as evidence: a hit is a question for a
person, never yet an answer. What answers come to is decided in risk.engine.sanctions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from risk.engine.evidence import FEATURES, Evidence, ScreenedParty, number_of, numbers_of
from risk.engine.hits import (
    ACT_THRESHOLD,
    REVIEW_THRESHOLD,
    Band,
    HitCandidate,
    hit_of,
    in_order,
    keep_better,
)
from risk.engine.listed import ListedEntity, ListedName
from risk.engine.names.index import NameIndex
from risk.engine.names.likeness import Likeness, likeness
from risk.engine.names.normalising import normalised
from risk.engine.names.rarity import Rarity

__all__ = [
    "ACT_THRESHOLD",
    "FEATURES",
    "REVIEW_THRESHOLD",
    "Band",
    "Evidence",
    "HitCandidate",
    "ScreenedParty",
    "Screener",
    "VendorSide",
    "hit_between",
    "name_score",
]

HALF_A_CENT = 0.005
"""Strengths are told to two digits: 0.695 is 0.70."""

_NO_LISTS = Rarity()


class Screener:
    """All entries of all lists in force, in memory, asked about one vendor at a time.

    Building it normalises every name once (about a second for 26,000); asking costs milliseconds. Words weigh what
    `rarity` says, or what these entries say.
    """

    def __init__(self, entities: Iterable[ListedEntity], rarity: Rarity | None = None) -> None:
        self.entities = tuple(entity for entity in entities if entity.may_be_an_organisation)
        self._listed = [(entity, name) for entity in self.entities for name in entity.names]
        normal = [normalised(name.text) for _, name in self._listed]
        self.rarity = rarity or Rarity(normal)
        self._index = NameIndex(normal)
        self._by_number: dict[str, list[ListedEntity]] = {}
        for entity in self.entities:
            for number in numbers_of(entity):
                self._by_number.setdefault(number, []).append(entity)

    def screen(
        self, party: ScreenedParty, *, at_least: Decimal = REVIEW_THRESHOLD, list_code: str | None = None
    ) -> tuple[HitCandidate, ...]:
        """Every listed party that is at least so like the vendor, the strongest first; each party once."""
        best: dict[tuple[str, str], HitCandidate] = {}
        for entity, name, own, how in self._alike(party, _least_score(at_least)):
            keep_better(best, hit_of(party, own, entity, name, how))
        for entity in self._of_same_number(party):
            keep_better(best, _by_identifier(party, entity, self.rarity))
        return in_order(hit for hit in best.values() if hit.strength >= at_least and _is_of(hit, list_code))

    def _alike(
        self, party: ScreenedParty, least: float
    ) -> Iterator[tuple[ListedEntity, ListedName, str, Likeness]]:
        for own in party.names:
            normal = normalised(own)
            for number in self._index.candidates(normal):
                entity, name = self._listed[number]
                how = likeness(normal, self._index.names[number], self.rarity)
                if how.score >= least:
                    yield entity, name, own, how

    def _of_same_number(self, party: ScreenedParty) -> Iterator[ListedEntity]:
        for value in party.identifiers:
            yield from self._by_number.get(number_of(value), ())


class VendorSide:
    """All vendors in memory, asked about the entries that a new list edition brings or changes."""

    def __init__(self, parties: Iterable[ScreenedParty], rarity: Rarity) -> None:
        self.parties = tuple(parties)
        self.rarity = rarity
        self._owned = [(number, name) for number, party in enumerate(self.parties) for name in party.names]
        self._index = NameIndex([normalised(name) for _, name in self._owned])
        self._by_number: dict[str, list[int]] = {}
        for number, party in enumerate(self.parties):
            for value in party.identifiers:
                self._by_number.setdefault(number_of(value), []).append(number)

    def touched_by(
        self, entities: Iterable[ListedEntity], *, at_least: Decimal = REVIEW_THRESHOLD
    ) -> dict[int, tuple[HitCandidate, ...]]:
        """The vendors (by their place) that an entry is like, with their hits, the strongest first."""
        found: dict[int, dict[tuple[str, str], HitCandidate]] = {}
        for entity in entities:
            if entity.may_be_an_organisation:
                for number, hit in self._hits(entity, _least_score(at_least)):
                    keep_better(found.setdefault(number, {}), hit)
        hits = {
            n: in_order(h for h in best.values() if h.strength >= at_least)
            for n, best in sorted(found.items())
        }
        return {number: each for number, each in hits.items() if each}

    def _hits(self, entity: ListedEntity, least: float) -> Iterator[tuple[int, HitCandidate]]:
        for name in entity.names:
            listed = normalised(name.text)
            for at in self._index.candidates(listed):
                number, own = self._owned[at]
                how = likeness(self._index.names[at], listed, self.rarity)
                if how.score >= least:
                    yield number, hit_of(self.parties[number], own, entity, name, how)
        for value in numbers_of(entity):
            for number in self._by_number.get(value, ()):
                yield number, _by_identifier(self.parties[number], entity, self.rarity)


def hit_between(
    party: ScreenedParty, entity: ListedEntity, rarity: Rarity, *, at_least: Decimal = REVIEW_THRESHOLD
) -> HitCandidate | None:
    """The hit of one vendor and one listed party, every name compared with every name; None where they are not so
    like. What either side finds among many is always among these."""
    least, best = _least_score(at_least), dict[tuple[str, str], HitCandidate]()
    for own in party.names:
        for name in entity.names:
            how = likeness(normalised(own), normalised(name.text), rarity)
            if how.score >= least:
                keep_better(best, hit_of(party, own, entity, name, how))
    if numbers_of(entity) & {number_of(value) for value in party.identifiers}:
        keep_better(best, _by_identifier(party, entity, rarity))
    found = best.get(entity.key)
    return found if found is not None and found.strength >= at_least else None


def name_score(one: str, other: str, rarity: Rarity | None = None) -> float:
    """How alike two names are, 0 to 1; without lists to weigh by, every word that is no word of trade is rare."""
    return likeness(normalised(one), normalised(other), rarity or _NO_LISTS).score


def _least_score(at_least: Decimal) -> float:
    """The score from which a likeness can reach that strength by itself."""
    return float(at_least) - HALF_A_CENT


def _by_identifier(party: ScreenedParty, entity: ListedEntity, rarity: Rarity) -> HitCandidate:
    """A hit by its number alone, told with the pair of names that are most alike."""
    compared = (
        (likeness(normalised(own), normalised(name.text), rarity), own, name)
        for own in party.names
        for name in entity.names
    )
    how, own, name = max(compared, key=lambda each: each[0].score)
    return hit_of(party, own, entity, name, how)


def _is_of(hit: HitCandidate, list_code: str | None) -> bool:
    return list_code is None or hit.entity.list_code == list_code
