"""How far lists reach a vendor: parties that a policy edition names, and likely entries of government lists.

A measure's parties are compared as whole words in any case; nothing is guessed from likeness there, and a
maker that was screened against no list at all is never clear. Entries of lists are found by likeness of names,
with identifiers and countries as evidence: a hit is a question for a person, never yet an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from risk.engine.facts import VendorFacts, digest_of
from risk.engine.findings import Reason, SanctionLevel
from risk.engine.listed import Identifier, ListedEntity, ListedName
from risk.engine.names.index import NameIndex
from risk.engine.names.likeness import Likeness, likeness
from risk.engine.names.normalising import normalised
from risk.engine.names.rarity import Rarity
from risk.engine.policy import Effect, MeasureSpec, PolicyBook
from risk.engine.terms.countries import CountryCode

LEVEL_OF_EFFECT = {
    Effect.BLOCKS: SanctionLevel.BLOCKED,
    Effect.RESTRICTS: SanctionLevel.RESTRICTED,
    Effect.WATCHES: SanctionLevel.WATCH,
}
STRONGEST_FIRST = tuple(SanctionLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionFinding:
    """The highest level found, why, and whether lists were looked at at all.

    An unscreened maker can turn out worse than `level`; it is never better than unknown.
    """

    level: SanctionLevel
    is_screened: bool
    reasons: tuple[Reason, ...]


def sanction_finding(vendor: VendorFacts, book: PolicyBook, on: date) -> SanctionFinding:
    """The sanction level of a maker on a day, under the parties that the edition names."""
    found = sorted(_reached(vendor, book, on), key=lambda pair: STRONGEST_FIRST.index(pair[0]))
    is_screened = bool(vendor.lists_screened)
    reasons = tuple(reason for _, reason in found)
    if not is_screened:
        reasons += (
            Reason("never_screened", f"No government list is loaded, so {vendor.name} was not screened."),
        )
    floor = SanctionLevel.CLEAR if is_screened else SanctionLevel.UNKNOWN
    return SanctionFinding(level=found[0][0] if found else floor, is_screened=is_screened, reasons=reasons)


def _reached(vendor: VendorFacts, book: PolicyBook, on: date) -> Iterator[tuple[SanctionLevel, Reason]]:
    for measure in book.in_effect_on(on):
        if measure.effect is None or not measure.names:
            continue
        for own in (vendor.name, *vendor.other_names):
            if _is_named(own, measure):
                yield LEVEL_OF_EFFECT[measure.effect], _named(own, measure)
                break
        for tie in vendor.affiliations:
            if (tie.span is None or on in tie.span) and _is_named(tie.other_party, measure):
                yield SanctionLevel.WATCH, _affiliate(vendor, tie.other_party, tie.relation, measure)


def _is_named(name: str, measure: MeasureSpec) -> bool:
    words = f" {_words(name)} "
    return any(f" {_words(party)} " in words for party in measure.names)


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _named(name: str, measure: MeasureSpec) -> Reason:
    return Reason(
        "named_by_measure", f"{name} is named by {measure.code}: {measure.title} ({measure.legal_reference})."
    )


def _affiliate(vendor: VendorFacts, party: str, relation: str, measure: MeasureSpec) -> Reason:
    named = f"which {measure.code} names ({measure.legal_reference})"
    sentence = f"{vendor.name} is tied to {party} ({relation}), {named}."
    return Reason("affiliate_of_named_party", sentence)


# ------------------------------------------------------------------------------------- entries of government lists

REVIEW_THRESHOLD = Decimal("0.70")
ACT_THRESHOLD = Decimal("0.85")
HALF_A_CENT = 0.005
"""Strengths are told to two digits: 0.695 is 0.70."""

WEAK_NAME_MOST = 0.65
"""A weak alias (a nickname, initials) that agrees wholly stays under review: many others bear it."""

SAME_IDENTIFIER_LEAST = Decimal("0.95")
"""The strength of a hit whose registration, tax or like number agrees, however the names are written."""

SHORTEST_IDENTIFIER = 6
"""Numbers of fewer letters and digits are borne by different parties in different registers."""

_NO_LISTS = Rarity()
_CENT = Decimal("0.01")
_NOT_OF_A_COMPANY = re.compile(r"Phone|Birth|Gender|Nationality", re.I)


class Band(StrEnum):
    """What a strength asks for, the most urgent first."""

    ACT = "act"
    REVIEW = "review"
    LOW = "low"

    @classmethod
    def of(cls, strength: Decimal) -> Band:
        """The band that a strength lies in."""
        return (
            cls.ACT if strength >= ACT_THRESHOLD else cls.REVIEW if strength >= REVIEW_THRESHOLD else cls.LOW
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedParty:
    """Whom we ask about: every name in every script, its countries, and its numbers as they are written."""

    names: tuple[str, ...]
    countries: frozenset[CountryCode] = frozenset()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something beside the names: it agrees (True), contradicts (False) or one side is silent (None)."""

    code: str
    agrees: bool | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitCandidate:
    """A listed party that a vendor may be: strength 0.00 to 1.00, the words that agree, the evidence."""

    party: ScreenedParty
    vendor_name: str
    entity: ListedEntity
    matched: ListedName
    strength: Decimal
    likeness: Likeness
    evidence: tuple[Evidence, ...]

    @property
    def band(self) -> Band:
        """What the strength asks for."""
        return Band.of(self.strength)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, in sentences: the names, each word, the evidence."""
        return (Reason("names_alike", self._names_sentence()), *self._words(), *self._evidence_reasons())

    @property
    def evidence_digest(self) -> str:
        """The same as long as nothing changed that a person decided on; a decision lapses with it."""
        known = [(each.code, each.agrees, each.sentence) for each in self.evidence]
        return digest_of(self.vendor_name, *self.entity.key, self.matched.text, self.matched.is_weak, known)

    def _names_sentence(self) -> str:
        kind = f"{'weak ' if self.matched.is_weak else ''}{self.matched.kind} name"
        capped = f"; {self.likeness.capped_because}" if self.likeness.capped_because else ""
        return f"'{self.vendor_name}' is like the {kind} '{self.matched.text}' ({self.likeness.score:.2f}{capped})."

    def _words(self) -> Iterator[Reason]:
        for pair in self.likeness.pairs:
            yield Reason(
                "words_agree", f"'{pair.one}' and '{pair.other}': {pair.reason} ({pair.similarity:.2f})."
            )

    def _evidence_reasons(self) -> Iterator[Reason]:
        return (Reason(each.code, each.sentence) for each in self.evidence if each.agrees is not None)


Feature = Callable[[ScreenedParty, ListedEntity], Evidence]


def same_identifier(party: ScreenedParty, entity: ListedEntity) -> Evidence:
    """A number that is given out once agrees: registration, tax, LEI, website, wallet."""
    own = {_number(value) for value in party.identifiers}
    shared = [each for each in entity.identifiers if _identifies(each) and _number(each.value) in own]
    if shared:
        sentence = f"Both have the {shared[0].system} {shared[0].value}."
        return Evidence(code="identifier_agrees", agrees=True, sentence=sentence)
    return Evidence(code="identifier_silent", agrees=None, sentence="No number of theirs can be compared.")


def same_country(party: ScreenedParty, entity: ListedEntity) -> Evidence:
    """A country of the vendor is one of the listed party's; others contradict, but a company can move."""
    if not party.countries or not entity.countries:
        return Evidence(
            code="country_silent", agrees=None, sentence="The country of one of them is not known."
        )
    shared = sorted(party.countries & entity.countries)
    own, listed = (", ".join(sorted(each)) for each in (party.countries, entity.countries))
    if shared:
        return Evidence(code="country_agrees", agrees=True, sentence=f"Both are of {', '.join(shared)}.")
    sentence = f"The vendor is of {own}, the listed party of {listed}."
    return Evidence(code="country_contradicts", agrees=False, sentence=sentence)


