"""What a raw cell can be, how it is shown to people, and the two ways in which reading it can go wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeGuard

LONGEST_SHOWN = 80
EXACT_BELOW = 10**15  # Excel keeps 15 digits of a number; from the 16th on it writes zeros

# What people and tools write where they have nothing to say. "NA" is not for countries: there it is Namibia.
BLANK_WORDS = frozenset(
    ("", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "nan", "nil", "none", "null", "tbd", "unknown")
)
LONGEST_BLANK_WORD = max(map(len, BLANK_WORDS))
_SPACES = " \t\n\r\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x2010))
)


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell without a value of its own: an error such as #N/A, or a formula that was never calculated."""

    text: str
    is_formula: bool = False


RawCell: TypeAlias = str | int | float | bool | date | BrokenCell
"""A cell as the file holds it; the empty text is a blank one."""

Reader: TypeAlias = Callable[[RawCell], object]
"""Raw cell to typed value (or `Noted`); raises ValueError, or `WrongCell` where a code of its own helps."""


class WrongCell(ValueError):
    """A cell that cannot be read: `code` for programs, the message says what is wrong and what would be
    right.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that was read, with a warning that goes beside it."""

    value: object
    code: str
    sentence: str


def is_number(cell: RawCell) -> TypeGuard[int | float]:
    """Whether the cell is a number; to Python a truth value is one as well, to a sheet it is not."""
    kind = type(cell)
    return kind is float or kind is int


def shown(cell: RawCell) -> str:
    """The cell as a person would see it, at most 80 characters of it."""
    if isinstance(cell, BrokenCell):
        text = cell.text
    elif isinstance(cell, bool):
        text = str(cell).upper()
    elif isinstance(cell, float):
        text = plain_number(cell)
    else:
        text = trimmed(str(cell))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def plain_number(number: float) -> str:
    """A number without the decimals that it does not have: 5.0 is '5', 1.23e16 stays in e-notation."""
    if not abs(number) < EXACT_BELOW:  # so that "not a number" comes here too
        return f"{number:.6G}"
    return str(int(number)) if number == int(number) else repr(number)


def trimmed(text: str) -> str:
    """The text without spaces at its ends, those of no width among them."""
    return text.strip(_SPACES)


def width_folded(text: str) -> str:
    """The text with full-width letters, digits and brackets made plain, and without spaces at its ends."""
    return trimmed(unicodedata.normalize("NFKC", text))


def is_blank(cell: RawCell, blank_words: frozenset[str] = BLANK_WORDS) -> bool:
    """Whether the cell says nothing: empty, only spaces, or a word such as 'n/a'."""
    if not isinstance(cell, str):
        return False
    text = trimmed(cell)
    return len(text) <= LONGEST_BLANK_WORD and text.casefold() in blank_words
