"""Money and rates: Decimal throughout, and one rule of rounding.

The rule: a duty is rounded once, to the cent, half a cent upwards, on the customs value of all units
together. Worked example: 12.4 % of 33.85 is 4.1974, so 4.20; 2.5 % of 1.00 is 0.025, so 0.03. Totals are
sums of rounded lines and are never rounded again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
_ZERO = Decimal("0.00")
_AMOUNT = re.compile(r"-?\$?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?", re.ASCII)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of US dollars, exact to the cent. Customs values and duties are never kept finer."""

    amount: Decimal

    def __post_init__(self) -> None:
        amount = self.amount
        if not amount.is_finite() or amount != (in_cents := amount.quantize(CENT)):
            raise ValueError(f"{amount} is not an amount in whole cents.")
        object.__setattr__(self, "amount", in_cents or _ZERO)  # no negative zero

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read '3900', '3,900.00' or '$3,900.00'; more than two decimals are refused, not rounded. Commas
        stand between thousands or not at all.

        Raises ValueError with a sentence when the text is no amount.
        """
        if not _AMOUNT.fullmatch(text.strip()):
            raise ValueError(f"'{text}' is no amount of money; write it like 3900.00.")
        return cls(Decimal(text.strip().replace("$", "").replace(",", "")))

    @classmethod
    def of_cents(cls, cents: int) -> Money:
        """The amount of so many whole cents, as the database keeps it."""
        return cls.in_whole_cents(Decimal(cents) * CENT)

    @classmethod
    def in_whole_cents(cls, amount: Decimal) -> Money:
        """An amount that was rounded to two decimals, or added up of such; taken as it is, since to look at it again
        costs as much as all the rest, and a fleet has many."""
        money = object.__new__(cls)
        object.__setattr__(money, "amount", amount)
        return money

    @classmethod
    def rounded(cls, amount: Decimal) -> Money:
        """The amount to the cent, half a cent upwards (away from zero)."""
        return cls.in_whole_cents(amount.quantize(CENT, rounding=ROUND_HALF_UP) or _ZERO)  # no negative zero

    @classmethod
    def sum_of(cls, amounts: Iterable[Money]) -> Money:
        """All of them together: a fleet has many."""
        return cls.in_whole_cents(sum((each.amount for each in amounts), _ZERO))

    @property
    def cents(self) -> int:
        """Whole cents, as the database keeps it."""
        return int(self.amount * HUNDRED)

    def __add__(self, other: Money) -> Money:
        return Money.in_whole_cents(self.amount + other.amount)

    def __sub__(self, other: Money) -> Money:
        return Money.in_whole_cents(self.amount - other.amount)

    def __str__(self) -> str:
        return f"{self.amount:.2f}"


NO_MONEY = Money(Decimal(0))


@dataclass(frozen=True, slots=True, order=True)
class AdValoremRate:
    """A share of the customs value as a Decimal fraction: 0.25 is 25 percent. Never negative."""

    fraction: Decimal

    def __post_init__(self) -> None:
        if not self.fraction.is_finite() or self.fraction < 0:
            raise ValueError(f"A rate of {self.fraction} is out of range; a rate is 0 or more.")
        object.__setattr__(self, "fraction", plain(self.fraction))

    @classmethod
    def of_percent(cls, percent: str) -> AdValoremRate:
        """Read a percentage: '2.6' is the fraction 0.026."""
        return cls(Decimal(percent) / HUNDRED)

    @property
    def percent(self) -> str:
        """The rate in percent without trailing zeros: '2.6', '25', '0'."""
        return f"{plain(self.fraction * HUNDRED):f}"

    def of(self, customs_value: Money) -> Money:
        """The duty on a customs value, rounded once to the cent."""
        return Money.rounded(self.fraction * customs_value.amount)

    def __add__(self, other: AdValoremRate) -> AdValoremRate:
        return AdValoremRate(self.fraction + other.fraction)

    def __str__(self) -> str:
        return f"{self.percent} %"


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, so that equal rates print alike."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


FREE = AdValoremRate(Decimal(0))
