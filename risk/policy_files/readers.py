"""How each kind of value in a policy is read: from YAML or a record into a term of the engine.

Every reader raises Unreadable with a stable code and a sentence that says what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal, TypeVar

from risk.engine.policy import ReliefTier
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import EVERY_CODE, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.policy_files.yaml_loader import Unquoted

T = TypeVar("T", bound=Hashable)
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[object], Any]

EVERY: Literal["*"] = "*"
CONFIDENCE = ("high", "medium", "low")


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
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_day(value)
    except ValueError:
        return _no_day(value)


def a_truth(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Unreadable("no_truth", f"{shown(value)} is neither true nor false; write one of them.")
    return value


def a_rate(value: object) -> AdValoremRate:
    """A share of the customs value as a quoted decimal fraction: "0.25" is 25 percent."""
    fraction = _a_decimal(value, 'a rate is a fraction in quotes, like "0.25" for 25 %')
    if not Decimal(0) <= fraction <= Decimal(10):
        raise Unreadable(
            "rate_out_of_range",
            f'a rate of "{fraction:f}" is {fraction * 100:f} %; give a fraction from "0" to "10" (1000 %), '
            'like "0.25" for 25 %.',
        )
    return AdValoremRate(fraction)


def an_amount(value: object) -> Money:
    """An amount of US dollars, in quotes."""
    amount = _a_decimal(value, 'an amount is written in quotes, like "33.58"')
    if amount < 0 or amount.as_tuple().exponent < -2:  # type: ignore[operator]
        raise Unreadable("no_amount", f'"{amount:f}" is no amount in dollars and cents, like "33.58".')
    return Money(amount)


def a_country(value: object) -> CountryCode:
    """An ISO code; a name is refused, and the code proposed."""
    text = a_text(value)
    try:
        return CountryCode(text)
    except ValueError:
        raise Unreadable("unknown_country", f"'{text}' is no country code{_code_for(text)}.") from None


def a_prefix(value: object) -> HtsPrefix:
    """A branch of the tariff schedule, in quotes."""
    text = a_text(value)
    try:
        return HtsPrefix.parse(text)
    except ValueError as error:
        raise Unreadable("no_hts_prefix", str(error)) from None


def one_of(words: type[E]) -> Callable[[object], E]:
    """A reader of one of a few words."""

    def read(value: object) -> E:
        text = a_text(value)
        if text not in tuple(words):
            raise Unreadable("unknown_word", f"'{text}' is none of {', '.join(words)}.")
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
    read = {}
    for key, reader in TIER_KEYS.items():
        try:
            read[key] = reader(tier[key])
        except Unreadable as error:
            raise Unreadable(error.code, f"tier {number}, {key}: {error}") from None
    return ReliefTier(rate=read.pop("ad_valorem_rate"), **read)


def shown(value: object) -> str:
    """A value as a complaint quotes it: short, whatever it is."""
    text = "nothing" if value is None else f"'{value}'" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _a_decimal(value: object, right: str) -> Decimal:
    if isinstance(value, Unquoted) or not isinstance(value, str):
        raise Unreadable("not_quoted", f"{shown(value).strip(chr(39))} stands without quotes; {right}.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unreadable("no_number", f"'{value}' is no number; {right}.")
    return number


def _no_day(value: object) -> date:
    raise Unreadable("no_day", f"{shown(value)} is no day; write it like 2026-07-24, without quotes.")


def _code_for(text: str) -> str:
    try:
        return f"; write {CountryCode.parse(text)}"
    except ValueError:
        return "; write two letters, like CN or MY, or the name of a country group"
