"""What a lot stands to cost or be stopped for, with its reasons: assess() and the parts of the score.

Four amounts are kept apart and never added together: duty to come, contingent, refundable, replacement.
An amount of None is unknown; it is never 0. See docs/scoring.md for the definitions and worked examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from risk.engine.amounts import Amounts, Charge, Charges, LotValue
from risk.engine.clocks import ClockStage, EntryClocks
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.findings import RateAnswer, RateLine, Reason, SanctionLevel
from risk.engine.outcomes import Considered, Doubt, Outcome
from risk.engine.policy import PolicyBook
from risk.engine.sanctions import SanctionFinding, days_of_lists, sanction_finding
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import FREE, HUNDRED, NO_MONEY, AdValoremRate, Money
from risk.engine.terms.spans import ONE_DAY, DateSpan

ENGINE_VERSION = "5"
EARLIER_ENGINES = tuple(map(str, range(1, int(ENGINE_VERSION))))
T = TypeVar("T")


class Stage(StrEnum):
    """Where a lot stands towards customs on the day asked about."""

    ENTERED = "entered"
    ENTERED_UNDATED = "entered, date unknown"
    TO_COME = "to come"
    DOMESTIC = "domestic"


class Band(StrEnum):
    """Scores in words: none 0, low up to 10, elevated up to 25, high up to 50, severe above."""

    NONE = "none"
    LOW = "low"
    ELEVATED = "elevated"
    HIGH = "high"
    SEVERE = "severe"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the questions asked about a lot: on which day, under which origin, and the outcome."""

    name: str
    day: date
    origin: CountryCode | None
    outcome: Outcome

    @property
    def answer(self) -> RateAnswer | None:
        """The certain answer, or None."""
        return self.outcome.answer


class ExposureResult(NamedTuple):
    """The finding on one lot under one book, valid from the first through the last day of `holds`.

    `rate` is the additional rate (everything above base duty) that the tariff share looks at, between
    `best` and `worst` where a fact is missing. `questions` hold the rates behind each amount. The value
    of the lot decides `amounts` and `doubts`, and nothing else.
    """

    amounts: Amounts
    doubts: tuple[Doubt, ...]
    holds: DateSpan
    stage: Stage
    origin: CountryCode | None
    contested_origin: CountryCode | None
    clock: ClockStage | None
    rate: AdValoremRate | None
    best: AdValoremRate
    worst: AdValoremRate | None
    sanction: SanctionFinding
    score: int | None
    band: Band
    questions: tuple[Question, ...]
    findings: tuple[Reason, ...]

    def lines_of(self, name: str) -> tuple[RateLine, ...]:
        """The rate lines behind a question; none where it was not asked or not settled."""
        for question in self.questions:
            if question.name == name and question.answer:
                return question.answer.lines
        return ()


CUSTOMS_VALUE = "customs_value"
AS_ENTERED = "as entered"
CONTESTED = "contested"
TO_COME = "to come"
REPLACEMENT = "replacement"


@dataclass(frozen=True, slots=True)
class LotFinding:
    """What policy says of a lot whatever it is worth: its exposure but for the money, and what is charged.

    Decided once for all lots of equal facts.
    """

    exposure: ExposureResult
    charges: Charges

    def on(self, value: LotValue) -> ExposureResult:
        """The exposure of a lot of that value."""
        exposure = self.exposure
        doubts = exposure.doubts
        if value.units_without_value:
            doubts = with_doubt_of_value(doubts, doubt_of_value(value), stage=exposure.stage)
        return ExposureResult._make((self.charges.on(value), doubts, *exposure[2:]))


def with_doubt_of_value(doubts: Sequence[T], doubt: T, *, stage: str) -> tuple[T, ...]:
    """The doubts about a lot with the one about its value in its place: after that of its stage, if it has one."""
    at = stage == Stage.ENTERED_UNDATED
    return (*doubts[:at], doubt, *doubts[at:])


