"""How alike two names are: equal words out first, then similar words, then what is left without its spaces.

Every word weighs what its rarity says; a legal form weighs nothing. The score is 0 to 1, the same both ways,
and 1 for equal words. All constants are rules about names, not about any list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from risk.engine.names.normalising import NormalName, Word
from risk.engine.names.tables import EMPTY_WORDS

# Endings as they sound when folded: -skiy, -skii, -sky, -skaya, -skoe, -skogo, -skie.
_ADJECTIVE = re.compile(r"(\w{4,}?)sk(?:i|aia|oe|oie|ogo|oi|ii)")

Weigh = Callable[[Word], float]

SAME_SOUND = 0.92
"""Words that only fold together (another romanisation), or that are spaced differently."""

COST_OF_ANOTHER_BEGINNING = 2.4
"""People slip in the middle of a word; another first letter mostly makes another word: Karun, Marun."""

SAME_STEM = 0.85
"""An adjective against the word that it is made of."""

GROWN_TOGETHER = 0.96
"""Words that agree when spaces are left out."""

GROWN_FROM = 5
"""Letters from which a word may be several words grown together."""

INITIALS = 0.7
"""An abbreviation against the words that it is made of."""

COST_OF_AN_EDIT = 1.6
"""A wrong letter costs more than its share of the word: the shorter the word, the likelier it is another one."""

CONTRADICTING_WORDS = 0.6
"""How much more the words weigh that stand on both sides without agreeing: 'Galaxy Digital', 'Galaxy Chemical'."""

ONE_WORD_ALONE, A_LETTER_MORE = 0.5, 0.045
"""One word that agrees where a name says more: 0.73 of the score at five letters, all of it at eleven."""

ONLY_COMMON_WORDS = 0.6
"""The most that names can reach which share only words that many companies have."""

OTHER_NUMBER = 0.6
"""The most that names can reach whose numbers contradict: '159 Factory' is not '239 Factory'."""


class Pair(NamedTuple):
    """One line of the word table: a word of each name, how alike they are (0 to 1), weight, and why."""

    one: str
    other: str
    similarity: float
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of two names with its word table; `left` are words that stand on one side only."""

    score: float
    pairs: tuple[Pair, ...]
    left_in_one: tuple[str, ...]
    left_in_other: tuple[str, ...]
    capped_because: str = ""


NOTHING_ALIKE = Likeness(0.0, (), (), ())


def likeness(one: NormalName, other: NormalName, weigh: Weigh) -> Likeness:
    """Compare two names word by word. A name without words (nothing but a legal form) is like no other."""
    if not one.words or not other.words:
        return NOTHING_ALIKE
    table = _Alignment(one.words, other.words, weigh)
    return table.judged()


