"""What a word weighs: the rarer among the listed names, the more it says that two names are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import Self

from risk.engine.names.normalising import NormalName, Word

HEAVIEST = 1.0
STOP_WORD = 0.03
COMMON_MOST = 0.45
"""The most that a word of trade or a place weighs, however seldom the lists have it."""
COMMON_LEAST = 0.08
DISTINCTIVE_LEAST = 0.3
SHORT_WORD = 0.6
"""Words of up to three letters are mostly initials, which many bear: they weigh so much of their rarity."""


class Rarity:
    """Weights of words by how many of the names bear them. Without names, every distinctive word is rare."""

    def __init__(self, names: Iterable[NormalName] = ()) -> None:
        self._bearers: Counter[str] = Counter()
        self._names = 1
        for name in names:
            self._names += 1
            self._bearers.update({word.folded for word in name.words})
        self._weights: dict[tuple[str, bool, bool], float] = {}

    @classmethod
    def of_counts(cls, names: int, bearers: Mapping[str, int]) -> Self:
        """The weights of names that were counted before (see `counts`)."""
        rarity = cls()
        rarity._names, rarity._bearers = names, Counter(bearers)
        return rarity

    @property
    def counts(self) -> tuple[int, dict[str, int]]:
        """How many names were counted, and how many of them bear each word: all that the weights rest on."""
        return self._names, dict(self._bearers)

    def __call__(self, word: Word) -> float:
        """The weight of a word, above 0 and at most HEAVIEST."""
        key = word.folded, word.is_common, word.is_stop
        weight = self._weights.get(key)
        if weight is None:
            weight = self._weights[key] = self._weight(word)
        return weight

    def _weight(self, word: Word) -> float:
        if word.is_stop:
            return STOP_WORD
        bearers = self._bearers[word.folded]
        rarity = log(self._names / max(bearers, 1) + 1) / log(self._names + 1)
        if word.is_common:
            return COMMON_LEAST + (COMMON_MOST - COMMON_LEAST) * rarity**2
        weight = max(DISTINCTIVE_LEAST, HEAVIEST * rarity)
        return weight * SHORT_WORD if len(word.folded) <= 3 and word.folded.isalpha() else weight
