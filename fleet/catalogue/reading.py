"""A rig's name taken apart: who made it, which model, at what rate, with which firmware and boards.

Every word must be accounted for. What is neither maker, rate, firmware, board nor remark stays in the core,
and a core that no model has names no model: that keeps a wrong reading from looking like a right one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fleet.catalogue.rates import UNEXPLAINED, Rate, take_rates
from fleet.catalogue.words import Vocabulary

# MicroBT's code of chip and board, apart or run into the model: V10, VE30, VH100, VA0, VLA0, VK6A.
_V_CODE = r"v(?:\d{2,3}|[a-z]\d{1,3}|[a-z]{2}\d|[a-z]\d[a-z])"
_IS_V_CODE = re.compile(_V_CODE)
_MODEL_AND_V_CODE = re.compile(rf"(?P<model>m\d\d?[a-z]{{0,2}}?\+*)(?P<v_code>{_V_CODE})")
_HARDWARE_TAIL = re.compile(rf"(?<=[_ ])({_V_CODE})\.[\w.-]*$")  # M30S+_VH65.H616-CB6V10.P221B

_AVALON_VERSION = re.compile(r"^ver\[(\d{3}(?=\d{4}-|$)|\d{4}[a-z]*(?=-|$))[\w-]*\]?$")  # Ver[9211809-b4b3d00
_WEB_ADDRESS = re.compile(r"[a-z0-9.]+(?:-[a-z0-9.]+)+")
_BREAKS = re.compile(r"[\s_/\\,;:|()\[\]{}\"'*~=<>#@!?-]+|(?<!\d)\.|\.(?!\d)")
_FIRMWARE_VERSION = re.compile(r"v?\d+(?:\.\d+)+|v\d+|rc\d+")
_ANTMINER = re.compile(r"[st]\d")  # "S19XP H" is Hyd; MicroBT has models that end with H
_COOLING = {"hyd": "hyd", "hydro": "hyd", "imm": "imm", "immersion": "imm", "air": "air"}
_CHASSIS = re.compile(r"(?:(?P<before>\d)u|u(?P<after>\d))(?P<hyd>h?)")  # 3U, U3, U2H
_ORDER_CODE = re.compile(r"(?P<chassis>u\d)(?P<model>s\d\d[a-z]*)(?P<hyd>h)")  # U3S21EXPH
_RUN_TOGETHER = re.compile(r"(?P<hyd>hydro|(?<=xp)h(?=$))|(?P<imm>immersion)")


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name says. `core` is the model's own name without spaces ("s19jpro+", "s23hyd3u"), maybe empty.

    Where the core ends with a bare number ("s21-200"), `stem` is the core before it, `last_number` that.
    `tells` are firmware, boards and remarks; `v_code` is MicroBT's; a web address cannot write a plus.
    """

    core: str
    makers: frozenset[str] = frozenset()
    rates: tuple[Rate, ...] = ()
    tells: tuple[str, ...] = ()
    v_code: str | None = None
    stem: str = ""
    last_number: Decimal | None = None
    is_web_address: bool = False


def read_name(text: str, vocabulary: Vocabulary) -> NameParts:
    """Take a name in plain spelling apart. Which models there are is not looked at."""
    is_web_address = _WEB_ADDRESS.fullmatch(text) is not None
    text = _HARDWARE_TAIL.sub(r"\1", _AVALON_VERSION.sub(r"avalon \1", text))
    text, rates = take_rates(text)
    words = [word for word in _BREAKS.split(text) if word]
    return _Sorting(vocabulary, words).parts(rates, is_web_address)


def core_of(words: Sequence[str]) -> str:
    """Words run together; a dash stays between two digits, so that "S1 9" is not "S19"."""
    core = ""
    for word in words:
        core += f"-{word}" if core[-1:].isdigit() and word[0].isdigit() else word
    return _RUN_TOGETHER.sub(lambda found: "hyd" if found["hyd"] else "imm", core)


