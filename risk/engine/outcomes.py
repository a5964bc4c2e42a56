"""What an entry costs when facts are missing: the certain answer, the best and the worst case.

Each silent fact is tried with every value that could make a difference: the origins that the edition
names, the codes that have a base rate, a USMCA claim, relief in transit. Silence is never a rate of 0 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from risk.engine.beside_duty import claims_not_computed, rules_without_duty
from risk.engine.conditions.usmca import PARTNERS
from risk.engine.duty import NoBaseRate, rates_on, relief_open_to, warnings_for
from risk.engine.facts import EntryFacts
from risk.engine.findings import RateAnswer, Reason
from risk.engine.policy import PolicyBook
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import AdValoremRate
from risk.engine.terms.spans import ONE_DAY

RATES_KEPT = 50_000
DECIDING_FACTS = ("import_country", "hts_code", "country_of_origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A fact that nobody gave, and between which additional rates the answer lies because of it.

    `worst` None means that no bound is known.
    """

    fact: str
    best: AdValoremRate
    worst: AdValoremRate | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer for one entry. `answer` None: the facts given do not settle it, only the bounds hold."""

    answer: RateAnswer | None
    best: AdValoremRate
    worst: AdValoremRate | None
    doubts: tuple[Doubt, ...] = ()
    warnings: tuple[Reason, ...] = ()


@dataclass(eq=False)
class Considered:
    """One book's outcomes, each distinct entry decided once, and once for all days on which the law reads alike.

    Over `most` they are all forgotten: every day asks anew what rigs would cost that day, and a worker may
    run for months.
    """

    book: PolicyBook
    most: int = 100_000
    _known: dict[EntryFacts, Outcome] = field(default_factory=dict)
    _alike: dict[EntryFacts, Outcome] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """How many outcomes are remembered."""
        return len(self._known)

    def outcome(self, entry: EntryFacts) -> Outcome:
        """The outcome for an entry; never raises for missing facts or a missing base rate."""
        found = self._known.get(entry)
        if found is None:
            if self.kept >= self.most:
                self._known.clear()
                self._alike.clear()
            # Kept, and answered as it was found: another thread may clear at any moment.
            found = self._known[entry] = self._decided(entry)
        return found

    def _decided(self, entry: EntryFacts) -> Outcome:
        alike = replace(entry, day=self.book.first_day_alike(entry.day))
        found = self._alike.get(alike) or _outcome(entry, self.book)
        if found.answer is not None:  # the sentence of what cannot be answered may name the day
            self._alike[alike] = found
        return found


def _outcome(entry: EntryFacts, book: PolicyBook) -> Outcome:
    warnings = (*warnings_for(entry, book), *claims_not_computed(entry), *rules_without_duty(entry, book))
    try:
        answer = rates_on(entry, book)
    except NoBaseRate as refusal:
        return _without_base_rate(refusal, warnings)
    undecided = [fact for fact in DECIDING_FACTS if fact in answer.missing]
    if undecided:
        return _undecided(entry, book, undecided, warnings)
    claimed = list(_claims_open_to(entry, book))
    rates = [answer.additional_rate, *_rates(claimed, book)]
    best, worst = min(rates), max(rates)
    doubts = _milder_doubts(entry, claimed, best, worst)
    return Outcome(answer=answer, best=best, worst=worst, doubts=doubts, warnings=warnings)


def _undecided(
    entry: EntryFacts, book: PolicyBook, facts: list[str], warnings: tuple[Reason, ...]
) -> Outcome:
    """No certain answer: the bounds over everything that the silent facts could be."""
    rates = _rates(_completed(entry, book, facts), book)
    if not rates:
        return Outcome(answer=None, best=_NOTHING, worst=None, warnings=warnings)
    best, worst = min(rates), max(rates)
    doubts = tuple(_doubt(fact, best, worst) for fact in facts)
    return Outcome(answer=None, best=best, worst=worst, doubts=doubts, warnings=warnings)


def _without_base_rate(refusal: NoBaseRate, warnings: tuple[Reason, ...]) -> Outcome:
    doubt = Doubt(fact="hts_code", best=_NOTHING, worst=None, sentence=str(refusal))
    warnings += (Reason(refusal.code, str(refusal)),)
    return Outcome(answer=None, best=_NOTHING, worst=None, doubts=(doubt,), warnings=warnings)


def _completed(entry: EntryFacts, book: PolicyBook, undecided: Iterable[str]) -> Iterator[EntryFacts]:
    """The entry with each undecided fact filled in by every value that could matter, and each claim tried."""
    choices: list[list[tuple[str, object]]] = [
        [(fact, value) for value in _values_of(fact, entry.day, book)] for fact in undecided
    ]
    for choice in product(*choices):
        filled = replace(entry, **dict(choice))  # type: ignore[arg-type]
        yield filled
        yield from _claims_open_to(filled, book)


def _values_of(fact: str, day: date, book: PolicyBook) -> Iterable[object]:
    if fact == "import_country":
        return (*sorted(book.import_countries), _SOMEWHERE_ELSE)
    return book.rated_codes if fact == "hts_code" else book.origins_apart_on(day)


def _claims_open_to(entry: EntryFacts, book: PolicyBook) -> Iterator[EntryFacts]:
    """The entry with each claim that nobody made, though somebody might."""
    if _claim_is_open(entry):
        yield replace(entry, usmca_claim=True)
    yield from relieved_variants(entry, book)


def relieved_variants(entry: EntryFacts, book: PolicyBook) -> Iterator[EntryFacts]:
    """The entry with each relief in transit that its silent mode or loading day could still bring."""
    for _, tier in relief_open_to(entry, book):
        modes = sorted(tier.modes) if tier.modes else [entry.transport_mode]
        loaded = entry.loaded_date or tier.loaded_before - ONE_DAY
        yield replace(entry, transport_mode=entry.transport_mode or modes[0], loaded_date=loaded)


def _claim_is_open(entry: EntryFacts) -> bool:
    return entry.usmca_claim is None and entry.country_of_origin in PARTNERS


def _rates(entries: Iterable[EntryFacts], book: PolicyBook) -> list[AdValoremRate]:
    """The additional rates of all variants; a variant without a base rate on record bounds nothing."""
    found = (_additional_rate(entry, book) for entry in entries)
    return [rate for rate in found if rate is not None]


def _additional_rate(entry: EntryFacts, book: PolicyBook) -> AdValoremRate | None:
    """The additional rate of one variant, found once for all days on which the law reads alike."""
    alike = replace(entry, day=book.first_day_alike(entry.day))
    known = book.additional_rates
    if alike not in known:
        if len(known) >= RATES_KEPT:
            known.clear()
        try:
            known[alike] = rates_on(alike, book).additional_rate
        except NoBaseRate:
            known[alike] = None
    return known[alike]


def _milder_doubts(
    entry: EntryFacts, claimed: Iterable[EntryFacts], best: AdValoremRate, worst: AdValoremRate
) -> tuple[Doubt, ...]:
    """Doubts that leave the duty owed in full until a claim or a loading day is shown."""
    doubts = [_doubt("usmca_claim", best, worst)] if _claim_is_open(entry) and best != worst else []
    if any(each.usmca_claim == entry.usmca_claim for each in claimed):  # a relief in transit, then
        fact = "transport_mode" if entry.transport_mode is None else "loaded_date"
        doubts.append(_doubt(fact, best, worst))
    return tuple(doubts)


_NOTHING = AdValoremRate.of_percent("0")
# Stands for every country whose import law is not on record: no measure looks at goods entered there.
_SOMEWHERE_ELSE = CountryCode("AQ")
_ASKS = {
    "import_country": "The country of import is not given",
    "hts_code": "The HTS code is not given",
    "country_of_origin": "The country of origin is not given",
    "usmca_claim": "Whether a USMCA claim was made is not given",
    "transport_mode": "The mode of transport is not given, so relief in transit is not applied",
    "loaded_date": "The loading day is not given, so relief in transit is not applied",
}


def _doubt(fact: str, best: AdValoremRate, worst: AdValoremRate) -> Doubt:
    sentence = f"{_ASKS[fact]}: the additional rate lies between {best} and {worst}."
    return Doubt(fact=fact, best=best, worst=worst, sentence=sentence)
