"""Facts as plain values and as texts, the same for equal facts in every process, and back from plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import orjson

from risk.engine.facts import NAMES_AND_NUMBERS, LotFacts
from risk.engine.terms.money import Money

T = TypeVar("T")


def as_plain(facts: object) -> dict[str, object]:
    """Frozen facts as JSON-ready values: days in ISO, codes and decimals as text, sets sorted."""
    names, values_of = _shape(type(facts))  # type: ignore[arg-type]
    values = zip(names, values_of(facts), strict=True)
    return {name: value if type(value) in _PLAIN_ALREADY else _plain(value) for name, value in values}


_PLAIN_ALREADY = frozenset({NoneType, bool, int, str})


@cache
def _shape(kind: Any) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """The names of the facts of a kind, and how to get at all of their values at once."""
    names = tuple(each.name for each in fields(kind))
    return names, _values_of(names)


def _values_of(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*names) if len(names) > 1 else lambda facts: (getattr(facts, names[0]),)


def _plain(value: object) -> object:
    kind = type(value)
    if kind not in _WAYS:
        _WAYS[kind] = _way_of(kind)
    return _WAYS[kind](value)


_WAYS: dict[type, Callable[[Any], object]] = {}


def _way_of(kind: type) -> Callable[[Any], object]:
    """How values of a type are made plain."""
    if kind in _PLAIN_ALREADY:
        return lambda value: value
    if kind in (tuple, list):
        return lambda value: [_plain(each) for each in value]
    if kind is frozenset:
        return lambda value: sorted(map(str, value))
    return as_plain if is_dataclass(kind) else str


def from_plain(kind: type[T], plain: Mapping[str, object]) -> T:
    """The frozen facts that as_plain() made these values of.

    Raises ValueError or TypeError where the values are not those of such facts.
    """
    known = _hints(kind)  # type: ignore[arg-type]
    if unknown := plain.keys() - known.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}.")
    return kind(**{name: _read(known[name], value) for name, value in plain.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> object:
    """One value by the type that its field is declared with."""
    if value is None:
        return None
    kind = next((each for each in get_args(hint) if each is not NoneType), None)
    if get_origin(hint) is UnionType:
        return _read(kind, value)
    if get_origin(hint) in (tuple, frozenset):
        return get_origin(hint)(_read(kind, each) for each in value)
    if is_dataclass(hint):
        return from_plain(hint, value)  # type: ignore[arg-type]
    if hint in (bool, int) and type(value) is not hint:
        raise ValueError(f"{value!r} is no {hint.__name__}.")
    return date.fromisoformat(value) if hint is date else hint(value)


def _json(value: object) -> str:
    return orjson.dumps(value, _plain, _AS_IT_IS_KEPT).decode()


_AS_IT_IS_KEPT = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def digest_of(*parts: object) -> str:
    """The SHA-256 of facts (or plain values), the same for equal facts in every process."""
    return digest_of_texts(*map(text_of, parts))


def text_of(part: object) -> str:
    """Facts (or plain values) as JSON, the same text for equal facts in every process. Plain are None, bool, int,
    str, dates, decimals, and lists and dicts of such with names for keys: no float, and no tuple that has names.

    Facts are written straight from their values: to make them plain first takes four times as long.
    """
    return _TEXTS[type(part)](part)


def _facts_text(facts: object) -> str:
    form, values_of = _form(type(facts))  # type: ignore[arg-type]
    return form % tuple([_TEXTS[type(value)](value) for value in values_of(facts)])


@cache
def _form(kind: Any) -> tuple[str, Callable[[object], tuple[object, ...]]]:
    """The text of facts of a kind with a place for each value, and how to get at the values in that order."""
    names = sorted(each.name for each in fields(kind))
    return _form_of(dict.fromkeys(names, "%s")), _values_of(names)


def _form_of(places: Mapping[str, str]) -> str:
    """Names with what stands after them, as the inside of a text; names are words, and hold no percent sign."""
    return f"{{{','.join(f'{_json(name)}:{place}' for name, place in places.items())}}}"


class TextOfAlike:
    """Writes lots that agree in all that bears on a finding (facts_that_bear): what they share is written once.

    The same text as text_of() makes of each of them.
    """

    def __init__(self, lot: LotFacts) -> None:
        shared = [_TEXTS[type(value)](value).replace("%", "%%") for value in _shared_of(lot)]
        self._form = _FORM_OF_ALIKE % tuple(shared)

    def of(self, lot: LotFacts) -> str:
        """One of them."""
        return self._form % tuple([_TEXTS[type(value)](value) for value in _own_of(lot)])


_NAMES = sorted(each.name for each in fields(LotFacts))
# Decimals that are equal may be written differently.
_OWN = sorted(NAMES_AND_NUMBERS | {"us_content_percent"})
_SHARED = [name for name in _NAMES if name not in _OWN]
_own_of, _shared_of = attrgetter(*_OWN), attrgetter(*_SHARED)
# What is shared is filled in first, what each has of its own later.
_FORM_OF_ALIKE = _form_of({name: "%%s" if name in _OWN else "%s" for name in _NAMES})


def digest_of_texts(*texts: str) -> str:
    """The digest of parts of which these are the texts (text_of), for who needs a text for something else too."""
    return hashlib.sha256(f"[{','.join(texts)}]".encode()).hexdigest()


class _Texts(dict[type, Callable[[Any], str]]):
    """How values of a type are written; a type is looked at once."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _WAYS_OF_WRITING.get(kind) or (_facts_text if is_dataclass(kind) else _word_text)
        return self[kind]


def _word_text(value: object) -> str:
    """Codes, decimals and their like are told in their own words."""
    return encode_basestring(str(value))


def _set_text(values: frozenset[object]) -> str:
    return _json(_plain(values))


_WAYS_OF_WRITING: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    str: encode_basestring,
    date: lambda day: f'"{day.isoformat()}"',
    frozenset: _set_text,
    Money: lambda money: f'{{"amount":"{money.amount}"}}',
    **dict.fromkeys((dict, list, tuple, float), _json),
}
_TEXTS = _Texts()
