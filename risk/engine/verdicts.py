"""Whether an operator's own limits allow a purchase: what is found of it beside each limit, and the one that decides.

A limit that is overstepped gives its verdict, to ask or to refuse. One that a missing fact leaves open asks, whatever
its own verdict: what is unknown is never allowed by silence. The worst verdict stands, and of equal ones the limit
that comes first in the operator's list is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from risk.engine.findings import SanctionLevel, Verdict
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import HUNDRED, AdValoremRate, Money

STRONGEST_FIRST = tuple(SanctionLevel)
MOST_PERCENT = Decimal(1000)


class PurchaseVerdict(StrEnum):
    """What becomes of a purchase, mildest first."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class LimitKind(StrEnum):
    """What a limit looks at."""

    SANCTION_LEVEL = "sanction_level"
    UNKNOWN = "unknown"
    ADDITIONAL_RATE = "additional_rate_over"
    LANDED_UNIT_COST = "landed_unit_cost_over"
    EXPOSED_SHARE = "exposed_share_over"
    VENDOR = "vendor"
    ORIGIN = "country_of_origin"


OF_THE_ORDER = frozenset({LimitKind.EXPOSED_SHARE})
"""Kinds that look at the order as a whole; all others look at each of its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseLimit:
    """One limit of an operator: its kind, its measure in words (see `limit_from`), and what it says when passed."""

    kind: LimitKind
    verdict: PurchaseVerdict
    measure: str = ""

    @property
    def words(self) -> str:
        """The limit as people say it: 'refuse at sanction level restricted or stronger'."""
        return f"{self.verdict} {_WORDS[self.kind].format(self.measure)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFound:
    """What limits look at in one line. None is unknown.

    `sanction` is the strongest level of all parties (`is_screened` False: it can turn out worse); `unknown` names the
    facts without which the line is in doubt; `vendor` is a name of the register, `vendor_asked` what the order says.
    """

    sanction: SanctionLevel
    is_screened: bool
    rate: AdValoremRate | None
    worst: AdValoremRate | None
    landed_unit_cost: Money | None
    vendor: str | None
    origin: CountryCode | None
    unknown: tuple[str, ...] = ()
    vendor_asked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound:
    """What limits look at in an order as a whole: the share of the fleet's units that is exposed with it, and the
    share that may be, where every unit that is in doubt turns out to be. None: unknown."""

    exposed_share: Decimal | None
    share_at_worst: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitApplied:
    """A limit that did not let the purchase pass, with the sentence that says why; `line` counts from 0, None is the
    order as a whole."""

    limit: PurchaseLimit
    verdict: PurchaseVerdict
    sentence: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The verdict, and every limit that spoke, in the operator's order; the first of the worst decided."""

    because: tuple[LimitApplied, ...] = ()

    @property
    def verdict(self) -> PurchaseVerdict:
        """The worst of all; allowed where no limit spoke."""
        return max(
            (each.verdict for each in self.because), key=_SEVERITY.index, default=PurchaseVerdict.ALLOW
        )

    @property
    def decided_by(self) -> LimitApplied | None:
        """The limit that decided; None where the purchase is allowed."""
        return next((each for each in self.because if each.verdict is self.verdict), None)


def limit_from(kind: str, measure: str, verdict: str) -> PurchaseLimit:
    """A limit from words: a level, a percentage, US dollars, a vendor's name, a country; nothing for `unknown`.

    Raises ValueError with a sentence for what is none, and for a limit that would allow.
    """
    if kind not in set(LimitKind):
        raise ValueError(f"'{kind}' is no kind of limit; the kinds are: {', '.join(LimitKind)}.")
    if verdict not in (PurchaseVerdict.ASK, PurchaseVerdict.REFUSE):
        raise ValueError(f"'{verdict}' is nothing that a limit says; it asks or refuses.")
    return PurchaseLimit(
        kind=LimitKind(kind),
        verdict=PurchaseVerdict(verdict),
        measure=_READ[LimitKind(kind)](" ".join(measure.split())),
    )


