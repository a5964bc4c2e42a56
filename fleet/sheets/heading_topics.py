"""What a heading is about, told by the meaning of its words: for headings that nobody wrote down before.

Each word of a heading, in whatever language, stands for a notion (HEADING_NOTIONS): 'Fecha de
nacionalización', 'Innførselsdato' and '报关日期' are all a date and an entry. TOPICS says which notions
together are one of our columns. A word without a notion ('Modelo *homologado*') leaves a doubt, which the
cells below must remove; what is said in brackets only explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from fleet.sheets.cells.foreign_words import simplified
from fleet.sheets.cells.raw import width_folded
from fleet.sheets.heading_notions import HEADING_NOTIONS
from fleet.sheets.heading_words import FILLERS, plain, spelled_out

STEM = "*"
SHORTEST_PART = 3
SHORTEST_SHORTENED = 4
LONGEST_HEADING = 80  # what is longer is a sentence, such as a reason that we wrote there ourselves
LONGEST_TERM = range(6, 0, -1)
LINKS = ("", "s", "e", "n", "en", "es")  # between the parts of a German or Norwegian compound

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_WORD = re.compile(r"[^\W\d_]+|\b7501\b")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_RATES = (
    (re.compile(r"\b[jwд]\s*/\s*[tт][hх]?\b|\b[tт][hх]\s*/\s*w\b|\bjth\b"), " efficiency "),
    (re.compile(r"/\s*[ktgp]?h/s\b|/\s*[tgp]h?s?\b|\bper\s+[tgp]hs?\b|\bза\s+[тt][hх]?с?\b"), " perhash "),
    (re.compile(r"\bkwh\b|\bквт\s*[*·-]?\s*ч\b|/\s*kw\b"), " energy "),
    (re.compile(r"%"), " percent "),
    (re.compile(r"\br\$"), " brl "),
    (re.compile(r"\b(?:c|ca)\$"), " cad "),
    (re.compile(r"€"), " eur "),
    (re.compile(r"£"), " gbp "),
    (re.compile(r"[¥￥]"), " cny "),
    (re.compile(r"₽"), " rub "),
    (re.compile(r"₸"), " kzt "),
    (re.compile(r"₲"), " pyg "),
)


class Said(NamedTuple):
    """What the words of a heading say: their notions, the words that may be units, and whether any word outside
    of brackets is unknown.
    """

    notions: frozenset[str]
    words: frozenset[str]
    has_unknown: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A column, the notions that mean it (any of these sets), those that make it something else, and those
    that mean it only where the cells bear it out.
    """

    column: str
    means: tuple[frozenset[str], ...]
    unless: frozenset[str]
    may_mean: tuple[frozenset[str], ...]


class Found(NamedTuple):
    """The column that a heading is about, the words of the heading, and whether the cells are to bear it out."""

    column: str
    words: frozenset[str]
    is_doubtful: bool


def _topic(column: str, means: str, unless: str = "", may_mean: str = "") -> Topic:
    return Topic(column, _sets(means), frozenset(unless.split()), _sets(may_mean))


def _sets(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words.split()) for words in text.split(",") if words)


# The first that fits is meant: 'Hashboard origin' comes before 'origin'.
TOPICS = (
    _topic("us_content_percent", "content us, content percent", "date"),
    _topic("usmca_claim", "usmca", "date number"),
    _topic("mac_address", "mac"),
    _topic("hashboard_origin", "board origin, board country, board made", "date number serial", "board"),
    _topic(
        "hts_code",
        "hts, customs code, tariff code, tariff number, import code, tariff position, commodity",
        "date",
    ),
    _topic("expected_entry_date", "eta, expected date, expected arrival, expected entry", "order expiry"),
    _topic("loaded_date", "loaded date, loaded vessel", "number"),
    _topic("entry_date", "entry date, customs date, import date", "order sold"),
    _topic(
        "entry_number",
        "entry number, customs number, declaration",
        "date value code country maker origin hts price",
    ),
    _topic("import_country", "country import, country entry, country destination"),
    _topic("country_of_origin", "origin", "date number code port maker"),
    _topic("country_of_assembly", "assembly, country made, place made", "date number import"),
    _topic("country_of_assembly", "", "date number import maker", may_mean="made"),
    _topic("importer_of_record", "importer", "number date address country"),
    _topic("duty_paid", "duty, customs paid", "percent number date code energy"),
    _topic("purchase_order", "order number, po, order purchase, order customer", "date price status"),
    _topic("currency", "currency", "value rate"),
    _topic(
        "customs_value",
        "value, price",
        "total worth energy perhash power hashrate unit_hash unit_power quantity place",
    ),
    _topic("transport_mode", "transport mode, transport, mode shipped", "value date number order status"),
    _topic(
        "quantity",
        "quantity, number equipment_many",
        "board price value power hashrate",
        "equipment_many",
    ),
    _topic("serial_number", "serial, label number", "board"),
    _topic("hashrate_ths", "hashrate, unit_hash", "model total perhash price order mode power unit_power"),
    _topic("power_w", "power, unit_power, rated unit_letter", "total price rate mode energy perhash"),
    _topic("status", "status", "order price payment warranty"),
    _topic("notes", "notes", "date"),
    _topic("position", "position, rack place", "tariff code"),
    _topic("rack", "rack", "date"),
    _topic("model", "model, type equipment, equipment name", "serial"),
    _topic("model", "", "serial number code place", may_mean="equipment, description, type"),
    _topic("maker", "maker", "number code warranty origin"),
    _topic("site", "place", "made rack shipped import person"),
)
# Whatever stands beside these, it is none of our columns.
NEVER = frozenset(("stranger", "live", "efficiency"))
COUNTRIES = frozenset(("hashboard_origin", "import_country", "country_of_origin", "country_of_assembly"))
DAYS = frozenset(("entry_date", "expected_entry_date", "loaded_date"))


