"""Hashrates in a name: "104T", "(9500)", "17,6 GH/s", "14-5th" in a web address; and other figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_THS = {"t": Decimal(1), "g": Decimal("0.001"), "m": Decimal("0.000001")}
_UNIT = r"(?P<unit>[tgm])(?:h(?:ash)?(?:/?s(?:ec)?)?|/s)?(?!\w)"
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)"

# "126 Chip", "3250W", "29.5 J/TH": true of the machine, but no part of its name.
_FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?\s*-?\s*(?:chips?|j/th?|w/th?|kw|w)(?:/s)?(?!\w)")
_RANGE = re.compile(rf"(?<![\w.])(?P<low>\d{{2,4}})\s*[-~/]\s*(?P<high>\d{{2,4}})\s*{_UNIT}")
_RATE = re.compile(rf"(?<![a-z0-9.])(?:{_NUMBER}|(?P<address>\d+-\d))\s*{_UNIT}")
_IN_BRACKETS = re.compile(rf"[(\[]\s*{_NUMBER}\s*[)\]]")
_PLUS_FOLLOWS = re.compile(r"\s*\+")

UNEXPLAINED = "&"
"""Left where a plus sign follows a figure: it may be the model's or an "and", so no name may come of it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A hashrate as written: a number, and t, g or m for TH/s, GH/s or MH/s; None where no unit stands."""

    number: Decimal
    unit: str | None = None

    @property
    def possible_ths(self) -> tuple[Decimal, ...]:
        """The rate in TH/s, in each unit that it may have been meant in."""
        if self.unit is not None:
            return (self.number * _THS[self.unit],)
        return tuple(self.number * ths for ths in _THS.values())


def take_rates(text: str) -> tuple[str, tuple[Rate, ...]]:
    """A plain text without its rates and figures, and the rates; a range ("106-115t") gives both its ends."""
    rates: list[Rate] = []

    def figure(found: re.Match[str]) -> str:
        return f" {UNEXPLAINED} " if _PLUS_FOLLOWS.match(found.string, found.end()) else " "

    def both_ends(found: re.Match[str]) -> str:
        low, high = Decimal(found["low"]), Decimal(found["high"])
        if low * 2 < high:  # "15-194t" is the A15 at 194 TH/s
            return found[0]
        rates.extend((Rate(low, found["unit"]), Rate(high, found["unit"])))
        return figure(found)

    def rate(found: re.Match[str]) -> str:
        said = found.groupdict()
        number = said["number"] or said["address"].replace("-", ".")
        rates.append(Rate(Decimal(number), said.get("unit")))
        return figure(found)

    text = _RANGE.sub(both_ends, _FIGURE.sub(figure, text))
    return _IN_BRACKETS.sub(rate, _RATE.sub(rate, text)), tuple(rates)
