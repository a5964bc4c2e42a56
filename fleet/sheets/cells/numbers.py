"""Cells that hold a number: how numbers are written, and counts and percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from fleet.sheets.cells.raw import RawCell, Reader, WrongCell, is_number, plain_number, shown, width_folded
from risk.engine.terms.money import plain

MOST_UNITS = 100_000
LONGEST_NUMBER = 40

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:[. ]\d{3})+),(?:\d{1,2}|\d{4,})|[+-]?\d{1,3}(?:[. ]\d{3})+,\d+"
)
_COULD_BE_EITHER = re.compile(r"[+-]?\d{1,3},\d{3}")
_IN_BRACKETS = re.compile(r"\((.+)\)")  # how accountants write a negative amount


def decimal_of(code: str, what: str, cell: RawCell) -> Decimal:
    """The number of a cell. Raises `WrongCell`: `code` for what is no number, `decimal_comma` for 17,6."""
    if not (is_number(cell) or isinstance(cell, str)):
        raise WrongCell(code, f"'{shown(cell)}' is no {what}; write a number.")
    if not isinstance(cell, str):
        return _finite(code, what, cell)
    text = width_folded(cell).replace("−", "-").replace("\u202f", " ")
    if found := _IN_BRACKETS.fullmatch(text):
        text = f"-{found[1]}"
    if len(text) <= LONGEST_NUMBER and (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return Decimal(re.sub(r"[, ]", "", text))
    if _DECIMAL_COMMA.fullmatch(text):
        raise WrongCell("decimal_comma", f"'{shown(cell)}' has a decimal comma; write it with a point.")
    raise WrongCell(code, f"'{shown(cell)}' is no {what}; write a number.")


def has_decimal_commas(cells: Iterable[RawCell]) -> bool:
    """Whether some cell of a column proves that its author writes decimals with a comma."""
    return any(isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(width_folded(cell)) for cell in cells)


def refuse_doubtful_comma(cell: RawCell) -> None:
    """Raises `WrongCell` for 3,900 in a column whose other cells have decimal commas: 3900 or 3.9?"""
    if isinstance(cell, str) and _COULD_BE_EITHER.fullmatch(width_folded(cell)):
        raise WrongCell(
            "decimal_comma",
            f"'{shown(cell)}' could be in thousands or have a decimal comma, as others in its column have; "
            "write it with a point, or without any mark.",
        )


def quantity(cell: RawCell) -> int:
    """Whole units, 1 to 100,000. Raises `WrongCell`."""
    number = decimal_of("quantity_unreadable", "quantity", cell)
    if number != number.to_integral_value():
        raise WrongCell("quantity_unreadable", f"'{shown(cell)}' is no whole number of rigs.")
    if not 1 <= number <= MOST_UNITS:
        raise WrongCell(
            "quantity_out_of_range", f"{shown(cell)} is out of range; give 1 to {MOST_UNITS:,} rigs."
        )
    return int(number)


def percentage(column: str) -> Reader:
    """A reader of percentages from 0 to 100 as Decimal; a share such as 0.25 is refused, as it could be 0.25
    %.
    """

    def read(cell: RawCell) -> Decimal:
        text = width_folded(cell) if isinstance(cell, str) else cell
        has_sign = isinstance(text, str) and text.endswith("%")
        number = decimal_of(
            f"{column}_unreadable", "percentage", text.rstrip("% ") if isinstance(text, str) else text
        )
        if not 0 <= number <= 100:
            raise WrongCell(
                f"{column}_out_of_range", f"{shown(cell)} is out of range; give 0 to 100 percent."
            )
        if 0 < number <= 1 and not has_sign:
            raise WrongCell(
                f"{column}_ambiguous",
                f"{shown(cell)} could mean {plain(number):f} % or {plain(number * 100):f} %; write it with "
                "its sign.",
            )
        return number

    return read


def _finite(code: str, what: str, number: int | float) -> Decimal:
    exact = Decimal(repr(number))
    if not exact.is_finite() or abs(exact) >= 10**15:
        raise WrongCell(code, f"{plain_number(number)} is no {what}; write a number.")
    return exact