@dataclass(slots=True)
class _Sorting:
    """Words of a name, each put where it belongs."""

    vocabulary: Vocabulary
    words: list[str]
    core: list[str] = field(default_factory=list)
    cooling: list[str] = field(default_factory=list)
    chassis: list[str] = field(default_factory=list)
    makers: set[str] = field(default_factory=set)
    tells: list[str] = field(default_factory=list)
    v_code: str | None = None
    last: str = ""

    def parts(self, rates: tuple[Rate, ...], is_web_address: bool) -> NameParts:
        at = 0
        while at < len(self.words):
            at += self._place(at)
        tail = list(dict.fromkeys(self.cooling)) + self.chassis
        number = self.core[-1] if len(self.core) > 1 and not tail and self.core[-1].isdigit() else None
        return NameParts(
            core=core_of(self.core + tail),
            makers=frozenset(self.makers),
            rates=rates,
            tells=tuple(self.tells),
            v_code=self.v_code,
            stem=core_of(self.core[:-1]) if number else "",
            last_number=Decimal(number) if number else None,
            is_web_address=is_web_address,
        )

    def _place(self, at: int) -> int:
        """Put a word away, with the next if the two make one ("ice river"); how many words that took."""
        word, following = self.words[at], self.words[at + 1 : at + 2]
        if following and self._is_around(word + following[0]):
            return 2
        if self._is_around(word):
            return 1
        if set(word) == {"+"}:
            self._place_plus(word, following)
        elif not self._is_known_form(word):
            self._place_rest(self._without_maker(word, is_first=at == 0))
        return 1

    def _is_around(self, word: str) -> bool:
        """Whether the word is a maker, a firmware, a board or a remark; if so it is put away."""
        if maker := self.vocabulary.makers.get(word):
            self.makers.add(maker)
        elif word in self.vocabulary.passed_over:
            self.tells.extend(filter(None, [self.vocabulary.passed_over[word]]))
        elif self.last == "miner" and word in self.vocabulary.tool_codes:
            self.makers.add(self.vocabulary.tool_codes[word])
        elif not (self.last == "firmware" and _FIRMWARE_VERSION.fullmatch(word)):
            return False
        self.last = (
            "firmware" if word in self.vocabulary.firmware else "miner" if word == "miner" else "around"
        )
        return True

    def _place_plus(self, plus: str, following: list[str]) -> None:
        """A plus that stands alone is the model's only after its own words: "S19 + Hiveon" means "and"."""
        joins = self.last != "core" or (following and following[0] in self.vocabulary.around)
        self.core.append(UNEXPLAINED if joins else plus)

    def _is_known_form(self, word: str) -> bool:
        """Whether the word is a V-code, a way of cooling or a chassis; if so it is put away."""
        if _IS_V_CODE.fullmatch(word):
            self.v_code = word
        elif word in _COOLING:
            self.cooling.append(_COOLING[word])
        elif word == "h" and self.last == "core" and _ANTMINER.match(self.core[0]):
            self.cooling.append("hyd")
        elif self.core and (found := _CHASSIS.fullmatch(word)):
            self.cooling.extend(["hyd"] if found["hyd"] else [])
            self.chassis.append(f"{found['before'] or found['after']}u")
        else:
            return False
        self.last = "form"
        return True

    def _without_maker(self, word: str, *, is_first: bool) -> str:
        """The word without a maker run into it ("antminers19"); empty if it was a maker, misspelt."""
        for prefix in self.vocabulary.prefixes:
            if word.startswith(prefix):
                self.makers.add(self.vocabulary.makers[prefix])
                return word.removeprefix(prefix)
        if is_first and (maker := self.vocabulary.maker_misspelt(word)):
            self.makers.add(maker)
            return ""
        return word

    def _place_rest(self, word: str) -> None:
        """A word of the model's own name, with the codes run into it taken out."""
        if found := _ORDER_CODE.fullmatch(word):
            self.cooling.append("hyd")
            self.chassis.append(f"{found['chassis'][1:]}u")
            word = found["model"]
        elif found := _MODEL_AND_V_CODE.fullmatch(word):
            self.v_code = found["v_code"]
            word = found["model"]
        for board in self.vocabulary.run_in_boards:
            word = word.removesuffix(board)
        if word:
            self.core.append(word)
            self.last = "core"
