"""The words of a heading, so that other orders, abbreviations and fillers mean the same: 'Ctry of Mfg',
'Country of Manufacture'.
"""

from __future__ import annotations

import re
import unicodedata

from fleet.sheets.cells.raw import width_folded
from fleet.sheets.heading_tongues import in_english, spaced

_MARKS = re.compile(r"[\W_]")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_ANY_CAMEL = re.compile(r"(?<=[a-z])(?<!\bk)(?=[A-Z])")  # but kW is one word
_PER_SECOND = re.compile(r"\b([kmgtp]h|[тгп]х)\s*/\s*(?:s|sec|с)\b", re.IGNORECASE)
_MAKER_AS_MAKING = re.compile(
    r"\b(?:country|ctry) of (?:mfg?r?|manuf)\b|\bстрана[- ](?:производител|изготовител)\w*", re.IGNORECASE
)
_DATA_CENTER = re.compile(r"\bdata[ _-]?cent(?:er|re)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NUMBER_SIGN = re.compile(r"#|\bn\.?\s?[°º]|№", re.IGNORECASE)

# What people shorten, and the word that they mean.
SHORT = {
    **dict.fromkeys(("no", "num", "nr", "nbr", "numero", "numéro"), "number"),
    **dict.fromkeys(
        ("mfg", "manufactured", "manufacturing", "made", "produced", "production"), "manufacture"
    ),
    **dict.fromkeys(("mfr", "mfgr", "manuf", "manufacturers"), "manufacturer"),
    **dict.fromkeys(("ctry", "cntry", "countries"), "country"),
    **dict.fromkeys(("asm", "assy", "assembled"), "assembly"),
    **dict.fromkeys(("loc", "locn"), "location"),
    **dict.fromkeys(("dt", "day"), "date"),
    **dict.fromkeys(("ser", "srl"), "serial"),
    **dict.fromkeys(("addr", "adr", "add"), "address"),
    **dict.fromkeys(("qty", "qnty", "quant"), "quantity"),
    **dict.fromkeys(("est", "estimated", "exp", "planned", "anticipated", "projected"), "expected"),
    **dict.fromkeys(("arrive", "arrives", "arr"), "arrival"),
    **dict.fromkeys(("imp", "imported", "importing", "importation"), "import"),
    **dict.fromkeys(("entered",), "entry"),
    **dict.fromkeys(("shipping", "shipment", "shipped", "freight"), "ship"),
    **dict.fromkeys(("transportation",), "transport"),
    **dict.fromkeys(("laden", "loading", "lading"), "loaded"),
    **dict.fromkeys(("declared", "decl"), "declared"),
    **dict.fromkeys(("val",), "value"),
    **dict.fromkeys(("pwr",), "power"),
    **dict.fromkeys(("boards",), "board"),
    **dict.fromkeys(("paid", "pd"), "paid"),
    **dict.fromkeys(("duties", "tariffs", "tariff"), "duty"),
    **dict.fromkeys(("cust", "cbp"), "customs"),
    **dict.fromkeys(("pct", "percentage"), "percent"),
    **dict.fromkeys(("pos", "posn"), "position"),
    **dict.fromkeys(("amt",), "amount"),
    **dict.fromkeys(("cd",), "code"),
    **dict.fromkeys(("stat",), "status"),
    **dict.fromkeys(("desc", "descr"), "description"),
    **dict.fromkeys(("deploy", "deployed"), "deployment"),
    **dict.fromkeys(("operating", "operational", "operations"), "operation"),
    **dict.fromkeys(("avail",), "available"),
    **dict.fromkeys(("bldg", "blg"), "building"),
    **dict.fromkeys(("pc", "pieces", "piece"), "pcs"),
}
FILLERS = frozenset(
    (
        *(
            "of",
            "the",
            "a",
            "an",
            "in",
            "at",
            "by",
            "for",
            "to",
            "on",
            "from",
            "per",
            "each",
            "ea",
            "as",
            "and",
        ),
        *("is", "de", "del", "la", "el", "du", "le", "da", "do", "der", "die", "das", "des"),
        *(
            "s",
            "d",
            "l",
            "en",
            "em",
            "og",
            "y",
            "e",
            "et",
            "di",
            "van",
            "av",
            "por",
            "par",
            "и",
            "в",
            "во",
            "за",
            "по",
        ),
    )
)
# Words that say no more than that the sheet is about rigs, in the US.
QUALIFIERS = frozenset(
    (
        *("unit", "units", "miner", "miners", "rig", "rigs", "machine", "machines", "asic", "asics"),
        *("device", "equipment", "hardware", "us", "usa", "product", "pcs"),
    )
)
# Words that change nothing about what names, places or counts a rig; of a date or an amount they do.
BYWORDS = frozenset(
    (
        *(
            "asset",
            "book",
            "observed",
            "counted",
            "lot",
            "article",
            "actual",
            "current",
            "listed",
            "verified",
        ),
        *("physical", "hand", "available", "far", "consignee", "name", "deployment", "operation", "item"),
        *("used", "full", "exact", "registered", "assigned", "installed", "home", "label", "sticker", "id"),
    )
)
BEARING_BYWORDS = frozenset(
    (
        *("serial_number", "model", "maker", "quantity", "site", "status", "mac_address", "rack", "position"),
        *(
            "notes",
            "importer_of_record",
            "country_of_origin",
            "country_of_assembly",
            "hts_code",
            "entry_number",
        ),
    )
)
TOO_GENERAL = frozenset(
    frozenset(words.split())
    for words in (
        *("number", "name", "code", "date", "country", "content", "ship", "loaded", "import", "manufacture"),
        *("number value", "customs", "expected"),
    )
)


def folded(heading: str) -> str:
    """The heading without case, accents, spaces and marks: 'Hashrate （TH/s）' is 'hashrateths', 'PO #'
    'ponumber', 'Número de serie' 'numerodeserie'.
    """
    return _MARKS.sub("", plain(_NUMBER_SIGN.sub(" number ", width_folded(heading))))


def words_of(heading: str) -> frozenset[str]:
    """The words that matter, short ones written out, in no order."""
    text = _PER_SECOND.sub(r"\1s", _NUMBER_SIGN.sub(" number ", spaced(width_folded(heading))))
    text = _MAKER_AS_MAKING.sub("country of manufacture", text)
    text = _DATA_CENTER.sub("datacenter", text)
    text = plain(_CAMEL.sub(" ", text)).replace("s/n", "serial number").replace("p.o.", "po")
    said = (SHORT.get(word, word) for word in _WORD.findall(text))
    return frozenset(english for word in said for english in in_english(word)) - FILLERS


def spelled_out(heading: str) -> str:
    """The heading with its signs as words and its words apart: 'ManufSerial№' is 'manuf serial number'."""
    text = _NUMBER_SIGN.sub(" number ", width_folded(heading))
    text = plain(_ANY_CAMEL.sub(" ", _PER_SECOND.sub(r"\1s", text)))
    return text.replace("s/n", "serial number").replace("n/s", "serial number").replace("p.o.", "po")


def without_qualifiers(words: frozenset[str]) -> frozenset[str]:
    """The words without those that every heading of the sheet could have."""
    return words - QUALIFIERS


def plain(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
