"""The word tables beside this module, read once: legal forms, common words, places, abbreviations, Chinese words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from risk.engine.names.romanising import folded, latin
from risk.engine.terms.countries import country_names

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[a-z0-9]+")

LONG_WORD = 6
"""Letters from which a word is folded and mended: shorter ones turn into one another too easily."""

EMPTY_WORDS = frozenset({"group", "holding", "enterprise", "company"})
"""Words that are added to a company's name and left out of it without anybody noticing."""


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form by its words; `at_ends` for short ones that are also words elsewhere (AS, SE, AG)."""

    words: tuple[str, ...]
    means: str
    at_ends: bool


@cache
def legal_forms() -> Mapping[str, tuple[Form, ...]]:
    """Legal forms by their first word, the longest first."""
    found: dict[str, list[Form]] = {}
    for row in _rows("legal_forms"):
        words = tuple(map(sound, row["form"].split()))
        found.setdefault(words[0], []).append(Form(words, row["means"], row["where"] == "ends"))
    return {first: tuple(sorted(forms, key=lambda form: -len(form.words))) for first, forms in found.items()}


def sound(word: str) -> str:
    """A word as these tables look it up: long ones folded, so that every romanisation is found."""
    return folded(word) if len(word) >= LONG_WORD else word


@cache
def written_forms() -> tuple[str, ...]:
    """Every legal form as it is written, in small letters without points."""
    return tuple(row["form"] for row in _rows("legal_forms"))


@cache
def form_words() -> frozenset[str]:
    """The long words that legal forms are made of, by their sound."""
    words = {word for form in written_forms() for word in form.split() if len(word) >= LONG_WORD}
    return frozenset(sound(word) for word in words) - common_words().keys()


@cache
def grown_endings() -> tuple[str, ...]:
    """Single-word forms that are cut off a word they have grown onto: 'pasadenaltda'."""
    singles = {form for form in written_forms() if " " not in form}
    return tuple(sorted(word for word in singles if len(word) >= 4 and sound(word) not in common_words()))


@cache
def common_words() -> Mapping[str, str]:
    """Words that many companies share (trade, place, country) by their sound, with the one word they count as."""
    return {**_countries(), **_spellings("words", "word"), **_spellings("places", "place")}


@cache
def misspelt() -> Mapping[str, frozenset[str]]:
    """Long words of trades and legal forms, as they are written, by what is left of them without one letter."""
    found: dict[str, set[str]] = {}
    for word in _long_words():
        for short in without_a_letter(word):
            found.setdefault(short, set()).add(word)
    return {short: frozenset(words) for short, words in found.items()}


def without_a_letter(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing: articles, prepositions, 'named after'."""
    return frozenset(row["word"] for row in _rows("stop_words"))


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """Abbreviations of a trade that stand for the same words everywhere: NPO, NII, STC."""
    return {row["short"]: tuple(row["means"].split()) for row in _rows("abbreviations") if row["means"]}


@cache
def chinese_words() -> Mapping[str, tuple[str, str]]:
    """Chinese words of company names: what each means in English, and its kind."""
    return {row["han"]: (row["means"], row["kind"]) for row in _rows("chinese")}


def _long_words() -> set[str]:
    trades = (f"{row['word']} {row['also']}" for row in _rows("words"))
    places = (f"{row['place']} {row['also']}" for row in _rows("places"))
    words = (word for text in (*written_forms(), *trades, *places) for word in _WORD.findall(text))
    return {word for word in words if len(word) >= LONG_WORD}


def _spellings(table: str, column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _rows(table):
        word = row[column]
        if " " in word:
            continue
        for spelling in (word, *row["also"].split(";")):
            if spelling and " " not in spelling:
                found.setdefault(sound(spelling), word)
    return found


def _countries() -> dict[str, str]:
    """Every word of a country's English name that is not told above."""
    words = {word for name in country_names().values() for word in _WORD.findall(latin(name).casefold())}
    return {sound(word): word for word in sorted(words) if len(word) > 3}


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
