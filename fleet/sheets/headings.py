"""From the words over a column to one of our columns: matched in any case, spacing and punctuation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fleet.sheets.cells.raw import RawCell, shown, width_folded
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME

_MARKS = re.compile(r"[\W_]")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|矿池|矿工|密码")
_SECRET_WORDS = frozenset(
    (
        *(
            "pool",
            "worker",
            "password",
            "passwd",
            "pwd",
            "pass",
            "stratum",
            "wallet",
            "secret",
            "ssh",
            "login",
        ),
        *("username", "矿池", "矿工", "密码"),
    )
)


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """What a heading means: the column, and the unit that it names.

    Where two headings of a sheet mean one column, the one of lower `rank` is read: 'Site' before 'Location'.
    """

    column: Column
    unit: str = ""
    rank: int = 0


def folded(heading: str) -> str:
    """The heading without case, spaces and marks: 'Hashrate （TH/s）' is 'hashrateths', 'PO #' 'ponumber'."""
    return _MARKS.sub("", width_folded(heading).casefold().replace("#", " number "))


def match_of(heading: str) -> HeadingMatch | None:
    """The column that the heading means by itself, or None."""
    return None if is_secret(heading) else _matches().get(folded(heading))


def match_as(heading: str, column: Column) -> HeadingMatch:
    """The heading taken for the column that somebody chose, with the unit that it ends in."""
    own = match_of(heading)
    if own is not None and own.column is column:
        return HeadingMatch(column, own.unit, rank=-1)
    endings = (unit for unit in column.units if folded(heading).endswith(unit))
    return HeadingMatch(column, max(endings, key=len, default=""), rank=-1)


def is_secret(heading: str) -> bool:
    """Whether the column holds pool accounts, workers or passwords, which are never read."""
    words = _WORDS.findall(width_folded(heading))
    return not _SECRET_WORDS.isdisjoint(word.casefold() for word in words)


def heading_text(cell: RawCell) -> str:
    """The heading as it is written, on one line."""
    return " ".join(shown(cell).split())


def column_named(name: str) -> Column:
    """The column of that name. Raises ValueError with a sentence that lists the names."""
    column = COLUMNS_BY_NAME.get(name.strip())
    if column is None:
        raise ValueError(f"There is no column '{name}'; the columns are {', '.join(COLUMNS_BY_NAME)}.")
    return column


@cache
def _matches() -> Mapping[str, HeadingMatch]:
    """Every spelling of every heading, with and without each unit."""
    matches: dict[str, HeadingMatch] = {}
    for column in COLUMNS:
        for rank, heading in enumerate((column.name, *column.headings)):
            word = folded(heading)
            matches[word] = HeadingMatch(column, word if word in column.units else "", rank)
            for unit in column.units:
                matches.setdefault(word + unit, HeadingMatch(column, unit, rank))
    return matches
