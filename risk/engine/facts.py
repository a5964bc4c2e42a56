"""What the engine is told: frozen facts of an entry, a lot and a vendor. A fact that nobody gave is None."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan

T = TypeVar("T")

UNITED_STATES = CountryCode("US")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """What a customs entry says of the goods, on the day that the question is about.

    `claims` holds the codes of measures that bite only on a claim or a finding of customs. A usmca_claim
    or us_content_percent of None means that none is on record.
    """

    day: date
    import_country: CountryCode | None = UNITED_STATES
    hts_code: HtsCode | None = None
    also_numbered: tuple[HtsCode, ...] = ()
    country_of_origin: CountryCode | None = None
    transport_mode: TransportMode | None = None
    loaded_date: date | None = None
    us_content_percent: Decimal | None = None
    usmca_claim: bool | None = None
    claims: frozenset[str] = frozenset()
    customs_value: Money | None = None

    def __post_init__(self) -> None:
        if self.us_content_percent is not None and not 0 <= self.us_content_percent <= 100:
            raise ValueError(f"A US content of {self.us_content_percent} % is none; it is 0 to 100.")

    @property
    def hts_codes(self) -> tuple[HtsCode, ...]:
        """The code as given, and the numbers it bore before or after a renumbering."""
        return () if self.hts_code is None else (self.hts_code, *self.also_numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """Everything that policy looks at in a lot; the same for each of its rigs.

    `country_of_origin` is what was declared to customs. `has_arrived` says whether the rigs stand somewhere
    already. Values, counts and places of rigs are not facts of the lot (see risk.engine.shares).
    """

    maker: str
    model: str
    country_of_assembly: CountryCode | None = None
    country_of_origin: CountryCode | None = None
    hashboard_origin: CountryCode | None = None
    hts_code: HtsCode | None = None
    import_country: CountryCode | None = None
    entry_date: date | None = None
    expected_entry_date: date | None = None
    entry_number: str | None = None
    transport_mode: TransportMode | None = None
    loaded_date: date | None = None
    importer_of_record: str | None = None
    us_content_percent: Decimal | None = None
    usmca_claim: bool | None = None
    purchase_order: str | None = None
    has_arrived: bool = True

    @property
    def is_domestic(self) -> bool:
        """Assembled in the country where it stands, and never entered: no duty line of its own."""
        never_entered = not (self.entry_date or self.expected_entry_date or self.entry_number)
        declared_elsewhere = self.country_of_origin not in (None, self.import_country)
        assembled_there = self.import_country is not None and self.country_of_assembly == self.import_country
        return assembled_there and never_entered and not declared_elsewhere

    @property
    def origin(self) -> CountryCode | None:
        """The declared origin; where the sheet is silent, the country of assembly, unless that is the
        country of import: assembly never supplies a domestic origin for an entered lot."""
        if self.country_of_origin is not None:
            return self.country_of_origin
        return None if self.country_of_assembly == self.import_country else self.country_of_assembly

    def entry(self, *, on: date, origin: CountryCode | None, loaded_then: bool = False) -> EntryFacts:
        """The entry of these goods on a day, under an origin; `loaded_then`: as if they were loaded that day."""
        return EntryFacts(
            day=on,
            import_country=self.import_country,
            hts_code=self.hts_code,
            country_of_origin=origin,
            transport_mode=self.transport_mode,
            loaded_date=on if loaded_then else self.loaded_date,
            us_content_percent=self.us_content_percent,
            usmca_claim=self.usmca_claim,
        )


# What tells lots apart in the record and changes no finding on them: names and numbers. Of an entry number
# and of the days of entry only `is_domestic` asks whether there is one.
NAMES_AND_NUMBERS = frozenset({"maker", "model", "entry_number", "importer_of_record", "purchase_order"})
_BEARING = [each.name for each in fields(LotFacts) if each.name not in NAMES_AND_NUMBERS]
facts_that_bear: Callable[[LotFacts], tuple[object, ...]] = attrgetter(*_BEARING, "is_domestic")
"""All that a finding on a lot rests on, as a key: lots that agree in it are found alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """A dated tie of a vendor to another party (owner, sister, common control) and what it is."""

    other_party: str
    relation: str
    span: DateSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedOrigin:
    """The origin that customs is reported to assert for a maker's rigs, and since which entries."""

    country: CountryCode
    span: DateSpan
    source: str