def doubt_of_value(value: LotValue) -> Doubt:
    """What it means that some rigs of a lot have no customs value."""
    sentence = f"{value.units_without_value} units have no customs value, so no amount covers them."
    return Doubt(fact=CUSTOMS_VALUE, best=FREE, worst=None, sentence=sentence)


def assess(
    lot: LotFacts, vendor: VendorFacts, value: LotValue, *, considered: Considered, on: date
) -> ExposureResult:
    """The exposure of one lot on a day.

    The same for every day of `holds`, so that nothing need be decided again before it ends.
    """
    sanction = sanction_finding(vendor, considered.book, on)
    return finding_on(lot, vendor, sanction, considered=considered, on=on).on(value)


def finding_on(
    lot: LotFacts,
    vendor: VendorFacts,
    sanction: SanctionFinding,
    *,
    considered: Considered,
    on: date,
    holds: DateSpan | None = None,
) -> LotFinding:
    """What policy says of a lot on a day, before its value is known; `sanction` is what it says of the maker.

    `holds` is given by who asks for that day alone and need not know through which others the finding holds.
    """
    stage = stage_of(lot, on)
    contested = _contested_origin(lot, vendor) if stage is Stage.ENTERED else None
    questions = tuple(_questions(lot, stage, contested, considered, on))
    asked = {question.name: question for question in questions}
    bearing = _bearing(lot, asked)
    clock = EntryClocks.of(lot.entry_date).stage_on(on) if stage is Stage.ENTERED and lot.entry_date else None
    score, band = _score(bearing.outcome, sanction)
    exposure = ExposureResult(
        amounts=_NO_AMOUNTS,
        doubts=tuple(_doubts(stage, questions)),
        holds=holds or _holds(lot, vendor, considered.book, on),
        stage=stage,
        origin=lot.origin,
        contested_origin=contested,
        clock=clock,
        rate=None if bearing.answer is None else bearing.answer.additional_rate,
        best=bearing.outcome.best,
        worst=bearing.outcome.worst,
        sanction=sanction,
        score=score,
        band=band,
        questions=questions,
        findings=tuple(_findings(lot, stage, questions, on)),
    )
    return LotFinding(exposure, _charges(stage, asked, clock, on))


def reached_otherwise(found: ExposureResult, lot: LotFacts, sanction: SanctionFinding) -> ExposureResult:
    """The same finding where lists reach the maker otherwise."""
    bearing = _bearing(lot, {question.name: question for question in found.questions})
    score, band = _score(bearing.outcome, sanction)
    return found._replace(sanction=sanction, score=score, band=band)


def _bearing(lot: LotFacts, asked: Mapping[str, Question]) -> Question:
    """The question whose rate the tariff share looks at.

    Rigs that stand somewhere are looked at under the law of the day, whatever day is asked about, so that
    the share of today's fleet changes only when a measure does; rigs to come under that of their entry.
    """
    return asked[REPLACEMENT] if lot.has_arrived else asked.get(TO_COME) or asked[REPLACEMENT]


def bearing_outcome(lot: LotFacts, *, considered: Considered, on: date) -> Outcome:
    """The outcome of that question alone, for who asks nothing else of the lot."""
    stage = stage_of(lot, on)
    if stage is Stage.DOMESTIC:
        return _DUTY_FREE
    if stage is Stage.TO_COME and not lot.has_arrived:
        return considered.outcome(lot.entry(on=_day_to_come(lot, on), origin=lot.origin))
    return considered.outcome(lot.entry(on=on, origin=lot.origin, loaded_then=True))


def stage_of(lot: LotFacts, on: date) -> Stage:
    """Entered means an entry date not after the day asked about; a rig that stands there without one is
    entered, its date unknown."""
    if lot.is_domestic:
        return Stage.DOMESTIC
    if lot.entry_date is not None:
        return Stage.ENTERED if lot.entry_date <= on else Stage.TO_COME
    return Stage.ENTERED_UNDATED if lot.has_arrived else Stage.TO_COME


