"""From the words over a column to one of our columns: matched in any case, spacing and punctuation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from fleet.sheets.cells.raw import RawCell, shown, width_folded
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from fleet.sheets.heading_keys import column_known_by
from fleet.sheets.heading_topics import topic_of
from fleet.sheets.heading_words import (
    BEARING_BYWORDS,
    BYWORDS,
    TOO_GENERAL,
    folded,
    without_qualifiers,
    words_of,
)
from fleet.sheets.other_headings import OTHER_HEADINGS

__all__ = [
    "HeadingMatch",
    "column_named",
    "folded",
    "heading_text",
    "is_secret",
    "listed_match_of",
    "match_as",
    "match_of",
    "spellings",
]

OTHER_WORDS = 1_000  # the rank of a heading whose words only are known
MOST_WORDS = 6  # of a heading that is known by one of them; a longer one is a sentence
SAME_TOPIC = 2_000  # of one that means the same by the sense of its words
LONGEST_HEADING = 80
DOUBTFUL = 4_000
KEY_WORDS = 3_000  # … and of one that has but a word that a column is known by
_BEARING = tuple(column for column in COLUMNS if column.name in BEARING_BYWORDS)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    (
        *("pool", "worker", "password", "passwd", "pwd", "pass", "stratum", "wallet", "secret", "ssh"),
        *("login", "username", "passwort", "kennwort"),
    )
)
_SECRET_PARTS = (
    "矿池",
    "矿工",
    "密码",
    "пароль",
    "воркер",
    "логин",
    "пул",
    "contraseña",
    "senha",
    "mot de passe",
)


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """What a heading means: the column, and the unit that it names.

    Where two headings of a sheet mean one column, the one of lower `rank` is read: 'Site' before 'Location'.
    """

    column: Column
    unit: str = ""
    rank: int = 0

    @property
    def is_doubtful(self) -> bool:
        """Whether a word of the heading is unknown, so that the cells below must bear the meaning out."""
        return self.rank >= DOUBTFUL


def match_of(heading: str) -> HeadingMatch | None:
    """The column that the heading means by itself, or None: by a spelling that is listed, by its words in any
    order, where they mean one column and no other, by the sense of its words, or by the one word that a column
    is known by.
    """
    sure = _match(heading, (_match_by_words, _sure_topic, _match_by_key))
    return sure or _match(heading, (_match_by_topic,))


def listed_match_of(heading: str) -> HeadingMatch | None:
    """As `match_of`, but nothing is made of the sense of words: for exports of tools, whose headings are known."""
    return _match(heading, (_match_by_words, _match_by_key))


def _match(heading: str, ways: Iterable[Callable[[str], HeadingMatch | None]]) -> HeadingMatch | None:
    if is_secret(heading):
        return None
    found = _matches().get(folded(heading)) or next(filter(None, (way(heading) for way in ways)), None)
    return None if found and _is_a_rate(heading, found.column) else found


def match_as(heading: str, column: Column) -> HeadingMatch:
    """The heading taken for the column that somebody chose, with the unit that it ends in."""
    own = match_of(heading)
    if own is not None and own.column is column:
        return HeadingMatch(column, own.unit, rank=-1)
    endings = (unit for unit in column.units if folded(heading).endswith(unit))
    return HeadingMatch(column, max(endings, key=len, default=""), rank=-1)


def is_secret(heading: str) -> bool:
    """Whether the column holds pool accounts, workers or passwords, which are never read."""
    text = width_folded(heading)
    words = (word.casefold() for word in _WORDS.findall(text))
    return not _SECRET_WORDS.isdisjoint(words) or any(part in text.casefold() for part in _SECRET_PARTS)


def heading_text(cell: RawCell) -> str:
    """The heading as it is written, on one line."""
    return " ".join(shown(cell).split())


def heading_set(headings: Iterable[str]) -> str:
    """The same text for sheets with the same headings, in whatever order: what a mapping is kept by."""
    words = sorted({folded(heading) for heading in headings} - {""})
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def column_named(name: str) -> Column:
    """The column of that name. Raises ValueError with a sentence that lists the names."""
    column = COLUMNS_BY_NAME.get(name.strip())
    if column is None:
        raise ValueError(f"There is no column '{name}'; the columns are {', '.join(COLUMNS_BY_NAME)}.")
    return column


def spellings(column: Column) -> tuple[str, ...]:
    """Every known heading of a column, its name first."""
    return (column.name, *column.headings, *OTHER_HEADINGS.get(column.name, ()))


def _is_a_rate(heading: str, column: Column) -> bool:
    """'Duty %' is no amount of duty, nor is 'Power %' a power."""
    return "%" in width_folded(heading) and "percent" not in column.name


@cache
def _matches() -> Mapping[str, HeadingMatch]:
    """Every spelling of every heading, with and without each unit."""
    matches: dict[str, HeadingMatch] = {}
    for column in COLUMNS:
        for rank, heading in enumerate(spellings(column)):
            word = folded(heading)
            matches[word] = HeadingMatch(column, _unit_among(words_of(_as_heading(heading)), column), rank)
            for unit in column.units:
                matches.setdefault(word + unit, HeadingMatch(column, unit, rank))
    return matches


@cache
def _match_by_words(heading: str) -> HeadingMatch | None:
    """With all its words first, then without those that say only that it is about a rig, then without those
    that change nothing about the column.
    """
    words = words_of(heading)
    if words.isdisjoint(_vocabulary()):  # as nearly every cell below the headings
        return None
    plain = without_qualifiers(words)
    return (
        _only_match(words, COLUMNS)
        or _only_match(plain, COLUMNS)
        or _only_match(words - BYWORDS, _BEARING)
        or _only_match(plain - BYWORDS, _BEARING)
    )


@cache
def _match_by_topic(heading: str) -> HeadingMatch | None:
    """By the sense of its words; a word that is unknown leaves a doubt, which the cells must remove."""
    found = topic_of(heading) if len(heading) <= LONGEST_HEADING else None
    if found is None:
        return None
    column = COLUMNS_BY_NAME[found.column]
    units = [unit for unit in column.units if folded(unit) in found.words]
    return HeadingMatch(
        column, max(units, key=len, default=""), DOUBTFUL if found.is_doubtful else SAME_TOPIC
    )


def _sure_topic(heading: str) -> HeadingMatch | None:
    found = _match_by_topic(heading)
    return None if found and found.is_doubtful else found


@cache
def _match_by_key(heading: str) -> HeadingMatch | None:
    """The column that is known by one of the words, with the unit that another of them is."""
    words = words_of(heading)
    name = column_known_by(words) if len(words) <= MOST_WORDS else None
    if name is None:
        return None
    column = COLUMNS_BY_NAME[name]
    return HeadingMatch(column, _unit_among(words, column), KEY_WORDS)


def _unit_among(words: frozenset[str], column: Column) -> str:
    return min(words & {folded(unit) for unit in column.units}, default="")


def _only_match(said: frozenset[str], columns: Iterable[Column]) -> HeadingMatch | None:
    """The column that the words mean, where it is the only one."""
    found = {}
    for column in columns:
        units = said & {folded(unit) for unit in column.units}
        bare = said - units
        if bare and bare not in TOO_GENERAL and bare in _spoken()[column.name]:
            found[column.name] = HeadingMatch(column, min(units, default=""), OTHER_WORDS)
    return found.popitem()[1] if len(found) == 1 else None


def _as_heading(spelling: str) -> str:
    return spelling.replace("_", " ")


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of every heading."""
    return frozenset(word for said in _spoken().values() for words in said for word in words)


@cache
def _spoken() -> Mapping[str, frozenset[frozenset[str]]]:
    """For each column the sets of words that mean it."""
    return {
        column.name: frozenset(
            words
            for heading in map(_as_heading, spellings(column))
            for all_words in (words_of(heading),)
            for words in (all_words, without_qualifiers(all_words))
        )
        for column in COLUMNS
    }
