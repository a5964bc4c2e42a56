"""The words around a model's name: makers and brands, firmware, boards, and what may be passed over.

They stand in `words.csv`, so that a new brand, firmware or Chinese spelling is a new row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

from rapidfuzz.distance import OSA

from fleet.catalogue.tables import rows_of

Kind = Literal["maker", "maker or firmware", "tool code", "spelling", "firmware", "board", "remark"]

_SHIPPED = Path(__file__).with_name("words.csv")
_SHORTEST_MISSPELT = 6  # letters; a shorter word is as easily another word as a misspelt one
_LONG = 8  # letters; from here on two slips are allowed


@dataclass(frozen=True, slots=True)
class Word:
    """A word in plain spelling and what it means: a maker, a firmware, a board, a remark."""

    word: str
    kind: Kind
    means: str


def read_words(path: Path = _SHIPPED) -> list[Word]:
    """Every word of words.csv. Raises BadRow with file and line."""
    return [
        Word(row.name("word").casefold(), cast(Kind, row.one_of("kind", get_args(Kind))), row.text("means"))
        for row in rows_of(path)
    ]


@dataclass(frozen=True)
class Vocabulary:
    """The words that can stand around a model's name, by what they do."""

    words: tuple[Word, ...]

    @classmethod
    def of(cls, words: Iterable[Word], makers: Iterable[str]) -> Vocabulary:
        """The shipped words, and each maker's own name where no word means it yet."""
        known = tuple(words)
        named = {word.means for word in known}
        own = (
            Word("".join(maker.casefold().split()), "maker", maker) for maker in makers if maker not in named
        )
        return cls(known + tuple(own))

    @cached_property
    def makers(self) -> dict[str, str]:
        """Words that say who made the machine."""
        return self._meaning("maker", "maker or firmware")

    @cached_property
    def firmware_makers(self) -> frozenset[str]:
        """Makers whose name may as well be that of the firmware on somebody else's machine."""
        return frozenset(self._meaning("maker or firmware").values())

    @cached_property
    def tool_codes(self) -> dict[str, str]:
        """Makers as fleet tools write them in type codes: miner-wm-m30spp."""
        return self._meaning("tool code")

    @cached_property
    def foreign(self) -> dict[str, str]:
        """Words of other scripts, the longest first."""
        return dict(sorted(self._meaning("spelling").items(), key=lambda item: -len(item[0])))

    @cached_property
    def passed_over(self) -> dict[str, str]:
        """Words that are no part of the model's name, with what they tell."""
        return self._meaning("firmware", "board", "remark")

    @cached_property
    def firmware(self) -> frozenset[str]:
        """Words after which a version number may follow."""
        return frozenset(self._meaning("firmware", "maker or firmware"))

    @cached_property
    def around(self) -> frozenset[str]:
        """All words that stand around a model's name and are no part of it."""
        return frozenset(self.makers) | frozenset(self.passed_over)

    @cached_property
    def prefixes(self) -> list[str]:
        """Words for makers that are written without a space before the model, the longest first."""
        return sorted((word for word in self.makers if len(word) >= 4), key=len, reverse=True)

    @cached_property
    def run_in_boards(self) -> list[str]:
        """Words for boards that are written without a space after the model: S19NOPIC."""
        return [word for word in self._meaning("board") if len(word) >= 5]

    def maker_misspelt(self, word: str) -> str | None:
        """The one maker whose word this is with a slip of the hand ("Antmine", "Whatminer"), or None."""
        if len(word) < _SHORTEST_MISSPELT or not word.isalpha():
            return None
        slips = 2 if len(word) >= _LONG else 1
        alike = [known for known in self.makers if known[0] == word[0] and len(known) >= _SHORTEST_MISSPELT]
        near = {self.makers[known] for known in alike if OSA.distance(word, known) <= slips}
        return near.pop() if len(near) == 1 else None

    def _meaning(self, *kinds: Kind) -> dict[str, str]:
        return {word.word: word.means for word in self.words if word.kind in kinds}
