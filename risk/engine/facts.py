"""What the engine is told: frozen facts of an entry, a lot and a vendor. A fact that nobody gave is None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan

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
