"""The four amounts of a lot: what is charged before any money is known, and what it comes to on a value.

A finding is the same for lots of any value; only this sum is worked for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from risk.engine.findings import RateLine
from risk.engine.terms.money import CENT, NO_MONEY, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LotValue:
    """The customs value of a lot's rigs: of those in the fleet, and of all that it ever held.

    Retired and sold rigs have left the fleet, but an entry stays open to customs and to refunds. None
    means that no rig has a value; `units_without_value` have none beside those that do.
    """

    in_fleet: Money | None
    ever: Money | None
    units_without_value: int = 0


class Amounts(NamedTuple):
    """The four amounts of a lot; None is unknown, zero is nothing."""

    duty_to_come: Money | None
    contingent: Money | None
    refundable: Money | None
    replacement: Money | None


Taken = tuple[Decimal, Decimal | None]
"""A rate, and the share of the customs value that it is taken on; None is the whole value."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Lines of duty less other lines, never less than nothing. Each line is rounded to the cent by itself,
    so equal lines on both sides cancel."""

    lines: tuple[Taken, ...]
    less: tuple[Taken, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[RateLine], less: Iterable[RateLine] = ()) -> Charge:
        """The charge of some lines less others."""
        owed, spared = _pairs(lines), _pairs(less)
        if not spared:
            return cls(owed)
        return cls(
            *(tuple((Counter(a) - Counter(b)).elements()) for a, b in ((owed, spared), (spared, owed)))
        )

    def on(self, customs_value: Money) -> Money:
        """The money: the same as the sum of the lines of duty on that value, which take longer to write."""
        if not self.lines:
            return NO_MONEY
        amount = _sum(self.lines, customs_value.amount)
        if self.less:
            amount = max(amount - _sum(self.less, customs_value.amount), _NOTHING)
        return Money.in_whole_cents(amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What makes each of the four amounts: a charge on the value, an amount that no value changes, or None
    while it is unknown what is charged."""

    duty_to_come: Charge | Money | None
    contingent: Charge | Money | None
    refundable: Charge | Money | None
    replacement: Charge | Money | None

    def on(self, value: LotValue) -> Amounts:
        """The amounts of a lot of that value. What left the fleet need not come, nor be bought again."""
        return Amounts(
            _of_fleet(self.duty_to_come, value.in_fleet),
            _amount(self.contingent, value.ever),
            _amount(self.refundable, value.ever),
            _of_fleet(self.replacement, value.in_fleet),
        )


def _of_fleet(charged: Charge | Money | None, value: Money | None) -> Money | None:
    """No rate, known or not, makes a duty of nothing."""
    return NO_MONEY if charged is None and value == NO_MONEY else _amount(charged, value)


def _amount(charged: Charge | Money | None, value: Money | None) -> Money | None:
    if isinstance(charged, Charge):
        return None if value is None else charged.on(value)
    return charged


def _pairs(lines: Iterable[RateLine]) -> tuple[Taken, ...]:
    return tuple(
        (line.rate.fraction, None if line.share_of_value == 1 else line.share_of_value) for line in lines
    )


def _sum(lines: tuple[Taken, ...], value: Decimal) -> Decimal:
    total = _NOTHING
    for rate, share in lines:
        base = value if share is None else (value * share).quantize(CENT, ROUND_HALF_UP)
        total += (rate * base).quantize(CENT, ROUND_HALF_UP)
    return total


_NOTHING = Decimal("0.00")