def topic_of(heading: str) -> Found | None:
    """What the heading is about; None where its words mean no column, or another thing."""
    said = said_in(heading)
    if said.notions & NEVER or len(heading) > LONGEST_HEADING:
        return None
    for topic in TOPICS:
        if topic.unless & said.notions or not _is_of_its_kind(topic.column, said.notions):
            continue
        if any(words <= said.notions for words in topic.means):
            return Found(topic.column, said.words, said.has_unknown)
        if any(words <= said.notions for words in topic.may_mean):
            return Found(topic.column, said.words, is_doubtful=True)
    return None


def _is_of_its_kind(column: str, notions: frozenset[str]) -> bool:
    """A day is no amount, a country is no maker, and a percentage is neither."""
    return (
        ("date" not in notions or column in DAYS)
        and ("country" not in notions or column in COUNTRIES | DAYS)
        and ("percent" not in notions or column == "us_content_percent")
    )


@cache
def said_in(heading: str) -> Said:
    """The notions of a heading's words."""
    folded = simplified(spelled_out(heading))
    for pattern, word in _RATES:
        folded = pattern.sub(word, folded)
    words = frozenset(_WORD.findall(folded)) - FILLERS
    meant = {word: _notions_of(word) for word in words}
    outside = set(_WORD.findall(_BRACKETS.sub(" ", folded)))
    has_unknown = any(word in outside and not notions for word, notions in meant.items())
    return Said(frozenset().union(*meant.values()), words, has_unknown)


def _notions_of(word: str) -> frozenset[str]:
    """The notions of a word; none where it is unknown."""
    if _CHINESE.search(word):
        return frozenset().union(*_of_chinese(word))
    return _of_one(word) or _of_compound(word) or _of_shortened(word)


def _of_one(word: str) -> frozenset[str]:
    words, stems = _vocabulary()
    if word in words:
        return words[word]
    return next((notions for stem, notions in stems if word.startswith(stem)), frozenset())


def _of_compound(word: str) -> frozenset[str]:
    """Both parts of 'Opprinnelse-s-land', where both are known."""
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        last = _of_one(word[cut:])
        for link in LINKS if last else ():
            first = word[:cut].removesuffix(link)
            if word[:cut].endswith(link) and len(first) >= SHORTEST_PART and (found := _of_one(first)):
                return found | last
    return frozenset()


def _of_shortened(word: str) -> frozenset[str]:
    """Of 'Transp.' or 'Consump.', where all words that begin so mean the same."""
    if len(word) < SHORTEST_SHORTENED:
        return frozenset()
    longer = {notions for known, notions in _vocabulary()[0].items() if known.startswith(word)}
    return longer.pop() if len(longer) == 1 else frozenset()


def _of_chinese(word: str) -> Iterator[frozenset[str]]:
    """Chinese has no spaces: the longest known terms, from left to right."""
    terms, place = _vocabulary()[0], 0
    while place < len(word):
        size = next((size for size in LONGEST_TERM if word[place : place + size] in terms), 0)
        if size:
            yield terms[word[place : place + size]]
        place += size or 1


@cache
def _vocabulary() -> tuple[Mapping[str, frozenset[str]], tuple[tuple[str, frozenset[str]], ...]]:
    """Whole words, and the beginnings of words, the longest first."""
    words: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for notion, line in HEADING_NOTIONS.items():
        for word in line.split():
            known = stems if word.endswith(STEM) else words
            folded = plain(width_folded(word.removesuffix(STEM)))
            known[folded] = known.get(folded, frozenset()) | {notion}
    return words, tuple(sorted(stems.items(), key=lambda stem: -len(stem[0])))
