"""Measures with their spans and conditions, and the book that holds all of one edition."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from risk.engine.conditions import Condition
from risk.engine.conditions.customs_value import CustomsValueOver
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.usmca import PARTNERS, NotUsmcaFree
from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.kept_facts import digest_of
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import ONE_DAY, DateSpan

T = TypeVar("T")

# What is tried for a fact that nobody gave: it comes from all measures of a book, not from those of the day alone.
TRIED: Mapping[str, str] = MappingProxyType(
    {
        "hts_code": "rated_codes",
        "import_country": "import_countries",
        "country_of_origin": "origins_named",
    }
)

HIGHEST_RATE = Decimal(10)
"""A measure over 1000 % is a slip of the decimal point; sums of measures know no limit."""


class MeasureKind(StrEnum):
    """What a measure does to goods or to those who deal in them."""

    TARIFF = "tariff"
    IMPORT_RESTRICTION = "import_restriction"
    SANCTION = "sanction"


class RateType(StrEnum):
    """How a rate joins the others on the same customs value."""

    BASE = "base"
    ADDITIVE = "additive"
    FLOOR_TOTAL = "floor_total"
    FEE = "fee"
    NONE = "none"


class Effect(StrEnum):
    """What a sanction measure does to the parties that it names."""

    BLOCKS = "blocks"
    RESTRICTS = "restricts"
    WATCHES = "watches"


class NotInEffect(LookupError):
    """A value was asked for on a day on which it does not exist; that is never the same as 0 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefTier:
    """Goods on their way before a day and entered before another pay `rate` in place of the measure's.

    `modes` None means any mode of transport. "Before" excludes the day itself.
    """

    modes: frozenset[TransportMode] | None
    loaded_before: date
    entered_before: date
    rate: AdValoremRate
    legal_reference: str

    def judge(self, entry: EntryFacts) -> Verdict:
        """Whether the tier holds; one fact that fails settles it, whatever else is unknown."""
        loaded = None if entry.loaded_date is None else entry.loaded_date < self.loaded_before
        carried = self.modes is None or (
            None if entry.transport_mode is None else entry.transport_mode in self.modes
        )
        answers = (entry.day < self.entered_before, carried, loaded)
        return Verdict.FAILS if False in answers else Verdict.of(None if None in answers else True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec:
    """A rate (or a restriction) on goods that meet its conditions, for a span of days, by an act.

    `family` is the file that the measure came from. `replaces` and `yields_to` name codes or families;
    '*' in `replaces` means every other duty. `verified_through` is the last day on which the text was
    checked against its sources; `confidence` is how well they bear it: high, medium or low. `means` says to an
    operator what a rule without a duty comes to.
    """

    code: str
    family: str
    title: str
    kind: MeasureKind
    authority: str
    span: DateSpan
    rate_type: RateType
    rate: AdValoremRate | None
    conditions: tuple[Condition, ...]
    legal_reference: str
    source: str
    confidence: str
    verified_through: date
    relief: tuple[ReliefTier, ...] = ()
    replaces: frozenset[str] = frozenset()
    yields_to: frozenset[str] = frozenset()
    spares_us_content: bool = False
    refundable_from: date | None = None
    litigation: str = ""
    minimum: Money | None = None
    maximum: Money | None = None
    names: tuple[str, ...] = ()
    effect: Effect | None = None
    note: str = ""
    means: str = ""

    def __post_init__(self) -> None:
        if self.rate is not None and self.rate.fraction > HIGHEST_RATE:
            raise ValueError(f"{self.code}: a rate of {self.rate} is out of range; give 0 % to 1000 %.")

    def rate_on(self, day: date) -> AdValoremRate:
        """The rate on a day of its span.

        Raises NotInEffect outside the span and for a measure that has no rate at all.
        """
        if day not in self.span or self.rate is None:
            raise NotInEffect(f"{self.code} has no rate on {day}; it is in effect {self.span}.")
        return self.rate

    def judge(self, entry: EntryFacts) -> tuple[Verdict, frozenset[str]]:
        """Whether all conditions hold, and which silent facts leave that open."""
        missing = set()
        for condition in self.conditions:
            verdict = condition.judge(entry)
            if verdict is Verdict.FAILS:
                return Verdict.FAILS, frozenset()
            if verdict is Verdict.UNKNOWN:
                missing.add(condition.looks_at)
        return Verdict.of(None if missing else True), frozenset(missing)

    def gives_way_to(self, other: MeasureSpec) -> bool:
        """Whether this measure does not bite where the other one does."""
        named = {other.code, other.family} & self.yields_to
        replaced = {self.code, self.family, "*"} & other.replaces
        return bool(named or replaced) and other.code != self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbering:
    """From a day on, codes under one prefix are found under another; statistical suffixes stay."""

    old: HtsPrefix
    new: HtsPrefix
    since: date
    legal_reference: str

    def other_number(self, code: HtsCode) -> HtsCode | None:
        """The number of the same goods on the other side of the day, where the code is concerned."""
        for here, there in ((self.old, self.new), (self.new, self.old)):
            if here.covers(code):
                return HtsCode(there.digits + code.digits[len(here.digits) :])
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHeading:
    """A heading under which customs has refused rigs, with the rulings that say so."""

    heading: str
    code: str
    sentence: str
    legal_reference: str


@dataclass(frozen=True)
class PolicyBook:
    """All measures of one edition, ready to be asked for a day."""

    measures: tuple[MeasureSpec, ...]
    renumberings: tuple[Renumbering, ...] = ()
    refused_headings: tuple[RefusedHeading, ...] = ()

    def in_effect_on(self, day: date) -> tuple[MeasureSpec, ...]:
        """The measures of that day, by authority and date; base rates come first."""
        segment = self._segment(day)
        if segment not in self._by_segment:
            self._by_segment[segment] = tuple(m for m in self._ordered if day in m.span)
        return self._by_segment[segment]

    def reaching(self, entry: EntryFacts) -> tuple[MeasureSpec, ...]:
        """The measures of the entry's day that its country of import, codes and origin do not rule out."""
        goods = (self._segment(entry.day), entry.import_country, entry.hts_codes)
        key = (*goods, entry.country_of_origin)
        if key not in self._reaching:
            if goods not in self._reaching:
                measures = self.in_effect_on(entry.day)
                self._reaching[goods] = _left_by((ImportedInto, HtsCodeUnder), measures, entry)
            self._reaching[key] = _left_by((OriginAmong,), self._reaching[goods], entry)
        return self._reaching[key]

    @cached_property
    def change_days(self) -> tuple[date, ...]:
        """The days on which some measure begins, or no longer applies, in order."""
        begins = {measure.span.first for measure in self.measures}
        ends = {measure.span.day_after for measure in self.measures} - {None}
        return tuple(sorted(begins | {end for end in ends if end}))

    def segment_of(self, day: date) -> DateSpan | None:
        """The days around this one on which the same measures are in effect; None before the first."""
        index = self._segment(day)
        if index == 0:
            return None
        through = self.change_days[index] - ONE_DAY if index < len(self.change_days) else None
        return DateSpan(self.change_days[index - 1], through)

    def first_day_alike(self, day: date) -> date:
        """The first day from which through this one an entry is answered alike: no measure begins or ends, no relief
        closes, no claim begins to free goods, no code is renumbered, and the text is verified or is not."""
        at = bisect_right(self.telling_days, day)
        return self.telling_days[at - 1] if at else date.min

    @cached_property
    def telling_days(self) -> tuple[date, ...]:
        """The first days of those stretches."""
        relief = {tier.entered_before for measure in self.measures for tier in measure.relief}
        exempt = {condition.exempt_from for condition in _conditions(self.measures, NotUsmcaFree)}
        renumbered = {numbering.since for numbering in self.renumberings}
        unverified = {self.verified_through + ONE_DAY}
        return tuple(sorted({*self.change_days, *relief, *exempt, *renumbered, *unverified}))

    @cached_property
    def additional_rates(self) -> dict[EntryFacts, AdValoremRate | None]:
        """What the book remembers of entries that were only tried; see risk.engine.outcomes."""
        return {}

    def days_around(self, day: date) -> tuple[date, ...]:
        """The last day through this one, and the first after it, on which something in the edition changes:
        a measure begins or ends, a refund opens, the text is no longer verified."""
        at = bisect_right(self._calendar, day)
        return self._calendar[max(at - 1, 0) : at + 1]

    @cached_property
    def _calendar(self) -> tuple[date, ...]:
        refunds = {measure.refundable_from for measure in self.measures if measure.refundable_from}
        return tuple(sorted({*self.telling_days, *refunds}))

    @cached_property
    def looks_at_customs_value(self) -> bool:
        """Whether some measure bites, or not, by what the goods are worth."""
        return any(True for _ in _conditions(self.measures, CustomsValueOver))

    @cached_property
    def verified_through(self) -> date:
        """The day through which every measure of the edition was checked."""
        return min(measure.verified_through for measure in self.measures)

    @cached_property
    def origins_named(self) -> tuple[CountryCode, ...]:
        """Every origin that some measure names or leaves out, sorted."""
        named: set[CountryCode] = set()
        for condition in _conditions(self.measures, OriginAmong):
            named |= (condition.countries or frozenset()) | condition.excluded
        return tuple(sorted(named))

    def origins_apart_on(self, day: date) -> tuple[CountryCode, ...]:
        """Of the origins named, one for each way in which the measures of the day tell origins apart."""
        segment = self._segment(day)
        if segment not in self._origins_apart:
            conditions = set(_conditions(self.in_effect_on(day), OriginAmong))
            ways = {
                (origin in PARTNERS, *(condition.takes(origin) for condition in conditions)): origin
                for origin in reversed(self.origins_named)
            }
            self._origins_apart[segment] = tuple(sorted(ways.values()))
        return self._origins_apart[segment]

    @cached_property
    def import_countries(self) -> frozenset[CountryCode]:
        """The countries whose import law the edition holds."""
        return frozenset(condition.country for condition in _conditions(self.measures, ImportedInto))

    @cached_property
    def rated_codes(self) -> tuple[HtsCode, ...]:
        """One code for each branch of the schedule that has a base rate on record."""
        bases = [m for m in self.measures if m.rate_type is RateType.BASE]
        prefixes = {
            prefix
            for m in bases
            for c in m.conditions
            if isinstance(c, HtsCodeUnder)
            for prefix in c.prefixes
        }
        return tuple(sorted({HtsCode(p.digits.ljust(8, "0")) for p in prefixes if p.digits}))

    @cached_property
    def digest(self) -> str:
        """The same for books that say the same."""
        return digest_of(self._ordered, self.renumberings, self.refused_headings)

    def also_numbered(self, code: HtsCode) -> tuple[HtsCode, ...]:
        """The other numbers of the same goods, over every renumbering on record."""
        if code not in self._other_numbers:
            others = (renumbering.other_number(code) for renumbering in self.renumberings)
            self._other_numbers[code] = tuple(other for other in others if other is not None)
        return self._other_numbers[code]

    def with_all_numbers(self, entry: EntryFacts) -> EntryFacts:
        """The entry under every number of its goods: a measure that names one of them reaches it."""
        others = self.also_numbered(entry.hts_code) if entry.hts_code else ()
        return entry if others == entry.also_numbered else replace(entry, also_numbered=others)

    def changes_since(self, other: PolicyBook) -> PolicyChanges:
        """What reads differently here than in another edition."""
        return PolicyChanges(
            book=self,
            measures=tuple(set(self.measures) ^ set(other.measures)),
            everything=(self.renumberings, self.refused_headings)
            != (other.renumberings, other.refused_headings),
            tried_otherwise=tuple(
                fact for fact, values in TRIED.items() if getattr(self, values) != getattr(other, values)
            ),
        )

    def _segment(self, day: date) -> int:
        """The number of the segment that a day lies in; 0 is before the first measure."""
        return bisect_right(self.change_days, day)

    @cached_property
    def _by_segment(self) -> dict[int, tuple[MeasureSpec, ...]]:
        return {}

    @cached_property
    def _other_numbers(self) -> dict[HtsCode, tuple[HtsCode, ...]]:
        return {}

    @cached_property
    def _reaching(self) -> dict[tuple[object, ...], tuple[MeasureSpec, ...]]:
        return {}

    @cached_property
    def _origins_apart(self) -> dict[int, tuple[CountryCode, ...]]:
        return {}

    @cached_property
    def _ordered(self) -> tuple[MeasureSpec, ...]:
        """Base first, then authorities in the order in which they first acted, then by date."""
        first_act: dict[str, date] = {}
        for measure in self.measures:
            first_act[measure.authority] = min(
                measure.span.first, first_act.get(measure.authority, measure.span.first)
            )
        return tuple(
            sorted(
                self.measures,
                key=lambda m: (
                    m.rate_type is not RateType.BASE,
                    first_act[m.authority],
                    m.authority,
                    m.span.first,
                    m.code,
                ),
            )
        )


def _conditions(measures: Iterable[MeasureSpec], kind: type[T]) -> Iterator[T]:
    return (c for measure in measures for c in measure.conditions if isinstance(c, kind))


def _left_by(
    kinds: tuple[type[Condition], ...], measures: tuple[MeasureSpec, ...], entry: EntryFacts
) -> tuple[MeasureSpec, ...]:
    """The measures that no condition of these kinds rules out for the entry."""
    return tuple(
        measure
        for measure in measures
        if not any(isinstance(c, kinds) and c.judge(entry) is Verdict.FAILS for c in measure.conditions)
    )


@dataclass(frozen=True)
class PolicyChanges:
    """Measures that one edition has and the other has not, whether everything must be read anew, and which facts
    are tried with other values where they are missing.
    """

    book: PolicyBook
    measures: tuple[MeasureSpec, ...]
    everything: bool = False
    tried_otherwise: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.measures)

    def touches(self, entries: Iterable[EntryFacts]) -> bool:
        """Whether some changed measure could look at one of these entries, on whatever day."""
        return any(self._reads_otherwise(each, self.measures) for each in entries)

    def touch_on_its_day(self, entry: EntryFacts) -> bool:
        """Whether some changed duty or fee could look at the entry on the day of its question."""
        number, measures = self._changed_on(entry.day)
        looked_at = (number, entry.import_country, entry.hts_code, entry.country_of_origin)
        if looked_at not in self._touched:
            self._touched[looked_at] = self._reads_otherwise(entry, measures)
        return self._touched[looked_at]

    def _reads_otherwise(self, entry: EntryFacts, measures: tuple[MeasureSpec, ...]) -> bool:
        """Whether one of the measures could look at the entry, or a fact that it lacks is tried with other values."""
        if self.everything or any(getattr(entry, fact) is None for fact in self.tried_otherwise):
            return True
        return bool(measures and _left_by(_BRANCH, measures, self.book.with_all_numbers(entry)))

    def _changed_on(self, day: date) -> tuple[int, tuple[MeasureSpec, ...]]:
        """The duties and fees that differ on a day, with their number: days on which the same ones begin and end
        have one. A measure whose span alone differs is the same on days in both."""
        there = [m for m in self.measures if m.rate_type is not RateType.NONE and day in m.span]
        place = tuple(map(id, there))  # the measures live as long as this does
        if place not in self._sets:
            alike = Counter(replace(m, span=DateSpan(day)) for m in there)
            changed = tuple(measure for measure, times in alike.items() if times == 1)
            self._sets[place] = len(self._sets), changed
        return self._sets[place]

    @cached_property
    def _sets(self) -> dict[tuple[int, ...], tuple[int, tuple[MeasureSpec, ...]]]:
        return {}

    @cached_property
    def _touched(self) -> dict[tuple[object, ...], bool]:
        return {}


# What an entry shows to these conditions is all that `touch_on_its_day` remembers it by.
_BRANCH = (ImportedInto, HtsCodeUnder, OriginAmong)
