"""A vendor that may be a listed party: how strongly, by which words and evidence, and in what order to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from risk.engine.evidence import FEATURES, Evidence, ScreenedParty
from risk.engine.findings import Reason
from risk.engine.kept_facts import digest_of
from risk.engine.listed import ListedEntity, ListedName
from risk.engine.names.likeness import Likeness

REVIEW_THRESHOLD = Decimal("0.70")
ACT_THRESHOLD = Decimal("0.85")

WEAK_NAME_MOST = 0.65
"""A weak alias (a nickname, initials) that agrees wholly stays under review: many others bear it."""

SAME_IDENTIFIER_LEAST = Decimal("0.95")
"""The strength of a hit whose registration, tax or like number agrees, however the names are written."""

_CENT = Decimal("0.01")


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

    @property
    def told(self) -> dict[str, Any]:
        """All that a reviewer sees, JSON-ready: names, word table, words on one side, evidence, reasons."""
        return {
            "vendor_name": self.vendor_name,
            "matched_name": self.matched.text,
            "matched_kind": self.matched.kind.value,
            "is_weak": self.matched.is_weak,
            "likeness": f"{self.likeness.score:.2f}",
            "words": [
                {
                    "vendor": pair.one,
                    "listed": pair.other,
                    "similarity": f"{pair.similarity:.2f}",
                    "weight": f"{pair.weight:.2f}",
                    "why": pair.reason,
                }
                for pair in self.likeness.pairs
            ],
            "vendor_alone": list(self.likeness.left_in_one),
            "listed_alone": list(self.likeness.left_in_other),
            "capped_because": self.likeness.capped_because,
            "features": [
                {"code": each.code, "agrees": each.agrees, "sentence": each.sentence}
                for each in self.evidence
            ],
            "reasons": [reason.sentence for reason in self.reasons],
        }

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


def hit_of(
    party: ScreenedParty, own: str, entity: ListedEntity, name: ListedName, how: Likeness
) -> HitCandidate:
    """A vendor's name and a listed one as a candidate; a weak name stays low unless a number agrees."""
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


def keep_better(best: dict[tuple[str, str], HitCandidate], hit: HitCandidate) -> None:
    """Of several names of one party, the one that says most."""
    known = best.get(hit.entity.key)
    if known is None or _order(hit) < _order(known):
        best[hit.entity.key] = hit


def in_order(hits: Iterable[HitCandidate]) -> tuple[HitCandidate, ...]:
    """The strongest first, ties always alike."""
    return tuple(sorted(hits, key=_order))


def _order(hit: HitCandidate) -> tuple[object, ...]:
    """Strongest first; then what agrees beside the names, then the rarer words; then always the same order."""
    agreeing = sum(1 if each.agrees else -1 for each in hit.evidence if each.agrees is not None)
    rare = max((pair.weight for pair in hit.likeness.pairs), default=0.0)
    return (-hit.strength, -agreeing, -rare, *hit.entity.key, hit.matched.text, hit.vendor_name)
