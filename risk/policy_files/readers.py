"""How each kind of value in a policy is read: from YAML or a record into a term of the engine.

Every reader raises Unreadable with a stable code and a sentence that says what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from reprlib import Repr
from typing import Any, Literal, TypeVar

from risk.engine.policy import ReliefTier
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import EVERY_CODE, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money, plain
from risk.engine.terms.rigs import TransportMode
from risk.policy_files.yaml_loader import Unquoted

# Lists of lists may stand for more words than there is memory: no more of them is told than anybody reads.
_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother = 3, 60, 60

T = TypeVar("T", bound=Hashable)
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[object], Any]

EVERY: Literal["*"] = "*"
CONFIDENCE = ("high", "medium", "low")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Unreadable(ValueError):
    """A value that cannot be taken as it stands; `code` names the kind of fault."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


def a_text(value: object) -> str:
    """Words, on however many lines."""
    if isinstance(value, Unquoted):
        raise Unreadable("not_quoted", f'{value} stands without quotes; write it as text, "{value}".')
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("no_text", f"{shown(value)} is no text; write words.")
    return " ".join(value.split())


def a_day(value: object) -> date:
    """A day, from YAML or in ISO form."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise Unreadable("no_day", f"{shown(value)} is no day; write it like 2026-07-24, without quotes.")


def a_truth(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Unreadable("no_truth", f"{shown(value)} is neither true nor false; write one of them.")
    return value


def a_rate(value: object) -> AdValoremRate:
    """A share of the customs value as a quoted decimal fraction: "0.25" is 25 percent."""
    fraction = _a_decimal(value, 'a rate is a fraction in quotes, like "0.25" for 25 %')
    if not Decimal(0) <= fraction <= Decimal(10):
        percent = f" ({plain(fraction * 100):f} %)" if abs(fraction) < 1000 else ""
        raise Unreadable(
            "rate_out_of_range",
            f"{shown(value)}{percent} is out of range; "
            'give a fraction from "0" to "10", like "0.25" for 25 %.',
        )
    return AdValoremRate(fraction)


def an_amount(value: object) -> Money:
    """An amount of US dollars, in quotes."""
    right = 'an amount is written in quotes, like "33.58"'
    amount = _a_decimal(value, right)
    try:
        money = Money(amount)
    except (ValueError, InvalidOperation):
        money = None
    if money is None or amount < 0:
        raise Unreadable("no_amount", f"{shown(value)} is no amount in dollars and cents; {right}.")
    return money


def a_country(value: object) -> CountryCode:
    """An ISO code; a name is refused, and the code proposed."""
    text = a_text(value)
    try:
        return CountryCode(text)
    except ValueError:
        raise Unreadable("unknown_country", f"{shown(text)} is no country code{_code_for(text)}.") from None


def a_prefix(value: object) -> HtsPrefix:
    """A branch of the tariff schedule, in quotes."""
    text = a_text(value)
    try:
        return HtsPrefix.parse(text)
    except ValueError:
        fault = f"{shown(text)} is no HTS prefix; give 2, 4, 6, 8 or 10 digits, or the name of a list."
        raise Unreadable("no_hts_prefix", fault) from None


def one_of(words: type[E]) -> Callable[[object], E]:
    """A reader of one of a few words."""

    def read(value: object) -> E:
        text = a_text(value)
        if text not in tuple(words):
            raise Unreadable("unknown_word", f"{shown(text)} is none of {', '.join(words)}.")
        return words(text)

    return read


def a_confidence(value: object) -> str:
    """How well the sources bear the measure: high, medium or low."""
    if value not in CONFIDENCE:
        raise Unreadable("unknown_word", f"{shown(value)} is none of {', '.join(CONFIDENCE)}.")
    return str(value)


def several(read_one: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A reader of a list whose items each stand once."""

    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, (list, tuple)):
            raise Unreadable("no_list", f"{shown(value)} is no list; write [one, another].")
        items = tuple(read_one(item) for item in value)
        twice = next((item for item in items if items.count(item) > 1), None)
        if twice is not None:
            raise Unreadable("stands_twice", f"'{twice}' stands twice in the list; once is enough.")
        return items

    return read


def prefixes(value: object) -> tuple[HtsPrefix, ...]:
    """A list of branches, or "*" for every code."""
    return (EVERY_CODE,) if value == EVERY else several(a_prefix)(value)


def countries(value: object) -> frozenset[CountryCode] | Literal["*"]:
    """A list of countries, or "*" for every origin."""
    return EVERY if value == EVERY else listed_countries(value)


def listed_countries(value: object) -> frozenset[CountryCode]:
    """A list of countries, each by its code."""
    return frozenset(several(a_country)(value))


def words(value: object) -> frozenset[str]:
    """A list of codes or families; "*" may stand among them."""
    return frozenset(several(a_text)(value))


def modes(value: object) -> frozenset[TransportMode]:
    """A list of modes of transport."""
    return frozenset(several(one_of(TransportMode))(value))


def relief(value: object) -> tuple[ReliefTier, ...]:
    """Tiers of relief in transit, in the order in which they are tried."""
    if not isinstance(value, list):
        raise Unreadable("no_list", f"{shown(value)} is no list of tiers of relief.")
    return tuple(_tier(tier, number) for number, tier in enumerate(value, start=1))


TIER_KEYS: Mapping[str, Reader] = {
    "modes": lambda value: None if value == "any" else modes(value),
    "loaded_before": a_day,
    "entered_before": a_day,
    "ad_valorem_rate": a_rate,
    "legal_reference": a_text,
}


def _tier(tier: object, number: int) -> ReliefTier:
    if not isinstance(tier, dict) or set(tier) != set(TIER_KEYS):
        raise Unreadable(
            "relief_incomplete", f"tier {number} must say {', '.join(TIER_KEYS)}, and nothing else."
        )
    read = {key: read_key(f"tier {number}, {key}", reader, tier[key]) for key, reader in TIER_KEYS.items()}
    return ReliefTier(rate=read.pop("ad_valorem_rate"), **read)


def read_key(key: str, reader: Reader, value: object) -> Any:
    """What the reader makes of a key's value; a complaint begins with the key."""
    try:
        return reader(value)
    except Unreadable as error:
        raise Unreadable(error.code, f"{key}: {error}") from None


def shown(value: object) -> str:
    """A value as a complaint quotes it: short, whatever it is."""
    text = "nothing" if value is None else f"'{value}'" if isinstance(value, str) else _SHORT.repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def _a_decimal(value: object, right: str) -> Decimal:
    if isinstance(value, Unquoted) or not isinstance(value, str):
        raise Unreadable("not_quoted", f"{shown(value).strip(chr(39))} stands without quotes; {right}.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unreadable("no_number", f"{shown(value)} is no number; {right}.")
    return number


def _code_for(text: str) -> str:
    try:
        return f"; write {CountryCode.parse(text)}"
    except ValueError:
        return "; write two letters, like CN or MY, or the name of a country group"