DEFAULT_LIMITS = (
    PurchaseLimit(
        kind=LimitKind.SANCTION_LEVEL,
        measure=SanctionLevel.RESTRICTED.value,
        verdict=PurchaseVerdict.REFUSE,
    ),
    PurchaseLimit(kind=LimitKind.ADDITIONAL_RATE, measure="25", verdict=PurchaseVerdict.ASK),
    PurchaseLimit(kind=LimitKind.UNKNOWN, verdict=PurchaseVerdict.ASK),
)
"""The limits that count until an operator sets some of the same kind."""


def limits_that_count(own: Iterable[PurchaseLimit]) -> tuple[PurchaseLimit, ...]:
    """The operator's own limits in their order, then each shipped one of a kind that the operator did not set."""
    own = tuple(own)
    return (*own, *shipped_beside(own))


def shipped_beside(own: Iterable[PurchaseLimit]) -> tuple[PurchaseLimit, ...]:
    """The shipped limits that hold beside an operator's own."""
    kinds = {limit.kind for limit in own}
    return tuple(limit for limit in DEFAULT_LIMITS if limit.kind not in kinds)


def decide_line(found: LineFound, limits: Iterable[PurchaseLimit], *, line: int = 0) -> Decided:
    """The verdict on one line."""
    judged = (
        (limit, *_JUDGES[limit.kind](limit, found)) for limit in limits if limit.kind not in OF_THE_ORDER
    )
    return _decided(judged, line)


def decide_order(found: OrderFound, lines: Iterable[Decided], limits: Iterable[PurchaseLimit]) -> Decided:
    """The verdict on an order: the worst of its lines and of what is said of it as a whole."""
    limits = tuple(limits)
    whole = _decided(
        ((limit, *_share_over(limit, found)) for limit in limits if limit.kind in OF_THE_ORDER), None
    )
    spoken = [*whole.because, *(each for line in lines for each in line.because)]
    place = {limit: number for number, limit in enumerate(limits)}
    return Decided(because=tuple(sorted(spoken, key=lambda each: place.get(each.limit, len(place)))))


Judged = tuple[Verdict, str]


def _decided(judged: Iterable[tuple[PurchaseLimit, Verdict, str]], line: int | None) -> Decided:
    spoken = []
    for limit, answer, sentence in judged:
        if answer is Verdict.FAILS:
            continue
        verdict = limit.verdict if answer is Verdict.HOLDS else PurchaseVerdict.ASK
        spoken.append(LimitApplied(limit=limit, verdict=verdict, sentence=sentence, line=line))
    return Decided(because=tuple(spoken))


def _level_reached(limit: PurchaseLimit, found: LineFound) -> Judged:
    over = STRONGEST_FIRST.index(SanctionLevel(limit.measure))
    if STRONGEST_FIRST.index(found.sanction) <= over:
        return Verdict.HOLDS, f"The sanction level is {found.sanction}; the limit is {limit.measure}."
    if not found.is_screened or found.sanction is SanctionLevel.UNKNOWN:
        return Verdict.UNKNOWN, f"The sanction level is not known, so it may be {limit.measure}."
    return Verdict.FAILS, ""


def _unknown(limit: PurchaseLimit, found: LineFound) -> Judged:
    if not found.unknown:
        return Verdict.FAILS, ""
    facts = ", ".join(name.replace("_", " ") for name in found.unknown)
    return Verdict.HOLDS, f"Not known: {facts}."


def _rate_over(limit: PurchaseLimit, found: LineFound) -> Judged:
    most = AdValoremRate.of_percent(limit.measure)
    if found.rate is not None:
        sentence = f"The duty above the base rate is {found.rate}; the limit is {most}."
        return Verdict.of(found.rate > most), sentence
    if found.worst is not None and found.worst <= most:
        return Verdict.FAILS, ""
    worst = f" and may be {found.worst}" if found.worst else ""
    return Verdict.UNKNOWN, f"The duty above the base rate is not known{worst}; the limit is {most}."


def _cost_over(limit: PurchaseLimit, found: LineFound) -> Judged:
    most = Money.parse(limit.measure)
    if found.landed_unit_cost is None:
        return Verdict.UNKNOWN, f"What a rig costs to land is not known; the limit is {most} USD."
    sentence = f"A rig costs {found.landed_unit_cost} USD to land; the limit is {most} USD."
    return Verdict.of(found.landed_unit_cost > most), sentence


