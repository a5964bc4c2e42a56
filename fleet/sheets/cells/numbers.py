"""Cells that hold a number: how numbers are written, and counts and percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from fleet.sheets.cells.raw import RawCell, Reader, WrongCell, is_number, plain_number, shown, width_folded
from risk.engine.terms.money import plain

MOST_UNITS = 100_000
LONGEST_NUMBER = 40

_POINTED = re.compile(
    r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ ']\d{3})+(?:\.\d+)?)"
)
_COMMAED = re.compile(r"[+-]?(?:(?:\d+(?:,\d*)?|,\d+)|\d{1,3}(?:[. ']\d{3})+(?:,\d+)?)")
_PROVES_COMMA = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:[. ']\d{3})+),(?:\d{1,2}|\d{4,})|[+-]?\d{1,3}(?:[. ']\d{3})+,\d+"
    r"|[+-]?\d{1,3}(?:\.\d{3}){2,}|[+-]?0,\d+"  # no thousands begin with 0
)
_PROVES_POINT = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:[, ']\d{3})+)\.(?:\d{1,2}|\d{4,})|[+-]?\d{1,3}(?:[, ']\d{3})+\.\d+"
    r"|[+-]?\d{1,3}(?:,\d{3}){2,}|[+-]?0\.\d+"
)
THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_COULD_BE_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_IN_BRACKETS = re.compile(r"\((.+)\)")  # how accountants write a negative amount
_NUMBER_WITHIN = re.compile(r"[+-]?[\d.,](?:[\d.,' ]*\d)?")


class DecimalMark(StrEnum):
    """What stands before the decimals; the other one groups the thousands."""

    POINT = "point"
    COMMA = "comma"


def settled_mark(cells: Iterable[RawCell]) -> DecimalMark | None:
    """The mark that a column's own cells prove ('17,6', '3.900,00'), or None where they prove none or both."""
    marks = {mark for cell in cells if isinstance(cell, str) and (mark := _proves(cell))}
    return marks.pop() if len(marks) == 1 else None


def _proves(text: str) -> DecimalMark | None:
    found = _NUMBER_WITHIN.search(_plain_text(text))
    if found is None:
        return None
    if _PROVES_COMMA.fullmatch(found[0]):
        return DecimalMark.COMMA
    return DecimalMark.POINT if _PROVES_POINT.fullmatch(found[0]) else None


def decimal_of(code: str, what: str, cell: RawCell, mark: DecimalMark | None = None) -> Decimal:
    """The number of a cell, whose decimals stand behind `mark` (None: a point, and no cell proves otherwise).

    Raises `WrongCell`: `code` for what is no number, `decimal_comma` or `decimal_point` for the other mark.
    """
    if not (is_number(cell) or isinstance(cell, str)):
        raise WrongCell(code, f"'{shown(cell)}' is no {what}; write a number.")
    if not isinstance(cell, str):
        return _finite(code, what, cell)
    text = _plain_text(cell)
    if found := _IN_BRACKETS.fullmatch(text):
        text = f"-{found[1]}"
    has_comma = mark is DecimalMark.COMMA
    if len(text) <= LONGEST_NUMBER and (_COMMAED if has_comma else _POINTED).fullmatch(text):
        bare = re.sub(r"[. ']" if has_comma else r"[, ']", "", text)
        return Decimal(bare.replace(",", "."))
    if _proves(text):
        name, other = ("point", "comma") if has_comma else ("comma", "point")
        raise WrongCell(
            f"decimal_{name}",
            f"'{shown(cell)}' has a decimal {name}; write it with a {other}, as the others.",
        )
    raise WrongCell(code, f"'{shown(cell)}' is no {what}; write a number.")


def refuse_doubtful_comma(cell: RawCell) -> None:
    """Raises `WrongCell` for 3,900 in a column whose other cells have decimal commas: 3900 or 3.9?"""
    if isinstance(cell, str) and could_be_either(cell):
        raise WrongCell(
            "decimal_comma",
            f"'{shown(cell)}' could be in thousands or have a decimal comma, as others in its column have; "
            "write it with a point, or without any mark.",
        )


def could_be_either(cell: str) -> bool:
    """Whether the comma of 3,900 may group thousands as well as stand before decimals."""
    return bool(_COULD_BE_EITHER.fullmatch(width_folded(cell)))


def refuse_doubtful_point(column: str, cell: RawCell) -> None:
    """Raises `WrongCell` for text like 3.276, which half of the world writes for 3,276."""
    if isinstance(cell, str) and THOUSANDS_OR_DECIMALS.fullmatch(width_folded(cell)):
        text = width_folded(cell)
        raise WrongCell(
            f"{column}_ambiguous",
            f"'{text}' could be {text.replace('.', '')} or {plain(Decimal(text)):f}; write it without a mark.",
        )


def _plain_text(cell: str) -> str:
    return width_folded(cell).replace("−", "-").replace("\u202f", " ").replace("’", "'")


def quantity(cell: RawCell, mark: DecimalMark | None = None) -> int:
    """Whole units, 1 to 100,000. Raises `WrongCell`."""
    if mark is None:
        refuse_doubtful_point("quantity", cell)
    number = decimal_of("quantity_unreadable", "quantity", cell, mark)
    if number != number.to_integral_value():
        raise WrongCell("quantity_unreadable", f"'{shown(cell)}' is no whole number of rigs.")
    if not 1 <= number <= MOST_UNITS:
        raise WrongCell(
            "quantity_out_of_range", f"{shown(cell)} is out of range; give 1 to {MOST_UNITS:,} rigs."
        )
    return int(number)


def percentage(column: str, mark: DecimalMark | None = None) -> Reader:
    """A reader of percentages from 0 to 100 as Decimal; a share such as 0.25 is refused, as it could be 0.25
    %.
    """

    def read(cell: RawCell) -> Decimal:
        text = width_folded(cell) if isinstance(cell, str) else cell
        has_sign = isinstance(text, str) and text.endswith("%")
        number = decimal_of(
            f"{column}_unreadable", "percentage", text.rstrip("% ") if isinstance(text, str) else text, mark
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
