"""Many names in memory, found by their trigrams: the few that could be like a name, without looking at all."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest

from risk.engine.names.normalising import NormalName

MOST_RANKED = 250
MOST_CANDIDATES = 36
LEAST_SHARE = 0.28
"""The share of the rarer name's trigrams that a candidate must have. A split, swapped or misspelt word keeps more."""

MOST_OF_IT = 0.75
"""A short name is a candidate too when so much of it is found in a long one."""

MOST_COMMON_WORDS = 0.66
MOST_OF_COMMON_WORDS = 12

MOST_POSTINGS = 9_000
"""So many entries are looked at for one name, those of its rarest trigrams first."""


class NameIndex:
    """Names by number, in the order in which they were given."""

    def __init__(self, names: Iterable[NormalName]) -> None:
        self.names: Sequence[NormalName] = tuple(names)
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._sizes = array("I")
        self._words = [_words_of(name) for name in self.names]
        self._same: dict[str, list[int]] = defaultdict(list)
        self._of_common_words: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self.names):
            trigrams = trigrams_of(name)
            self._sizes.append(len(trigrams))
            self._same["".join(sorted(name.key))].append(number)
            for trigram in trigrams:
                self._postings[trigram].append(number)
            if len(name.words) > 1 and not _distinctive(name):
                for word in self._words[number]:
                    self._of_common_words[word].append(number)
        self._postings.default_factory = None

    def candidates(self, name: NormalName) -> list[int]:
        """The numbers of names that could be like this one, the likeliest first, at most MOST_CANDIDATES.

        A name of the same letters is always among them, however common its words are.
        """
        postings = sorted(
            (self._postings[trigram] for trigram in trigrams_of(name) if trigram in self._postings), key=len
        )
        found: Counter[int] = Counter()
        looked_at = taken = 0
        for posting in postings:
            if looked_at and looked_at + len(posting) > MOST_POSTINGS:
                break
            found.update(posting)
            looked_at += len(posting)
            taken += 1
        same = self._same.get("".join(sorted(name.key)), ())
        words = _words_of(name)
        common = self._sharing_common_words(words)
        return list(dict.fromkeys((*same, *common, *self._likeliest(found, taken, words))))

    def _sharing_common_words(self, words: frozenset[str]) -> list[int]:
        """Names of nothing but common words have no trigrams of their own: those that share two words and most."""
        found = Counter(
            number for word in words if word.startswith("=") for number in self._of_common_words.get(word, ())
        )
        shared = [
            (len(words & self._words[number]) / len(self._words[number]), -number)
            for number, times in found.items()
            if times > 1 and times >= MOST_COMMON_WORDS * len(self._words[number])
        ]
        return [-minus for _, minus in nlargest(MOST_OF_COMMON_WORDS, shared)]

    def _likeliest(self, found: Counter[int], taken: int, words: frozenset[str]) -> list[int]:
        sizes = self._sizes
        least = LEAST_SHARE * taken
        ranked = [
            (2 * shared / (taken + sizes[number]), -number)
            for number, shared in found.items()
            if shared >= least or shared >= MOST_OF_IT * sizes[number]
        ]
        likeliest = nlargest(MOST_RANKED, ranked)
        ranked = [(share + self._words_shared(words, -minus), minus) for share, minus in likeliest]
        return [-minus for _, minus in nlargest(MOST_CANDIDATES, ranked)]

    def _words_shared(self, words: frozenset[str], number: int) -> float:
        own = self._words[number]
        return len(words & own) / (len(words | own) or 1)


def _distinctive(name: NormalName) -> str:
    return "".join(word.folded for word in name.words if not word.is_common and not word.is_stop)


def _words_of(name: NormalName) -> frozenset[str]:
    return frozenset(word.folded for word in name.words if not word.is_stop)


def trigrams_of(name: NormalName) -> set[str]:
    """Three letters at a time of the distinctive words grown together; of all words where there are none."""
    distinctive = _distinctive(name)
    text = distinctive if len(distinctive) >= 3 else name.key
    if len(text) < 3:
        return {text} if text else set()
    return {text[at : at + 3] for at in range(len(text) - 2)}
