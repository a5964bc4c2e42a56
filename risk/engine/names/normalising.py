"""A name into comparable words: other scripts, marks and legal forms out, trade words in one spelling.

The same name gives the same words in every process and, within NORMALISER_VERSION, for ever, so that they can
be stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from risk.engine.names.romanising import folded, latin
from risk.engine.names.tables import (
    Form,
    abbreviations,
    chinese_words,
    common_words,
    form_words,
    grown_endings,
    legal_forms,
    misspelt,
    sound,
    stop_words,
    without_a_letter,
)

_HAN = re.compile(r"[\u3400-\u9fff]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_PARTED = re.compile(r"[,;()/\[\]]")
_WORDS = re.compile(r"[a-z0-9]+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_GROWN_NUMBER = re.compile(r"([a-z]{4,})(\d+)|(\d{2,})([a-z]{4,})")
_JOINT_STOCK = {"joint", "stock"}
_OF_JOINT_STOCK = _JOINT_STOCK | {"open", "closed", "public"}
_LONGEST_HAN_WORD = 10
_MENDED_FROM = 7
"""Letters from which one wrong letter in a word of trade or of a legal form is put right."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as it reads, as it counts, as it sounds; whether many companies have it or it says nothing.

    'tekhnologii' counts as 'technology' and sounds 'tehnologi'; only words of trades and places count as another.
    """

    text: str
    folded: str
    sound: str
    is_common: bool = False
    is_stop: bool = False


@dataclass(frozen=True, slots=True)
class NormalName:
    """A name in words, without its legal forms, which stand apart in canonical spelling.

    `key` is all words folded and grown together, for finding names that are spaced differently.
    """

    written: str
    words: tuple[Word, ...]
    forms: tuple[str, ...]

    @property
    def key(self) -> str:
        """All words, folded and grown together; stop words left out unless there is nothing else."""
        saying = [word.sound for word in self.words if not word.is_stop]
        return "".join(saying or [word.sound for word in self.words])


@lru_cache(maxsize=4096)
def normalised(name: str) -> NormalName:
    """The comparable words of a name in any script. A name of nothing but legal forms has no words."""
    spelled = _han_spelled(name)
    parts = _PARTED.split(_cleaned(spelled))
    tokens = [token for part in parts for token in _joined_letters(_WORDS.findall(part))]
    kept, forms = _without_forms([part for token in tokens for part in _split(token)])
    words = [word for token in kept for word in _as_words(token)]
    return NormalName(name, tuple(words), tuple(forms)) if kept else NormalName(name, (), tuple(forms))


def _cleaned(name: str) -> str:
    text = latin(_APOSTROPHE.sub("", name)).casefold().replace("&", " and ")
    return _APOSTROPHE.sub("", text)


def _han_spelled(name: str) -> str:
    """Chinese words by their meaning, what is left in pinyin: '海光集成电路' is 'HaiGuang integrated circuit'."""
    return _HAN.sub(lambda run: f" {' '.join(_han_parts(run[0]))} ", name) if _HAN.search(name) else name


def _han_parts(run: str) -> list[str]:
    """Longest words first from the left; characters between known words stay together as one word."""
    parts: list[str] = []
    unknown, at = "", 0
    while at < len(run):
        size, means, kind = _longest_word(run, at, after_place=bool(parts) and not unknown)
        if size == 0:
            unknown, at = unknown + run[at], at + 1
            continue
        parts += [_pinyin(unknown)] if unknown else []
        parts += [means] if means else ["gongsi"] if kind == "form" else []
        unknown, at = "", at + size
    return parts + ([_pinyin(unknown)] if unknown else [])


def _longest_word(run: str, at: int, *, after_place: bool) -> tuple[int, str, str]:
    for size in range(min(_LONGEST_HAN_WORD, len(run) - at), 0, -1):
        means, kind = chinese_words().get(run[at : at + size], ("", ""))
        if kind and (kind != "suffix" or after_place):
            return size, means, kind
    return 0, "", ""


def _pinyin(characters: str) -> str:
    return latin(characters).replace(" ", "").casefold()


def _joined_letters(tokens: list[str]) -> list[str]:
    """Runs of single letters are one word: 's a de c v' is 'sa de cv', 'k k' is 'kk'."""
    joined: list[str] = []
    run = ""
    for token in tokens:
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        joined += [run] if run else []
        joined.append(token)
        run = ""
    return joined + ([run] if run else [])


def _split(token: str) -> list[str]:
    """A number or a legal form that has grown onto a word: 'company810', 'pasadenaltda'."""
    if grown := _GROWN_NUMBER.fullmatch(token):
        return [part for part in grown.groups() if part]
    if len(token) >= 8 and not _is_known(token):
        for ending in grown_endings():
            if token.endswith(ending) and len(token) - len(ending) >= 4:
                return [token.removesuffix(ending), ending]
    return [token]


def _is_known(token: str) -> bool:
    return sound(token) in common_words() or sound(token) in form_words()


def _without_forms(tokens: list[str]) -> tuple[list[str], list[str]]:
    """What is no legal form, and the forms. A name of nothing but forms has no words."""
    tokens = _mended(tokens)
    sounds = [sound(token) for token in tokens]
    kept, forms, at = [], [], 0
    while at < len(tokens):
        form = _form_at(sounds, at)
        if form is None:
            kept.append(tokens[at])
            at += 1
        else:
            forms.append(form.means)
            at += len(form.words)
    return _without_edge_forms(*_without_scattered(kept, forms))


def _without_scattered(kept: list[str], forms: list[str]) -> tuple[list[str], list[str]]:
    """The words of a joint stock company in any order, where a name was turned about."""
    if not set(kept) >= _JOINT_STOCK:
        return kept, forms
    return [token for token in kept if token not in _OF_JOINT_STOCK], [*forms, "JSC"]


def _form_at(sounds: list[str], at: int) -> Form | None:
    for form in legal_forms().get(sounds[at], ()):
        if not form.at_ends and tuple(sounds[at : at + len(form.words)]) == form.words:
            return form
    return None


def _without_edge_forms(kept: list[str], forms: list[str]) -> tuple[list[str], list[str]]:
    """Short forms count only first or last."""
    for is_first in (True, False):
        while form := _edge_form(kept, is_first=is_first):
            forms.append(form.means)
            size = len(form.words)
            kept = kept[size:] if is_first else kept[:-size]
    return kept, forms


def _edge_form(kept: list[str], *, is_first: bool) -> Form | None:
    for size in (3, 2, 1):
        words = tuple(kept[:size] if is_first else kept[-size:])
        for form in legal_forms().get(words[0], ()) if len(words) == size else ():
            if form.at_ends and form.words == words:
                return form
    return None


def _mended(tokens: list[str]) -> list[str]:
    """Known long words that were misspelt or cut in two: 'labilty', 'lim ited', 'techno logies'."""
    mended: list[str] = []
    for token in tokens:
        if mended and _were_one(mended[-1], token):
            mended[-1] += token
        else:
            mended.append(token)
    return [_mended_word(token) for token in mended]


def _were_one(left: str, right: str) -> bool:
    """Whether two pieces make a known word and at least one of them is none by itself."""
    if len(left) + len(right) < _MENDED_FROM or not _is_known(left + right):
        return False
    return not (_is_a_word(left) and _is_a_word(right))


def _is_a_word(token: str) -> bool:
    return _is_known(token) or token in stop_words() or token in legal_forms()


@lru_cache(maxsize=65536)
def _mended_word(token: str) -> str:
    if len(token) < _MENDED_FROM or not token.isalpha() or _is_known(token):
        return token
    near = {word for short in without_a_letter(token) for word in misspelt().get(short, ())}
    right = sorted(word for word in near if OSA.distance(word, token, score_cutoff=1) <= 1)
    return right[0] if right else token


@lru_cache(maxsize=65536)
def _as_words(token: str) -> tuple[Word, ...]:
    if token in stop_words():
        return (Word(token, token, token, is_stop=True),)
    return tuple(_word(each) for each in abbreviations().get(token, (token,)))


def _word(token: str) -> Word:
    own = sound(token)
    common = common_words().get(own)
    if common is not None:
        return Word(token, f"={common}", own, is_common=True)
    ordinal = _ORDINAL.fullmatch(token)
    spelling = ordinal[1] if ordinal else folded(token)
    return Word(token, spelling, spelling)
