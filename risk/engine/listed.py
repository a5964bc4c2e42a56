"""What a government list says of one party: names and how good they are, identifiers, places, days, citations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from risk.engine.terms.countries import CountryCode


class PartyKind(StrEnum):
    """What a listed party is; UNKNOWN where the source mixes persons and organisations."""

    ORGANISATION = "organisation"
    PERSON = "person"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    UNKNOWN = "unknown"


class NameKind(StrEnum):
    """How a name belongs to its party: its own, also, formerly or now known as."""

    PRIMARY = "primary"
    ALSO_KNOWN_AS = "aka"
    FORMERLY_KNOWN_AS = "fka"
    NOW_KNOWN_AS = "nka"


@dataclass(frozen=True, slots=True, order=True)
class ListedName:
    """One name as the source writes it. A weak one is a nickname or an acronym that many others bear."""

    text: str
    kind: NameKind = NameKind.PRIMARY
    is_weak: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A number or address that is given out once: `system` in the source's words, `country` of its issue."""

    system: str
    value: str
    country: CountryCode | None = None


@dataclass(frozen=True, slots=True, order=True)
class ListedAddress:
    """An address in one line; `country` None where the source names none that exists."""

    text: str
    country: CountryCode | None = None


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A tie to another party, by name (and by number where the source gives it). No percentage is known."""

    relation: str
    party: str
    party_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntity:
    """One party on one list. `names` begins with its primary name; what the source does not give is empty or None.

    `entity_id` is the same in every edition; `row_id` is what this edition's file calls the row, for
    looking it up there. `complaints` says what the source wrote that could not be believed.
    """

    list_code: str
    entity_id: str
    names: tuple[ListedName, ...]
    kind: PartyKind = PartyKind.UNKNOWN
    programs: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[ListedAddress, ...] = ()
    nationalities: tuple[CountryCode, ...] = ()
    title: str = ""
    remarks: str = ""
    listed_on: date | None = None
    ends_on: date | None = None
    citations: tuple[str, ...] = ()
    license_requirement: str = ""
    license_policy: str = ""
    linked_to: tuple[Link, ...] = ()
    source_url: str = ""
    row_id: str = ""
    complaints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.names:
            raise ValueError(f"{self.list_code} {self.entity_id} has no name; a party without one is none.")

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the party over editions."""
        return self.list_code, self.entity_id

    @property
    def name(self) -> str:
        """The primary name."""
        return self.names[0].text

    @property
    def countries(self) -> frozenset[CountryCode]:
        """Every country of its addresses, its nationality and its identifiers."""
        of_addresses = [address.country for address in self.addresses]
        of_identifiers = [identifier.country for identifier in self.identifiers]
        told = (*of_addresses, *of_identifiers, *self.nationalities)
        return frozenset(country for country in told if country)

    @property
    def may_be_an_organisation(self) -> bool:
        """Whether a vendor could be this party: not a person, a ship or an aircraft for certain."""
        return self.kind in (PartyKind.ORGANISATION, PartyKind.UNKNOWN)
