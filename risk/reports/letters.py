"""The fonts that go into a report, and text in letters that they have: nothing is lost, nothing becomes a box."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from anyascii import anyascii
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = FONTS / "DejaVuSansCondensed.ttf", FONTS / "DejaVuSansCondensed-Bold.ttf"
EAST_ASIAN = FONTS / "DroidSansFallback.ttf"


@cache
def letters_of(font: Path) -> frozenset[int]:
    """The code points that a font has a glyph for."""
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def written(text: str) -> str:
    """The text on one line in letters that some font has; others are told in Latin ones ("ر" as "r")."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(letter) for letter in " ".join(text.split()))


def needs_east_asian(text: str) -> bool:
    """Whether the text has letters that only the large font has."""
    return not text.isascii() and any(ord(letter) not in letters_of(PLAIN) for letter in written(text))


@cache
def _written(letter: str) -> str:
    if not letter.isprintable():
        return ""
    if ord(letter) in letters_of(PLAIN) or ord(letter) in letters_of(EAST_ASIAN):
        return letter
    told = anyascii(letter)
    return told if told.strip() or letter.isalpha() else f"U+{ord(letter):04X}"
