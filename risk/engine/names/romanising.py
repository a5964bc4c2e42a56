"""Names in other scripts into Latin letters: an own table for Cyrillic, anyascii for the rest."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# BGN/PCGN without marks, as OFAC and BIS write Russian names; Ukrainian and Belarusian letters beside.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "є": "ye", "і": "i", "ї": "yi", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj",
    "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
_TABLE = str.maketrans({**_CYRILLIC, **{letter.upper(): text.upper() for letter, text in _CYRILLIC.items()}})

# Different romanisations of one sound, folded to one spelling; the order matters.
_FOLDS = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"shch|sch", "sh"),
        (r"tch", "ch"),
        (r"kh", "h"),
        (r"zh|dzh|dj", "j"),
        (r"ph", "f"),
        (r"ts|tz|cz", "c"),
        (r"x", "ks"),
        (r"ck|q", "k"),
        (r"ch", "4"),
        (r"c", "k"),
        (r"w|v", "f"),
        (r"[yij]{2,}(?=$|[^aeou])", "i"),
        (r"[yj](?=[aeou])|i(?=[aou])", "i"),
        (r"ie", "e"),
        (r"y", "i"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"([a-z4])\1+", r"\1"),
    )
)


def latin(text: str) -> str:
    """The text in ASCII letters, compatibility forms resolved: 'Ｈｕａｗｅｉ' and 'Huawei' are one."""
    plain = unicodedata.normalize("NFKC", text)
    return plain if plain.isascii() else anyascii(plain.translate(_TABLE))


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One spelling for the romanisations of one sound: 'khimiya', 'himija' and 'himia' fold together.

    Words of up to three letters stay as they are: they are initials, of which every letter counts; so do numbers.
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    for pattern, put in _FOLDS:
        word = pattern.sub(put, word)
    return word
