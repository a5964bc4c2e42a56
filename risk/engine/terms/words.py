"""Numbers in words, as people read them wherever they are told: shares, counts, dollars, days."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from risk.engine.terms.money import HUNDRED, Money

MILLION = Decimal(10**6)
NOT_KNOWN = "not known"


def percent(share: Decimal | None) -> str:
    """A share to one decimal: "61.4 %", "0 %", "100 %"; what is little, but not nothing, is "< 0.1 %"."""
    if share is None:
        return NOT_KNOWN
    shown = (share * HUNDRED).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if share and not shown:
        return "< 0.1 %"
    if share < 1 and shown == HUNDRED:
        return "> 99.9 %"
    return f"{shown:f}".removesuffix(".0") + " %"


def dollars(money: Money) -> str:
    """Whole dollars: "$1,284,000"; the cents of a dollar not reached are kept: "$0.40"."""
    whole = money.amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"${whole:,}" if abs(money.amount) >= 1 or not money.amount else f"${money.amount}"


def about_dollars(cents: int) -> str:
    """Large amounts in millions: "$74.0 million"."""
    money = Money.of_cents(cents)
    return f"${money.amount / MILLION:,.1f} million" if money.amount >= MILLION else dollars(money)


def counted(number: int, thing: str, things: str = "") -> str:
    """ "1 lot", "2,400 rigs", "0 entries"."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def day(when: date) -> str:
    """ "22 Nov 2026"."""
    return f"{when.day} {when:%b %Y}"
