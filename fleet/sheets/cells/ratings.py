"""Cells that hold a hashrate or a power, in the unit that the cell, or else its heading, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fleet.sheets.cells.numbers import (
    THOUSANDS_OR_DECIMALS,
    DecimalMark,
    could_be_either,
    decimal_of,
    refuse_doubtful_comma,
    settled_mark,
)
from fleet.sheets.cells.raw import Noted, RawCell, Reader, WrongCell, shown, width_folded

_WITH_UNIT = re.compile(r"(?P<number>[(+\-−]?[\d.,][\d.,  ]*)\s*(?P<unit>[^\W\d_](?:[^\W\d_]|[/ .])*)")


@dataclass(frozen=True, slots=True)
class Rating:
    """A measured quantity that is kept as a whole number: its units as factors of the kept one, and its
    bounds.
    """

    column: str
    what: str
    usual_unit: str
    kept_unit: str
    factors: Mapping[str, Decimal]
    fewest: int
    most: int


HASHRATE = Rating(
    column="hashrate_ths",
    what="hashrate",
    usual_unit="ths",
    kept_unit="GH/s",
    factors={
        unit: Decimal(factor)
        for factor, units in {
            "0.001": ("mhs", "mh"),
            "1": ("ghs", "gh", "g"),
            "1000": ("ths", "th", "t", "тхс", "тх"),
            "1000000": ("phs", "ph", "p"),
        }.items()
        for unit in units
    },
    fewest=0,  # a rig of another algorithm may have a few GH/s
    most=5_000_000,  # 5 PH/s: the strongest rig on record has 1.35
)
POWER = Rating(
    column="power_w",
    what="power",
    usual_unit="w",
    kept_unit="W",
    factors={
        **dict.fromkeys(("w", "watt", "watts", "вт", "瓦"), Decimal(1)),
        **dict.fromkeys(("kw", "квт", "千瓦"), Decimal(1000)),
    },
    fewest=10,  # no rig of a fleet takes so little
    most=100_000,  # the hungriest rig on record takes 20 kW
)


def rating_reader(
    rating: Rating, unit: str = "", cells: tuple[RawCell, ...] = (), told: DecimalMark | None = None
) -> Reader:
    """A reader of a rating as a whole number of the kept unit (GH/s, W), rounded half up, at least 1.

    `unit` is the one in the heading; the decimal mark is the one that was `told`, or else the one that the
    column's `cells` prove. 0, as tools write for a machine that stands still, is no rating: it is
    read as unknown, with a warning. Raises `WrongCell`: `value_negative`, `<column>_unreadable`,
    `<column>_implausible`.
    """
    settled = told or settled_mark(cells)
    mark = settled or _mark_by_size(rating, unit, cells)

    def read(cell: RawCell) -> object:
        bare, unit_of_cell = _apart(rating, cell)
        if told is None and settled is DecimalMark.COMMA:
            refuse_doubtful_comma(bare)
        if unit and unit_of_cell and rating.factors[unit] != rating.factors[unit_of_cell]:
            raise WrongCell(
                f"{rating.column}_unreadable", f"'{shown(cell)}' is in another unit than its heading."
            )
        number = decimal_of(f"{rating.column}_unreadable", rating.what, bare, mark)
        return _checked(rating, cell, number * rating.factors[unit_of_cell or unit or rating.usual_unit])

    return read


def _mark_by_size(rating: Rating, unit: str, cells: tuple[RawCell, ...]) -> DecimalMark | None:
    """A comma where 3,068 kW read as thousands is more than any rig takes, in every cell that could be either, and
    where 3.068 W read as decimals is less.
    """
    factor = rating.factors[unit or rating.usual_unit]
    texts = [width_folded(cell) for cell in cells if isinstance(cell, str)]
    commaed = [int(text.replace(",", "")) * factor for text in texts if could_be_either(text)]
    pointed = [Decimal(text) * factor for text in texts if THOUSANDS_OR_DECIMALS.fullmatch(text)]
    is_much = bool(commaed) and all(size > rating.most for size in commaed)
    is_little = bool(pointed) and all(size < rating.fewest for size in pointed)
    return DecimalMark.COMMA if is_much or is_little else None


def _apart(rating: Rating, cell: RawCell) -> tuple[RawCell, str]:
    found = _WITH_UNIT.fullmatch(width_folded(cell)) if isinstance(cell, str) else None
    if found is None:
        return cell, ""
    unit = re.sub(r"[/ .]", "", found["unit"].casefold())
    if unit not in rating.factors:
        raise WrongCell(
            f"{rating.column}_unreadable", f"'{shown(cell)}' is in no unit of {rating.what} known here."
        )
    return found["number"].strip(), unit


def _checked(rating: Rating, cell: RawCell, kept: Decimal) -> object:
    if kept < 0:
        raise WrongCell("value_negative", f"{shown(cell)} is negative; give a {rating.what} over 0.")
    if kept == 0:
        return Noted(
            None,
            f"{rating.column}_zero",
            f"0 is no {rating.what} of a rig; it is taken as not known (the model's counts).",
        )
    if kept > rating.most:
        raise WrongCell(
            f"{rating.column}_implausible",
            f"{shown(cell)} is {kept:,f} {rating.kept_unit}, which no rig has; put the unit in the heading.",
        )
    return max(1, int(kept.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
