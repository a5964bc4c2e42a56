"""Countries by ISO 3166-1, and the ways in which people write them.

Codes and names: ISO 3166-1 as of 2026-02 (249 entries, Debian iso-codes); the display names are the short
English ones in common use; column `also` holds other spellings met in customs papers and fleet sheets.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Self

_TABLE = Path(__file__).with_name("countries.csv")


class CountryCode(str):
    """An ISO 3166-1 alpha-2 code that exists; a plain string everywhere else."""

    __slots__ = ()

    def __new__(cls, code: str) -> Self:
        """Raises ValueError with a sentence when no country has that code."""
        if code not in _names():
            raise ValueError(f"'{code}' is no ISO 3166-1 country code; write it like CN or MY.")
        return super().__new__(cls, code)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code, an alpha-3 code or an English name: 'CN', 'chn', 'PRC', 'P.R.C.', 'China' are CN.

        Raises ValueError with a sentence, and the nearest name where there is one.
        """
        found = _spellings().get(_folded(text))
        if found is None:
            raise ValueError(
                f"'{text}' is no country; write the ISO code or the English name{_nearest(text)}."
            )
        return cls(found)

    @property
    def country_name(self) -> str:
        """The short English name."""
        return _names()[str(self)]


def country_names() -> Mapping[str, str]:
    """Every code with its short English name."""
    return _names()


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w]|_", "", "".join(c for c in plain if not unicodedata.combining(c)))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def _names() -> Mapping[str, str]:
    return {row["alpha_2"]: row["name"] for row in _rows()}


@cache
def _spellings() -> Mapping[str, str]:
    spellings: dict[str, str] = {}
    for row in _rows():
        for written in (row["alpha_2"], row["alpha_3"], row["name"], *row["also"].split(";")):
            if written:
                spellings.setdefault(_folded(written), row["alpha_2"])
    return spellings


def _nearest(text: str) -> str:
    names = {_folded(name): name for name in _names().values()}
    near = get_close_matches(_folded(text), names, n=1, cutoff=0.75)
    return f" (did you mean {names[near[0]]}?)" if near else ""