class _Alignment:
    """The words of two names, taken out pair by pair from the surest to the least sure."""

    def __init__(self, one: Sequence[Word], other: Sequence[Word], weigh: Weigh) -> None:
        self.weigh = weigh
        self.total = sum(map(weigh, one)) + sum(map(weigh, other))
        self.left, self.right = list(one), list(other)
        self.pairs: list[Pair] = []
        self.agreed = 0.0
        self.agreeing: list[Word] = []
        self._equal_words()
        if self.left and self.right:
            self._similar_words()
        if self.left and self.right:
            self._grown_words()
        if self.left and self.right:
            self._initials()

    def judged(self) -> Likeness:
        """The score, lowered where words contradict, one word alone agrees, or only common ones do."""
        score = self.agreed / (self.total + self._contradiction()) if self.total else 0.0
        score *= self._sureness()
        cap, because = self._cap()
        return Likeness(
            score=min(score, cap),
            pairs=tuple(self.pairs),
            left_in_one=tuple(word.text for word in self.left),
            left_in_other=tuple(word.text for word in self.right),
            capped_because=because if score > cap else "",
        )

    def _contradiction(self) -> float:
        """Words that differ on both sides say more than words that one side leaves out."""
        left, right = (sum(map(self.weigh, _saying(words))) for words in (self.left, self.right))
        return CONTRADICTING_WORDS * (left + right) if left and right else 0.0

    def _sureness(self) -> float:
        """One word alone, where either name says more or it has a slip, is the less sure the shorter it is."""
        saying = _saying(self.agreeing)
        if len(saying) != 1 or not (self._says_more() or self._has_a_slip()):
            return 1.0
        return min(1.0, ONE_WORD_ALONE + A_LETTER_MORE * len(saying[0].folded))

    def _has_a_slip(self) -> bool:
        return any(pair.similarity < SAME_SOUND for pair in self.pairs)

    def _says_more(self) -> bool:
        return any(word.text not in EMPTY_WORDS for word in (*_saying(self.left), *_saying(self.right)))

    def _cap(self) -> tuple[float, str]:
        left = _saying((*self.left, *self.right))
        if not left:
            return 1.0, ""
        if _numbers(self.left) and _numbers(self.right):
            return OTHER_NUMBER, "their numbers differ"
        is_rare = any(len(word.folded) > 2 for word in _saying(self.agreeing) if not word.is_common)
        if not is_rare and (len(_saying(self.agreeing)) < 3 or self._says_more()):
            return ONLY_COMMON_WORDS, "only words that many companies have agree"
        return 1.0, ""

    def _take(self, ones: list[Word], others: list[Word], similarity: float, reason: str) -> None:
        weight = self._weight(ones, others)
        self.agreed += weight * similarity
        self.pairs.append(
            Pair(
                " ".join(word.text for word in ones),
                " ".join(word.text for word in others),
                similarity,
                weight,
                reason,
            )
        )
        self.agreeing += ones if len(ones) >= len(others) else others
        for word in ones:
            self.left.remove(word)
        for word in others:
            self.right.remove(word)

    def _weight(self, ones: list[Word], others: list[Word]) -> float:
        """What the pair weighs; a misspelt word of trade looks rare, and weighs no more than the right one."""
        left, right = sum(map(self.weigh, ones)), sum(map(self.weigh, others))
        if len(ones) == len(others) == 1 and ones[0].is_common != others[0].is_common:
            self.total -= abs(left - right)
            return 2 * min(left, right)
        return left + right

    def _equal_words(self) -> None:
        common = Counter(word.folded for word in self.left) & Counter(word.folded for word in self.right)
        for spelling, times in common.items():
            ones = [word for word in self.left if word.folded == spelling][:times]
            others = [word for word in self.right if word.folded == spelling][:times]
            for one, other in zip(ones, others, strict=True):
                if one.text == other.text:
                    self._take([one], [other], 1.0, "the same word")
                elif one.is_common:
                    self._take([one], [other], 1.0, "another spelling or language of the same word")
                else:
                    self._take([one], [other], SAME_SOUND, "the same word, romanised differently")

    def _similar_words(self) -> None:
        """Words with a slip, the likeliest first; two different words of trade are no slips of one another."""
        found = [
            (similarity, one, other)
            for one in _saying(self.left)
            for other in _saying(self.right)
            if not (one.is_common and other.is_common) and (similarity := _slip(one, other))
        ]
        if len(found) > 1:
            found.sort(key=lambda each: (-each[0], *sorted((each[1].folded, each[2].folded))))
        for similarity, one, other in found:
            if one in self.left and other in self.right:
                self._take([one], [other], similarity, "the same word with a slip")

    def _grown_words(self) -> None:
        """What is left of both names, without spaces: all of it, or one word against a run of words."""
        similarity = word_similarity(_grown(self.left), _grown(self.right)) or (
            word_similarity(_grown(_saying(self.left)), _grown(_saying(self.right)))
        )
        if similarity:
            self._take(list(self.left), list(self.right), similarity * GROWN_TOGETHER, "spaced differently")
            return
        for one in [word for word in self.left if len(word.sound) >= GROWN_FROM]:
            if run := _run_that_makes(one, self.right):
                self._take([one], run, GROWN_TOGETHER, "spaced differently")
        for other in [word for word in self.right if len(word.sound) >= GROWN_FROM]:
            if run := _run_that_makes(other, self.left):
                self._take(run, [other], GROWN_TOGETHER, "spaced differently")

    def _initials(self) -> None:
        """An abbreviation on one side against all the saying words that the other side has left."""
        for ones, others in ((self.left, self.right), (self.right, self.left)):
            saying = _saying(others)
            short = next((word for word in ones if _is_made_of_initials(word, saying)), None)
            if short is not None:
                pair = ([short], saying) if ones is self.left else (saying, [short])
                self._take(*pair, INITIALS, "initials")
                return


def word_similarity(one: str, other: str) -> float:
    """1 for the same word, 0 for another one; slips of the pen between, more of them in longer words."""
    if one == other:
        return 1.0 if one else 0.0
    shorter, longer = (len(one), len(other)) if len(one) < len(other) else (len(other), len(one))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2 if shorter < 14 else 3
    if longer - shorter > allowed or not allowed or not (one.isalpha() and other.isalpha()):
        return 0.0
    distance = OSA.distance(one, other, score_cutoff=allowed)
    if distance > allowed:
        return 0.0
    cost = COST_OF_AN_EDIT if one[0] == other[0] else COST_OF_ANOTHER_BEGINNING
    return max(0.0, 1 - cost * distance / longer)


def _slip(one: Word, other: Word) -> float:
    """A slip can be read in the sound or, where a doubled letter has changed the sound, in the letters."""
    if stem(one.sound) == stem(other.sound):
        return SAME_STEM
    of_sound = word_similarity(one.sound, other.sound)
    if one.sound == one.text and other.sound == other.text:
        return of_sound
    return max(of_sound, word_similarity(one.text, other.text))


@lru_cache(maxsize=65536)
def stem(sound: str) -> str:
    """A Slavic adjective of a place or a thing without its ending: 'vladimirskii' is of 'vladimir'."""
    found = _ADJECTIVE.fullmatch(sound)
    return found[1] if found else sound


def _grown(words: Sequence[Word]) -> str:
    return "".join(word.sound for word in words)


def _saying(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.is_stop]


def _run_that_makes(one: Word, others: Sequence[Word]) -> list[Word] | None:
    """Neighbouring words that together are the one word: 'sky zone' makes 'skyzone'."""
    for start in range(len(others)):
        grown = ""
        for end in range(start, len(others)):
            grown += others[end].sound
            if len(grown) > len(one.sound):
                break
            if grown == one.sound and end > start:
                return list(others[start : end + 1])
    return None


def _is_made_of_initials(one: Word, words: Sequence[Word]) -> bool:
    return len(one.text) == len(words) >= 3 and one.text == "".join(word.text[0] for word in words)


def _numbers(words: Sequence[Word]) -> bool:
    return any(word.text[0].isdigit() for word in words)