def _questions(
    lot: LotFacts, stage: Stage, contested: CountryCode | None, considered: Considered, on: date
) -> Iterable[Question]:
    """Each question brings its own day; the day is never stored as the lot's."""
    if stage is Stage.ENTERED and lot.entry_date:
        yield _asked(AS_ENTERED, lot, lot.entry_date, lot.origin, considered)
        if contested:
            yield _asked(CONTESTED, lot, lot.entry_date, contested, considered)
    if stage is Stage.TO_COME:
        yield _asked(TO_COME, lot, _day_to_come(lot, on), lot.origin, considered)
    if stage is Stage.DOMESTIC:
        yield Question(name=REPLACEMENT, day=on, origin=lot.origin, outcome=_DUTY_FREE)
    else:
        # A rig bought again today is loaded today, so relief for goods already on their way is closed to it.
        yield _asked(REPLACEMENT, lot, on, lot.origin, considered, loaded_then=True)


def _asked(
    name: str,
    lot: LotFacts,
    day: date,
    origin: CountryCode | None,
    considered: Considered,
    *,
    loaded_then: bool = False,
) -> Question:
    outcome = considered.outcome(lot.entry(on=day, origin=origin, loaded_then=loaded_then))
    return Question(name=name, day=day, origin=origin, outcome=outcome)


def _day_to_come(lot: LotFacts, on: date) -> date:
    """The expected entry date; one that is missing or past becomes the day of the assessment."""
    return max(lot.entry_date or lot.expected_entry_date or on, on)


def _contested_origin(lot: LotFacts, vendor: VendorFacts) -> CountryCode | None:
    """The origin that customs could assert: that of the hashboards, else the one it asserts for the maker."""
    claim = vendor.contested_origin_on(lot.entry_date) if lot.entry_date else None
    contested = lot.hashboard_origin or (claim.country if claim else None)
    return None if contested == lot.origin else contested


def _charges(stage: Stage, asked: dict[str, Question], clock: ClockStage | None, on: date) -> Charges:
    return Charges(
        duty_to_come=_total(asked.get(TO_COME)),
        contingent=_contingent(stage, asked, clock),
        refundable=_refundable(stage, asked, on),
        replacement=_total(asked.get(REPLACEMENT)),
    )


def _total(question: Question | None) -> Charge | Money | None:
    if question is None:
        return NO_MONEY
    return None if question.answer is None else Charge.of(question.answer.lines)


def _contingent(stage: Stage, asked: dict[str, Question], clock: ClockStage | None) -> Charge | Money | None:
    """What customs would ask if it did not accept the declared origin, in lines that stay owed."""
    if stage is Stage.ENTERED_UNDATED:
        return None
    if clock in (None, ClockStage.CLOSED) or (CONTESTED not in asked and asked[AS_ENTERED].origin):
        return NO_MONEY
    contested, declared = asked.get(CONTESTED), asked[AS_ENTERED]
    if contested is None or contested.answer is None or declared.answer is None:
        return None
    return Charge.of(contested.answer.lasting_lines, less=declared.answer.lasting_lines)


def _refundable(stage: Stage, asked: dict[str, Question], on: date) -> Charge | Money | None:
    """What was collected and can come back, from the day on which that became so."""
    if stage is Stage.ENTERED_UNDATED:
        return None
    if AS_ENTERED not in asked:
        return NO_MONEY
    answer = asked[AS_ENTERED].answer
    if answer is None:
        return None
    return Charge.of(line for line in answer.lines if line.refundable_from and line.refundable_from <= on)


def _tariff_part(outcome: Outcome) -> int | None:
    """The additional rate in percentage points, at most 100; the higher part of the score decides."""
    if outcome.answer is None:
        return None
    return int(min(outcome.answer.additional_rate.fraction * HUNDRED, HUNDRED).to_integral_value())