FEATURES: tuple[Feature, ...] = (same_identifier, same_country)
"""Evidence beside the names. It orders hits; only an identifier that agrees makes one by itself."""


class Screener:
    """All entries of all lists in force, in memory, asked about one vendor at a time.

    Building it normalises every name once (about a second for 26,000); asking costs milliseconds.
    """

    def __init__(self, entities: Iterable[ListedEntity]) -> None:
        self.entities = tuple(entity for entity in entities if entity.may_be_an_organisation)
        self._listed = [(entity, name) for entity in self.entities for name in entity.names]
        normal = [normalised(name.text) for _, name in self._listed]
        self.rarity = Rarity(normal)
        self._index = NameIndex(normal)
        self._by_number: dict[str, list[ListedEntity]] = {}
        for entity in self.entities:
            for number in _numbers_of(entity):
                self._by_number.setdefault(number, []).append(entity)

    def screen(
        self, party: ScreenedParty, *, at_least: Decimal = REVIEW_THRESHOLD, list_code: str | None = None
    ) -> tuple[HitCandidate, ...]:
        """Every listed party that is at least so like the vendor, the strongest first; each party once."""
        best: dict[tuple[str, str], HitCandidate] = {}
        for entity, name, own, how in self._alike(party, _least_score(at_least)):
            _keep_better(best, _hit(party, own, entity, name, how))
        for entity in self._of_same_number(party):
            _keep_better(best, _by_identifier(party, entity, self.rarity))
        return _in_order(hit for hit in best.values() if hit.strength >= at_least and _is_of(hit, list_code))

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
            yield from self._by_number.get(_number(value), ())


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
                self._by_number.setdefault(_number(value), []).append(number)

    def touched_by(
        self, entities: Iterable[ListedEntity], *, at_least: Decimal = REVIEW_THRESHOLD
    ) -> dict[int, tuple[HitCandidate, ...]]:
        """The vendors (by their place) that an entry is like, with their hits, the strongest first."""
        found: dict[int, dict[tuple[str, str], HitCandidate]] = {}
        for entity in entities:
            if entity.may_be_an_organisation:
                for number, hit in self._hits(entity, _least_score(at_least)):
                    _keep_better(found.setdefault(number, {}), hit)
        hits = {
            n: _in_order(h for h in best.values() if h.strength >= at_least)
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
                    yield number, _hit(self.parties[number], own, entity, name, how)
        for value in _numbers_of(entity):
            for number in self._by_number.get(value, ()):
                yield number, _by_identifier(self.parties[number], entity, self.rarity)


def name_score(one: str, other: str, rarity: Rarity | None = None) -> float:
    """How alike two names are, 0 to 1; without lists to weigh by, every word that is no word of trade is rare."""
    return likeness(normalised(one), normalised(other), rarity or _NO_LISTS).score


def _hit(
    party: ScreenedParty, own: str, entity: ListedEntity, name: ListedName, how: Likeness
) -> HitCandidate:
    score = min(how.score, WEAK_NAME_MOST) if name.is_weak else how.score
    evidence = tuple(feature(party, entity) for feature in FEATURES)
    strength = Decimal(score).quantize(_CENT)
    if evidence[0].agrees:
        strength = max(strength, SAME_IDENTIFIER_LEAST)
    return HitCandidate(
        party=party,
        vendor_name=own,
        entity=entity,
        matched=name,
        strength=strength,
        likeness=how,
        evidence=evidence,
    )


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
    return _hit(party, own, entity, name, how)


def _keep_better(best: dict[tuple[str, str], HitCandidate], hit: HitCandidate) -> None:
    known = best.get(hit.entity.key)
    if known is None or _order(hit) < _order(known):
        best[hit.entity.key] = hit


def _in_order(hits: Iterable[HitCandidate]) -> tuple[HitCandidate, ...]:
    return tuple(sorted(hits, key=_order))


def _order(hit: HitCandidate) -> tuple[object, ...]:
    """Strongest first; then what agrees beside the names, then the rarer words; then always the same order."""
    agreeing = sum(1 if each.agrees else -1 for each in hit.evidence if each.agrees is not None)
    rare = max((pair.weight for pair in hit.likeness.pairs), default=0.0)
    return (-hit.strength, -agreeing, -rare, *hit.entity.key, hit.matched.text, hit.vendor_name)


def _is_of(hit: HitCandidate, list_code: str | None) -> bool:
    return list_code is None or hit.entity.list_code == list_code


def _numbers_of(entity: ListedEntity) -> set[str]:
    return {_number(each.value) for each in entity.identifiers if _identifies(each)}


def _identifies(identifier: Identifier) -> bool:
    return len(_number(identifier.value)) >= SHORTEST_IDENTIFIER and not _NOT_OF_A_COMPANY.search(
        identifier.system
    )


def _number(value: str) -> str:
    """Letters and digits only, in one case; a website without its protocol and www."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", value.strip().casefold()).rstrip("/")
    return re.sub(r"[^0-9a-z]", "", plain)
