"""What a dispute over origin could cost one lot, low, likely and high, as a reserve note asks for it.

Evidence is dated: asked for another day, another part of it is in force, and the likely column moves by
itself. Two things are kept apart: the origin that was declared, and the one that the record makes likely.
Clocks: see risk.engine.clocks. Strength is the operator's own judgement; a paper that is only weak persuades
nobody (a supplier's statement alone did not stop customs in the disputes on record).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from risk.engine.amounts import LotValue
from risk.engine.clocks import PROTEST, ClockStage, EntryClocks
from risk.engine.exposure import Stage
from risk.engine.facts import UNITED_STATES, LotFacts, VendorFacts
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.terms.spans import DateSpan

ASSUMPTIONS = {
    "low": "No dispute: customs accepts every declared origin.",
    "likely": (
        "Customs refuses the declared origin of the rigs for which no strong or supporting evidence is in "
        "force on the day, and of the lots for which such evidence bears another origin; entries with a "
        "clock open; without interest and penalties."
    ),
    "high": (
        "Customs refuses the declared origin of every entry with a clock open, whatever the evidence; "
        "without interest and penalties."
    ),
}


class Strength(StrEnum):
    """How far a paper carries, strongest first."""

    STRONG = "strong"
    SUPPORTING = "supporting"
    WEAK = "weak"

    @property
    def persuades(self) -> bool:
        """Whether it counts as evidence of an origin."""
        return self is not Strength.WEAK


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceOfOrigin:
    """A paper that bears an origin for as long as it is in force. Never a fact of the lot."""

    title: str
    country: CountryCode
    span: DateSpan
    strength: Strength

    def persuades_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.strength.persuades and day in self.span


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEvidence:
    """The papers on one lot: on all of it, and on some of its rigs. `left` is the customs value of the rigs that
    no persuading paper for the declared origin covers on the day; None where that is unknown. `covers_all`:
    there are none."""

    whole: tuple[EvidenceOfOrigin, ...] = ()
    partly: tuple[EvidenceOfOrigin, ...] = ()
    covers_all: bool = False
    left: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginSaid:
    """An origin, who or what says so, and since when; a country of None is unknown."""

    country: CountryCode | None
    source: str
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock of an entry. `days_left` is 0 on its last day and None once it has run out."""

    name: str
    last_day: date
    days_left: int | None
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LotReserve:
    """The three columns of one lot with what they rest on; None is unknown, never 0."""

    stage: Stage
    declared: OriginSaid
    assessed: OriginSaid
    contested: CountryCode | None
    low: Money | None
    likely: Money | None
    high: Money | None
    clock: ClockStage | None
    clocks: tuple[Clock, ...]
    because: str


def reserve_of(
    lot: LotFacts,
    vendor: VendorFacts,
    value: LotValue,
    evidence: LotEvidence,
    sitting: Sitting,
    *,
    liquidated: date | None = None,
) -> LotReserve:
    """The columns of one lot on the day of the sitting; `liquidated` is the day on which its entry was, where that is
    on record."""
    against = _speaking_against(lot, evidence, sitting.on)
    disputed = replace(lot, hashboard_origin=against.country) if against else lot
    found = sitting.assess(disputed, vendor, value)
    high = found.amounts.contingent
    left = replace(value, ever=value.ever if against else evidence.left)
    if high == NO_MONEY or (evidence.covers_all and not against):
        likely: Money | None = NO_MONEY
    else:
        likely = sitting.assess(disputed, vendor, left).amounts.contingent
    entered = lot.entry_date if _is_us_law(lot) and found.stage is Stage.ENTERED else None
    return LotReserve(
        stage=found.stage,
        declared=declared_origin(lot),
        assessed=assessed_origin(lot, vendor, evidence, sitting.on),
        contested=found.contested_origin,
        low=NO_MONEY,
        likely=likely,
        high=high,
        clock=EntryClocks.of(entered, liquidated).stage_on(sitting.on) if entered else None,
        clocks=clocks_of(entered, sitting.on, liquidated=liquidated) if entered else (),
        because=_because(lot, evidence, against, high, sitting.on),
    )


def declared_origin(lot: LotFacts) -> OriginSaid:
    """What was declared to customs, or what is taken for it."""
    if lot.country_of_origin is not None:
        return OriginSaid(
            country=lot.country_of_origin,
            source="declared at entry, by the fleet's record",
            since=lot.entry_date,
        )
    if lot.origin is not None:
        return OriginSaid(
            country=lot.origin, source="country of assembly; no origin is on record", since=lot.entry_date
        )
    return OriginSaid(country=None, source="no origin is on record")