SANCTION_POINTS = {
    SanctionLevel.CLEAR: 0,
    SanctionLevel.UNKNOWN: 0,
    SanctionLevel.WATCH: 25,
    SanctionLevel.RESTRICTED: 70,
    SanctionLevel.BLOCKED: 100,
}


def _sanction_part(sanction: SanctionFinding) -> int:
    """How far a list reaches the maker: clear 0, watch 25, restricted 70, blocked 100."""
    return SANCTION_POINTS[sanction.level]


@dataclass(frozen=True, slots=True)
class Component:
    """A named part of the score; its function's docstring is shown to users."""

    answers: str
    points: Callable[..., int | None]


COMPONENTS = (
    Component("how many points of duty above the base rate", _tariff_part),
    Component("how far a list reaches the maker", _sanction_part),
)

BAND_LIMITS = ((0, Band.NONE), (10, Band.LOW), (25, Band.ELEVATED), (50, Band.HIGH), (100, Band.SEVERE))


def _score(outcome: Outcome, sanction: SanctionFinding) -> tuple[int | None, Band]:
    """The highest part; while the tariff part is unknown and no list weighs more, so is the score."""
    tariff, listed = _tariff_part(outcome), _sanction_part(sanction)
    if tariff is None and not sanction.level.is_exposed:
        return None, Band.UNKNOWN
    score = max(tariff or 0, listed)
    return score, next(band for limit, band in BAND_LIMITS if score <= limit)


def _doubts(stage: Stage, questions: Iterable[Question]) -> Iterator[Doubt]:
    """Every missing fact once, with the widest range that it leaves open."""
    if stage is Stage.ENTERED_UNDATED:
        sentence = "The entry date is not given, so what was owed at entry, and could come back, is unknown."
        yield Doubt(fact="entry_date", best=FREE, worst=None, sentence=sentence)
    seen: dict[str, Doubt] = {}
    for question in questions:
        for doubt in question.outcome.doubts:
            seen.setdefault(doubt.fact, doubt)
    yield from seen.values()


def _findings(lot: LotFacts, stage: Stage, questions: Iterable[Question], on: date) -> Iterable[Reason]:
    """What a reader should know beside the numbers, each sentence once."""
    found: dict[Reason, None] = {}
    if stage is Stage.DOMESTIC:
        found[_DOMESTIC] = None
    elif lot.country_of_origin is None and lot.origin is not None:
        name = lot.origin.country_name
        sentence = f"No origin was declared; the country of assembly, {name}, is taken for it."
        found[Reason("origin_from_assembly", sentence)] = None
    if stage is Stage.TO_COME and (lot.entry_date or lot.expected_entry_date or date.min) < on:
        found[_NO_EXPECTED_DATE] = None
    for question in questions:
        answer_findings = question.answer.findings if question.answer else ()
        found |= dict.fromkeys((*question.outcome.warnings, *answer_findings))
    return found


def _holds(lot: LotFacts, vendor: VendorFacts, book: PolicyBook, on: date) -> DateSpan:
    """The days around `on` on which nothing that the finding rests on changes."""
    days = set(book.days_around(on))
    if lot.entry_date:
        days |= {lot.entry_date, *EntryClocks.of(lot.entry_date).change_days()}
    if lot.expected_entry_date:
        days.add(lot.expected_entry_date + ONE_DAY)
    days |= days_of_lists(vendor, book)
    first = max((day for day in days if day <= on), default=on)
    following = min((day for day in days if day > on), default=None)
    return DateSpan(first, following - ONE_DAY if following else None)


_NO_AMOUNTS = Amounts(duty_to_come=None, contingent=None, refundable=None, replacement=None)
_DUTY_FREE = Outcome(answer=RateAnswer(), best=FREE, worst=FREE)
_DOMESTIC = Reason(
    "domestic",
    "Assembled in the country where it stands and never entered: no duty of its own; its parts carried theirs.",
)
_NO_EXPECTED_DATE = Reason(
    "no_expected_entry_date",
    "The expected entry date is missing or past; the law of the day of the assessment is applied.",
)