def _is_vendor(limit: PurchaseLimit, found: LineFound) -> Judged:
    names = [name for name in (found.vendor, found.vendor_asked) if name]
    if meant := next((name for name in names if _same_name(name, limit.measure)), None):
        return Verdict.HOLDS, f"The vendor is {meant}."
    if found.vendor is None:
        return Verdict.UNKNOWN, f"The vendor is not known, so it may be {limit.measure}."
    return Verdict.FAILS, ""


def _same_name(one: str, other: str) -> bool:
    """Capitals and spaces aside."""
    return one.casefold().split() == other.casefold().split()


def _is_origin(limit: PurchaseLimit, found: LineFound) -> Judged:
    name = CountryCode(limit.measure).country_name
    if found.origin is None:
        return Verdict.UNKNOWN, f"The country of origin is not known, so it may be {name}."
    return Verdict.of(found.origin == limit.measure), f"The country of origin is {name}."


def _share_over(limit: PurchaseLimit, found: OrderFound) -> Judged:
    if found.exposed_share is None or found.share_at_worst is None:
        return Verdict.UNKNOWN, "The exposed share of the fleet with this order is not known."
    percent, worst = found.exposed_share * HUNDRED, found.share_at_worst * HUNDRED
    known, most = f"With this order {percent:.1f} % of the fleet's units are exposed", Decimal(limit.measure)
    if percent > most:
        return Verdict.HOLDS, f"{known}; the limit is {limit.measure} %."
    if worst > most:
        return Verdict.UNKNOWN, f"{known} and {worst:.1f} % may be; the limit is {limit.measure} %."
    return Verdict.FAILS, ""


_JUDGES: Mapping[LimitKind, Callable[[PurchaseLimit, LineFound], Judged]] = {
    LimitKind.SANCTION_LEVEL: _level_reached,
    LimitKind.UNKNOWN: _unknown,
    LimitKind.ADDITIONAL_RATE: _rate_over,
    LimitKind.LANDED_UNIT_COST: _cost_over,
    LimitKind.VENDOR: _is_vendor,
    LimitKind.ORIGIN: _is_origin,
}
_SEVERITY = tuple(PurchaseVerdict)
_WORDS: Mapping[LimitKind, str] = {
    LimitKind.SANCTION_LEVEL: "at sanction level {} or stronger",
    LimitKind.UNKNOWN: "while a deciding fact is not known",
    LimitKind.ADDITIONAL_RATE: "over {} % of duty above the base rate",
    LimitKind.LANDED_UNIT_COST: "over {} USD landed cost of a rig",
    LimitKind.EXPOSED_SHARE: "over {} % of the fleet's units exposed with the order",
    LimitKind.VENDOR: "from the vendor {}",
    LimitKind.ORIGIN: "of origin {}",
}


def _a_level(text: str) -> str:
    wanted = text.casefold()
    if wanted not in (SanctionLevel.BLOCKED, SanctionLevel.RESTRICTED, SanctionLevel.WATCH):
        raise ValueError(f"'{text}' is no level to stop at; write blocked, restricted or watch.")
    return wanted


def _a_percentage(text: str) -> str:
    try:
        percent = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= MOST_PERCENT):
        raise ValueError(f"'{text}' is no percentage; write a number like 25.")
    return AdValoremRate(percent / HUNDRED).percent


def _an_amount(text: str) -> str:
    amount = Money.parse(text)
    if amount.cents < 0:
        raise ValueError(f"'{text}' is negative; a cost is 0 or more.")
    return str(amount)


def _a_name(text: str) -> str:
    if not 0 < len(text) <= 200:
        raise ValueError("Give the name of a vendor, of 1 to 200 characters.")
    return text


def _nothing(text: str) -> str:
    if text:
        raise ValueError(f"This limit takes no measure; '{text}' means nothing here.")
    return ""


_READ: Mapping[LimitKind, Callable[[str], str]] = {
    LimitKind.SANCTION_LEVEL: _a_level,
    LimitKind.UNKNOWN: _nothing,
    LimitKind.ADDITIONAL_RATE: _a_percentage,
    LimitKind.LANDED_UNIT_COST: _an_amount,
    LimitKind.EXPOSED_SHARE: _a_percentage,
    LimitKind.VENDOR: _a_name,
    LimitKind.ORIGIN: lambda text: str(CountryCode.parse(text)),
}
