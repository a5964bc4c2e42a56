"""What sources say of a vendor, as frozen values; each keeps its source and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from risk.engine.terms.countries import CountryCode
from vendors.catalogue.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something said by a source. `confidence` is one of CONFIDENCES; "unverified" has no document."""

    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStatement(Statement):
    """A statement that holds for a time, and perhaps for a place; None is unknown."""

    country: CountryCode | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorName(DatedStatement):
    """A name of one of NAME_KINDS; the country is where the company of a legal name is incorporated."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headquarters(DatedStatement):
    """Where a vendor has or had its seat."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie(DatedStatement):
    """Another party and what it is to the vendor (one of TIE_KINDS); the share in percent, low to high."""

    other_party: str
    kind: str
    relation: str
    share_low: Decimal | None = None
    share_high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply(DatedStatement):
    """What another company makes for a vendor: wafers, chips."""

    supplier: str
    supplies: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblySite(DatedStatement):
    """A country in which a vendor's rigs are or were put together; for one customer, if one is named."""

    place: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(DatedStatement):
    """What an authority or the market has done about a vendor, and whom it concerns besides."""

    event: str
    concerns: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedOrigin(Statement):
    """The origin that customs is reported to hold against the declared one, for entries from a day on."""

    country: CountryCode
    entries_from: date
    entries_through: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVendor(Statement):
    """A vendor and all that the files say of it; source and confidence here are those of its home country."""

    name: str
    role: str
    home_country: CountryCode | None = None
    website: str = ""
    names: tuple[VendorName, ...] = ()
    headquarters: tuple[Headquarters, ...] = ()
    ties: tuple[Tie, ...] = ()
    supplies: tuple[Supply, ...] = ()
    assembly_sites: tuple[AssemblySite, ...] = ()
    events: tuple[Event, ...] = ()
    contested_origins: tuple[ContestedOrigin, ...] = ()
