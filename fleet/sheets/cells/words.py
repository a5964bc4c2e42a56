"""Cells that hold one of a few words: a status, a way of transport, yes or no, a country, a currency."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fleet.sheets.cells.foreign_words import STATUSES, TRANSPORTS, countries, folded_name, simplified
from fleet.sheets.cells.raw import RawCell, Reader, WrongCell, shown, width_folded
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.rigs import RigStatus, TransportMode

STATUS_WORDS: Mapping[str, RigStatus] = {
    **STATUSES,
    **{
        word: status
        for status, words in {
            RigStatus.ON_ORDER: (
                "on order",
                "ordered",
                "order",
                "purchased",
                "pre-order",
                "preorder",
                "pre-ordered",
            ),
            RigStatus.IN_TRANSIT: (
                "in transit",
                "transit",
                "shipped",
                "shipping",
                "en route",
                "on the way",
                "on the water",
            ),
            RigStatus.STORED: (
                "stored",
                "storage",
                "in storage",
                "warehouse",
                "warehoused",
                "spare",
                "in stock",
                "stock",
            ),
            RigStatus.DEPLOYED: (
                *(
                    "deployed",
                    "active",
                    "running",
                    "online",
                    "operating",
                    "operational",
                    "hashing",
                    "mining",
                    "live",
                ),
                *(
                    "in service",
                    "in use",
                    "in production",
                    "production",
                    "installed",
                    "energized",
                    "energised",
                ),
            ),
            RigStatus.REPAIR: (
                "repair",
                "in repair",
                "under repair",
                "rma",
                "maintenance",
                "faulty",
                "broken",
            ),
            RigStatus.RETIRED: (
                "retired",
                "decommissioned",
                "scrapped",
                "scrap",
                "disposed",
                "end of life",
                "eol",
            ),
            RigStatus.SOLD: ("sold", "resold"),
        }.items()
        for word in words
    },
}

TRANSPORT_WORDS: Mapping[str, TransportMode] = {
    **TRANSPORTS,
    **{
        word: mode
        for mode, words in {
            TransportMode.AIR: ("air", "by air", "air freight", "airfreight", "air cargo", "plane", "flight"),
            TransportMode.VESSEL: (
                *("vessel", "by vessel", "sea", "by sea", "ocean", "ship", "boat", "fcl", "lcl"),
                *("sea freight", "seafreight", "ocean freight", "ocean vessel"),
            ),
            TransportMode.TRUCK: ("truck", "by truck", "road", "by road", "truck freight"),
            TransportMode.RAIL: ("rail", "by rail", "train", "rail freight"),
        }.items()
        for word in words
    },
}

# The mode codes of box 9 of a US entry summary.
TRANSPORT_WORDS = {
    **TRANSPORT_WORDS,
    **dict.fromkeys(("10", "11"), TransportMode.VESSEL),
    **dict.fromkeys(("20", "21"), TransportMode.RAIL),
    **dict.fromkeys(("30", "31"), TransportMode.TRUCK),
    **dict.fromkeys(("40", "41"), TransportMode.AIR),
}

YES_AND_NO: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "x", "✓", "✔", "claimed"), True),
    **dict.fromkeys(("no", "n", "false", "f", "0", "not claimed"), False),
}

_NAMED_TWICE = re.compile(r"([^-–(/:,]{2,}?)\s*[-–(/:,]\s*([^-–()/:,]{2,}?)\)?")
DOLLARS = frozenset(("usd", "us$", "$", "us dollar", "us dollars", "u.s. dollars", "dollar", "dollars"))


def one_of(code: str, words: Mapping[str, object], write: str) -> Reader:
    """A reader of words; `write` ends the sentence for a word that is not among them."""

    def read(cell: RawCell) -> object:
        word = re.sub(r"[\s_\-]+", " ", width_folded(shown(cell)).casefold())
        found = words.get(word, words.get(word.replace(" ", "-"), words.get(simplified(word))))
        if found is None:
            raise WrongCell(code, f"'{shown(cell)}' is not known here; write {write}.")
        return found

    return read


def country(cell: RawCell) -> CountryCode:
    """An ISO code or a name in English. Raises ValueError with a sentence and the nearest name."""
    if not isinstance(cell, str):
        raise ValueError(f"'{shown(cell)}' is no country; write the ISO code or the English name.")
    text = shown(width_folded(cell))
    if text.casefold() == "na":
        raise ValueError(
            f"'{text}' may mean Namibia or nothing at all; write Namibia, or leave the cell empty."
        )
    return _in_other_words(text) or CountryCode.parse(text)


def _in_other_words(text: str) -> CountryCode | None:
    """The country of 'Малайзия', and of 'CN - China' and 'China (PRC)', which name one country twice."""
    if code := countries().get(folded_name(text)):
        return CountryCode(code)
    twice = _NAMED_TWICE.fullmatch(text)
    if twice is None:
        return None
    try:
        first, second = (_in_any_language(part) for part in twice.groups())
    except ValueError:
        return None
    return first if first == second else None


def _in_any_language(text: str) -> CountryCode:
    code = countries().get(folded_name(text))
    return CountryCode(code) if code else CountryCode.parse(text)


def currency(cell: RawCell) -> str:
    """'USD'. Raises `WrongCell` for every other currency: amounts are in US dollars for now."""
    if width_folded(shown(cell)).casefold() in DOLLARS:
        return "USD"
    raise WrongCell("currency_not_usd", f"'{shown(cell)}' is not USD; convert the amounts to US dollars.")