def assessed_origin(lot: LotFacts, vendor: VendorFacts, evidence: LotEvidence, on: date) -> OriginSaid:
    """What the record makes likely: evidence against the declared origin, evidence for all of the lot, where
    the hashboards are from, what customs is reported to assert for the maker; in this order."""
    shown = _speaking_against(lot, evidence, on)
    if shown is None and evidence.covers_all:
        shown = _strongest((*evidence.whole, *evidence.partly), lot.origin, on)
    if shown:
        return OriginSaid(country=shown.country, source=f"evidence: {shown.title}", since=_since(shown.span))
    if lot.hashboard_origin:
        return OriginSaid(
            country=lot.hashboard_origin, source="origin of the hashboards, by the fleet's record"
        )
    claim = vendor.contested_origin_on(lot.entry_date) if lot.entry_date else None
    if claim:
        return OriginSaid(country=claim.country, source=claim.source, since=claim.span.first)
    return OriginSaid(country=None, source="nothing on record speaks for or against the declared origin")


def clocks_of(entry_date: date, on: date, *, liquidated: date | None = None) -> tuple[Clock, ...]:
    """The clocks of an entry: liquidation (19 USC 1504), protest (19 USC 1514), penalty (19 USC 1621).

    Without a liquidation date on record the usual cycle is assumed, and what hangs on it is an estimate.
    """
    clocks = EntryClocks.of(entry_date, liquidated)
    estimated = liquidated is None
    ends = (
        ("liquidation", clocks.liquidated, estimated),
        ("protest", clocks.liquidated + PROTEST, estimated),
        ("penalty", clocks.penalty_through, False),
    )
    return tuple(
        Clock(name=name, last_day=last, days_left=days_left(last, on), is_estimated=is_estimated)
        for name, last, is_estimated in ends
    )


def days_left(last_day: date, on: date) -> int | None:
    """Days from a day to a last day: 0 on it, None after it."""
    return (last_day - on).days if on <= last_day else None


def bears(evidence: EvidenceOfOrigin, origin: CountryCode | None, on: date) -> bool:
    """Whether a paper counts for that origin on a day."""
    return origin is not None and evidence.country == origin and evidence.persuades_on(on)


def _is_us_law(lot: LotFacts) -> bool:
    """The clocks are those of US customs; an entry elsewhere has none here. A silent country may be the US."""
    return lot.import_country in (None, UNITED_STATES)


def _speaking_against(lot: LotFacts, evidence: LotEvidence, on: date) -> EvidenceOfOrigin | None:
    """The strongest paper in force that bears another origin than the declared one; on any rig of the lot."""
    others = (each for each in (*evidence.whole, *evidence.partly) if each.country != lot.origin)
    persuading = [each for each in others if each.persuades_on(on)] if lot.origin else []
    return min(persuading, key=_rank, default=None)


def _strongest(
    papers: tuple[EvidenceOfOrigin, ...], origin: CountryCode | None, on: date
) -> EvidenceOfOrigin | None:
    return min((each for each in papers if bears(each, origin, on)), key=_rank, default=None)


def _rank(evidence: EvidenceOfOrigin) -> tuple[int, int, str]:
    return list(Strength).index(evidence.strength), -evidence.span.first.toordinal(), evidence.title


def _since(span: DateSpan) -> date | None:
    return None if span.first == date.min else span.first


def _because(
    lot: LotFacts, evidence: LotEvidence, against: EvidenceOfOrigin | None, high: Money | None, on: date
) -> str:
    """Why the likely column is what it is, in one sentence or two."""
    if high == NO_MONEY:
        return "Nothing more could be asked: no other origin is asserted or costs more, or every clock has run out."
    if lot.origin is None:
        return "No origin is on record, so nothing can bear it out, and the amount is unknown."
    if against:
        country = against.country.country_name
        return f"Evidence in force bears another origin, {country}: {against.title}."
    if evidence.covers_all:
        return "Evidence in force covers every rig of the lot."
    return _what_is_lacking(lot, evidence, on)


def _what_is_lacking(lot: LotFacts, evidence: LotEvidence, on: date) -> str:
    papers = (*evidence.whole, *evidence.partly)
    if any(bears(each, lot.origin, on) for each in evidence.partly):
        return "Evidence in force covers only a part of the rigs."
    expired = [each for each in papers if each.span.through is not None and each.span.through < on]
    if expired:
        newest = max(expired, key=lambda each: each.span.through or date.min)
        return f"The evidence has expired: {newest.title}, on {newest.span.day_after}."
    if papers:
        return "The evidence on record is weak or not yet in force."
    return "No evidence for the declared origin is on record."
