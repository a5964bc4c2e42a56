"""Cells that hold an amount of US dollars for one unit."""

from __future__ import annotations

import re
from decimal import Decimal

from fleet.sheets.cells.numbers import (
    THOUSANDS_OR_DECIMALS,
    DecimalMark,
    decimal_of,
    refuse_doubtful_comma,
    settled_mark,
)
from fleet.sheets.cells.raw import Noted, RawCell, Reader, WrongCell, shown, width_folded
from fleet.sheets.cells.words import currency
from risk.engine.terms.money import Money

DOLLAR_UNITS = ("usd", "us", "dollars", "usdollars", "美元", "долл", "долларов")
OTHER_CURRENCIES = (
    "eur",
    "gbp",
    "cny",
    "rmb",
    "hkd",
    "cad",
    "aud",
    "sgd",
    "jpy",
    "krw",
    "twd",
    "myr",
    "pyg",
    "brl",
    "mxn",
    "rub",
    "руб",
    "euro",
    "人民币",
    "元",
)
MOST_DOLLARS = 1_000_000
DEAREST_UNIT = Decimal(MOST_DOLLARS)

_MARKED = re.compile(
    r"(?P<before>[^\d\s.,()+\-−]*)\s*(?P<number>[(+\-−]?[\d.,].*?)\s*(?P<after>[^\d\s.,()]*)"
)
_CURRENCY_MARK = re.compile(r"[a-zA-Z]{2,3}|[a-zA-Z]{0,2}[$€£¥₽₲₩₹元]")
CENTS_HAIR = 0.0001
_HAIR = Decimal("0.000001")  # what binary fractions leave behind: 99.99 is saved as 99.98999999999999


def amount_reader(
    column: str, unit: str = "", cells: tuple[RawCell, ...] = (), told: DecimalMark | None = None
) -> Reader:
    """A reader of amounts per unit; `unit` is the currency in the heading. The decimal mark is the one that
    was `told`, or else the one that the column's `cells` prove.

    Finer than a cent is rounded half up, with a warning. Raises `WrongCell`: `value_negative`,
    `currency_not_usd`, `<column>_unreadable`, `<column>_out_of_range`.
    """
    mark = told or settled_mark(cells)

    is_dollars = unit not in OTHER_CURRENCIES

    def read(cell: RawCell) -> object:
        if not is_dollars:
            currency(unit.upper())
        if type(cell) is float and (money := _plain_amount(cell)):
            return money
        bare = _without_currency(cell)
        if told is None and mark is DecimalMark.COMMA:
            refuse_doubtful_comma(bare)
        elif told is None:
            _refuse_doubtful_point(column, bare)
        amount = decimal_of(f"{column}_unreadable", "amount", bare, mark)
        return _in_cents(column, _in_range(column, cell, amount))

    return read


def _plain_amount(cell: float) -> Money | None:
    """The amount of a number cell that has whole cents, as nearly all have: five times as quick as by Decimal."""
    if not 0 <= cell <= MOST_DOLLARS:
        return None
    cents = round(cell * 100)
    return Money.of_cents(cents) if abs(cell * 100 - cents) < CENTS_HAIR else None


def _without_currency(cell: RawCell) -> RawCell:
    if not isinstance(cell, str):
        return cell
    found = _MARKED.fullmatch(width_folded(cell))
    if found is None:
        return cell
    marks = [mark for mark in (found["before"], found["after"]) if mark]
    if not all(_CURRENCY_MARK.fullmatch(mark) for mark in marks):
        return cell
    for mark in marks:
        currency(mark)
    return found["number"]


def _refuse_doubtful_point(column: str, cell: RawCell) -> None:
    if isinstance(cell, str) and THOUSANDS_OR_DECIMALS.fullmatch(cell):
        without, rounded = cell.replace(".", ""), f"{Decimal(cell):.2f}"
        raise WrongCell(
            f"{column}_ambiguous", f"'{cell}' could be {without}.00 or {rounded}; write it with two decimals."
        )


def _in_range(column: str, cell: RawCell, amount: Decimal) -> Decimal:
    if amount < 0:
        raise WrongCell("value_negative", f"{shown(cell)} is negative; give an amount of 0 or more.")
    if amount > DEAREST_UNIT:
        raise WrongCell(
            f"{column}_out_of_range",
            f"{shown(cell)} is more than any rig costs; give the amount for one unit.",
        )
    return amount


def _in_cents(column: str, amount: Decimal) -> object:
    money = Money.rounded(amount)
    if abs(money.amount - amount) > _HAIR:
        return Noted(
            money, f"{column}_rounded", f"{amount:f} is finer than a cent and was rounded to {money}."
        )
    return money
