"""What the engine answers with: verdicts, reasons, lines of duty. All of it frozen, all of it explained."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum

from risk.engine.terms.money import FREE, NO_MONEY, AdValoremRate, Money


class Verdict(Enum):
    """Three answers, not two: silence is UNKNOWN and is never taken for FAILS."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, answer: bool | None) -> Verdict:
        """True holds, False fails, None is unknown."""
        return cls.UNKNOWN if answer is None else cls.HOLDS if answer else cls.FAILS


class SanctionLevel(StrEnum):
    """How far a list reaches the maker of a lot, strongest first."""

    BLOCKED = "blocked"
    RESTRICTED = "restricted"
    WATCH = "watch"
    UNKNOWN = "unknown"
    CLEAR = "clear"

    @property
    def is_exposed(self) -> bool:
        """Restricted and blocked make a lot sanction-exposed; watch is shown beside it, never mixed in."""
        return self in (SanctionLevel.BLOCKED, SanctionLevel.RESTRICTED)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """One thing found, under a stable code and in one sentence that a person reads."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One measure's duty on one customs value: `duty` is `rate` of `base`, rounded once to the cent."""

    measure: str
    title: str
    rate: AdValoremRate
    base: Money
    duty: Money
    is_base: bool
    refundable_from: date | None
    legal_reference: str
    because: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.duty != self.rate.of(self.base):
            raise ValueError(f"{self.measure}: {self.duty} is not {self.rate} of {self.base}.")

    @property
    def refundable(self) -> bool:
        """Whether what is collected under this measure can come back (from `refundable_from` on)."""
        return self.refundable_from is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One measure's rate before any money: on which share of the customs value it is taken, and why."""

    measure: str
    title: str
    rate: AdValoremRate
    share_of_value: Decimal
    is_base: bool
    refundable_from: date | None
    legal_reference: str
    because: tuple[str, ...]

    @property
    def rate_on_full_value(self) -> AdValoremRate:
        """The rate as a share of the full customs value, whatever part of it the measure looks at."""
        return AdValoremRate(self.rate.fraction * self.share_of_value)

    def on(self, customs_value: Money) -> DutyLine:
        """The line of duty on a customs value."""
        base = Money.rounded(customs_value.amount * self.share_of_value)
        return DutyLine(
            measure=self.measure,
            title=self.title,
            rate=self.rate,
            base=base,
            duty=self.rate.of(base),
            is_base=self.is_base,
            refundable_from=self.refundable_from,
            legal_reference=self.legal_reference,
            because=self.because,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """What is charged on goods entered on one day: the lines, base first; and what silence leaves open.

    `missing` names the facts without which some measure could not be judged. Where it holds one of
    the facts that decide (origin, code, country of import), the lines are not the whole answer.
    """

    lines: tuple[RateLine, ...] = ()
    findings: tuple[Reason, ...] = ()
    missing: frozenset[str] = frozenset()
    additional_rate: AdValoremRate = field(init=False, compare=False, repr=False)
    """Everything above the base duty, over the full customs value."""
    total_rate: AdValoremRate = field(init=False, compare=False, repr=False)
    """All lines together, over the full customs value."""

    def __post_init__(self) -> None:
        above = [line.rate_on_full_value for line in self.lines if not line.is_base]
        object.__setattr__(self, "additional_rate", sum(above, FREE))
        object.__setattr__(self, "total_rate", sum((line.rate_on_full_value for line in self.lines), FREE))

    @property
    def is_settled(self) -> bool:
        """Whether every measure could be judged."""
        return not self.missing

    @property
    def lasting_lines(self) -> tuple[RateLine, ...]:
        """The lines that stay owed: what is collected under them cannot come back."""
        return tuple(line for line in self.lines if line.refundable_from is None)

    def on(self, customs_value: Money) -> Duty:
        """The same answer in money."""
        return Duty(lines=tuple(line.on(customs_value) for line in self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Lines of duty on one customs value, and their sums, which are sums of rounded lines."""

    lines: tuple[DutyLine, ...]

    @property
    def total(self) -> Money:
        """What is owed at entry."""
        return _sum(line.duty for line in self.lines)

    @property
    def refundable(self) -> Money:
        """The part of the total that can come back."""
        return _sum(line.duty for line in self.lines if line.refundable)

    @property
    def lasting(self) -> Money:
        """The part of the total that stays owed."""
        return self.total - self.refundable


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """A fee beside the duty; the amount keeps within the minimum and maximum of its fiscal year."""

    measure: str
    title: str
    amount: Money
    legal_reference: str


def _sum(amounts: object) -> Money:
    return sum(amounts, NO_MONEY)  # type: ignore[call-overload, no-any-return]
