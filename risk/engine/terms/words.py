"""Numbers in words, as people read them wherever they are told: shares, counts, dollars, days."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from risk.engine.terms.figures import day_written, written
from risk.engine.terms.money import HUNDRED, Money

MILLION = Decimal(10**6)
NOT_KNOWN = "not known"


def percent(share: Decimal | None) -> str:
    """A share to one decimal: "61.4 %", "0 %", "100 %"; what is little, but not nothing, is "< 0.1 %"."""
    if share is None:
        return NOT_KNOWN
    shown = (share * HUNDRED).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if share and not shown:
        return written("< 0.1 %")
    if share < 1 and shown == HUNDRED:
        return written("> 99.9 %")
    return written(f"{shown:f}".removesuffix(".0")) + " %"


def dollars(money: Money) -> str:
    """Whole dollars: "$1,284,000"; the cents of a dollar not reached are kept: "$0.40"."""
    whole = money.amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return written(f"${whole:,}" if abs(money.amount) >= 1 or not money.amount else f"${money.amount}")


def about_dollars(cents: int) -> str:
    """Large amounts in millions: "$74.0 million"."""
    money = Money.of_cents(cents)
    if money.amount < MILLION:
        return dollars(money)
    return written(f"${money.amount / MILLION:,.1f}") + " million"


def counted(number: int, thing: str, things: str = "") -> str:
    """ "1 lot", "2,400 rigs", "0 entries"."""
    return f"{whole(number)} {thing if number == 1 else things or thing + 's'}"


def whole(number: int) -> str:
    """A whole number with its thousands apart: "100,000"."""
    return written(f"{number:,}")


def day(when: date) -> str:
    """ "22 Nov 2026"."""
    return day_written(when)