NOTHING, ALL = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who owns how much of whom, in percent: at least `low`, at most `high`. Without a figure, 0 to 100.

    One holding a stake: two of one owner in one company are two stakes and add up. Where two sources tell of the same
    stake, the caller makes one holding of them, from the lowest figure to the highest.

    `span` None means that the holding stands on every day; `source` says where it was read.
    """

    owner: str
    owned: str
    low: Decimal = NOTHING
    high: Decimal = ALL
    span: DateSpan | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not NOTHING <= self.low <= self.high <= ALL:
            raise ValueError(
                f"{self.owner} cannot own {self.low} to {self.high} % of {self.owned}; "
                "give 0 to 100, the lower first."
            )

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the share at all."""
        return (self.low, self.high) != (NOTHING, ALL)

    def __str__(self) -> str:
        return f"{self.low} %" if self.low == self.high else f"{self.low} to {self.high} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScreened:
    """A government list against which a maker was screened: its edition, and the last day on which that is fresh.

    `fresh_through` None: it is taken as fresh, because the question is about what is known and not about a day.
    """

    list_code: str
    edition: str = ""
    fresh_through: date | None = None

    def is_fresh_on(self, day: date) -> bool:
        """Whether the edition is not stale that day."""
        return self.fresh_through is None or day <= self.fresh_through


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A screening hit that was not dismissed: `party` (the maker, or somebody tied to it) is the entry of a list,
    as a person confirmed, or may be it. `span` None: the source gives no day, so it stands on every day."""

    party: str
    list_code: str
    entity_id: str
    listed_name: str
    edition: str
    is_confirmed: bool
    programs: tuple[str, ...] = ()
    span: DateSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts:
    """What the register says of a maker, and what screening found of it.

    `lists_screened` names the list editions that the maker was screened against. `holdings` is the graph of owners
    above the maker, in which it stands under `name`.
    """

    name: str
    other_names: tuple[str, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    contested_origins: tuple[ContestedOrigin, ...] = ()
    lists_screened: tuple[ListScreened, ...] = ()
    listings: tuple[Listing, ...] = ()
    holdings: tuple[Holding, ...] = ()

    def contested_origin_on(self, day: date) -> ContestedOrigin | None:
        """The origin that customs asserts for rigs entered that day, if it asserts one."""
        return next((claim for claim in self.contested_origins if day in claim.span), None)

    def as_known_on(self, day: date) -> VendorFacts:
        """The facts for a question about other days: the lists that are fresh today count whatever day is asked."""
        fresh = tuple(
            replace(each, fresh_through=None) for each in self.lists_screened if each.is_fresh_on(day)
        )
        return self if fresh == self.lists_screened else replace(self, lists_screened=fresh)


def without_value(entry: EntryFacts) -> EntryFacts:
    """The same entry for looking up rates, which do not depend on the customs value."""
    return entry if entry.customs_value is None else replace(entry, customs_value=None)


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


def digest_of(*parts: object) -> str:
    """The SHA-256 of facts (or plain values), the same for equal facts in every process."""
    return digest_of_texts(*map(text_of, parts))


def text_of(part: object) -> str:
    """Facts (or plain values) as JSON, the same text for equal facts in every process.

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
    return f"{{{','.join(f'{_WRITER.encode(name)}:{place}' for name, place in places.items())}}}"


class TextOfAlike:
    """Writes lots that agree in all that bears on a finding (facts_that_bear): what they share is written once.

    The same text as text_of() makes of each of them.
    """

    # Decimals that are equal may be written differently.
    _OWN = sorted(NAMES_AND_NUMBERS | {"us_content_percent"})
    _own_of = staticmethod(attrgetter(*_OWN))

    def __init__(self, lot: LotFacts) -> None:
        names = sorted(each.name for each in fields(LotFacts))
        shared = {name: text_of(getattr(lot, name)).replace("%", "%%") for name in names}
        self._form = _form_of(shared | dict.fromkeys(self._OWN, "%s"))

    def of(self, lot: LotFacts) -> str:
        """One of them."""
        return self._form % tuple([_TEXTS[type(value)](value) for value in self._own_of(lot)])


def digest_of_texts(*texts: str) -> str:
    """The digest of parts of which these are the texts (text_of), for who needs a text for something else too."""
    return hashlib.sha256(f"[{','.join(texts)}]".encode()).hexdigest()


_WRITER = json.JSONEncoder(default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class _Texts(dict[type, Callable[[Any], str]]):
    """How values of a type are written; a type is looked at once."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _facts_text if is_dataclass(kind) else _WAYS_OF_WRITING.get(kind, _word_text)
        return self[kind]


def _word_text(value: object) -> str:
    """Codes, decimals and their like are told in their own words."""
    return encode_basestring(str(value))


def _set_text(values: frozenset[object]) -> str:
    return _WRITER.encode(_plain(values))


_WAYS_OF_WRITING: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    str: encode_basestring,
    date: lambda day: f'"{day.isoformat()}"',
    frozenset: _set_text,
    Money: lambda money: f'{{"amount":"{money.amount}"}}',
    **dict.fromkeys((dict, list, tuple, float), _WRITER.encode),
}
_TEXTS = _Texts()
