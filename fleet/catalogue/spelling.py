"""One spelling for strings that a person would call the same: case, width, dashes, look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Cyrillic letters that cannot be told from Latin ones on a screen; Russian price lists mix them freely.
_LOOK_ALIKES = str.maketrans("авекмнорстух", "abekmhopctyx")

# "Тх/с" and "ТН/с" are terahashes a second; read before the look-alikes would make "tx/c" of them.
_RUSSIAN_RATE = re.compile(r"(?<=\d)(\s*)([тгм])[хнh](?:/?[сcs])?(?!\w)")
_RATE_UNIT = {"т": "th/s", "г": "gh/s", "м": "mh/s"}

# Marks that say nothing. The trademark sign goes first: NFKC would make the letters "tm" of it.
_SILENT = str.maketrans(
    {"™": " ", "®": " ", "©": " ", "\u200b": None, "\ufeff": None, "\u00ad": None, "➕": "+"}
)
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
_PLUS_IN_WORDS = re.compile(r"[\s_-]*plus")

_DECIMAL_COMMA = re.compile(r"(?<=\d)[.,](?=\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w+.]+(?=\d)|(?<=\d)_(?=\d)")
_SEPARATORS = re.compile(r"[^\w+.-]|_|(?<!\d)[.-]|[.-](?!\d)")


def plain(text: str, foreign: Mapping[str, str]) -> str:
    """The text in lower case, half width and Latin letters, with `+` for "plus" and "." in decimals.

    `foreign` translates words of other scripts ("蚂蚁" is "antminer"). No plus sign is lost or gained.
    """
    if not text.isascii():
        text = _latin(text.translate(_SILENT), foreign)
    text = _PLUS_IN_WORDS.sub("+", text.casefold().strip().lstrip("'"))
    return _DECIMAL_COMMA.sub(".", text).strip()


def squeezed(text: str) -> str:
    """A plain text without what spaces, dashes and brackets do to it; a break between two digits stays.

    >>> squeezed("antminer s9 (11.5th)"), squeezed("a15-194t"), squeezed("m30s+_ve40")
    ('antminers9-11.5th', 'a15-194t', 'm30s+ve40')
    """
    return _SEPARATORS.sub("", _BETWEEN_DIGITS.sub("-", text))


def address_form(text: str) -> str:
    """A plain text as it stands in a web address, where no plus and no point can be written.

    >>> address_form("antminer t9+ (10.5th)"), address_form("antminer-t9-10-5th"), address_form("t3+ 43 th/s")
    ('antminert9-10-5t', 'antminert9-10-5t', 't3-43t')
    """
    apart = re.sub(r"(?<=\d)\++(?=\d)", "-", squeezed(text)).replace("+", "").replace(".", "-")
    return re.sub(r"(?<=\d[tgm])h?s?$", "", apart)


def _latin(text: str, foreign: Mapping[str, str]) -> str:
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    text = _RUSSIAN_RATE.sub(lambda found: found[1] + _RATE_UNIT[found[2]], text)
    for word, means in foreign.items():
        text = text.replace(word, f" {means} ")
    return text.translate(_LOOK_ALIKES)
