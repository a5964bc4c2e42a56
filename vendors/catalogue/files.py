"""The shipped vendor files, read into frozen values.

Every statement keeps its source and how sure it is; what nobody has said is None, never a guess. Where sources
disagree, the notes say how. "unverified" is knowledge without a document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from risk.engine.terms.countries import CountryCode
from vendors.catalogue.periods import Period
from vendors.catalogue.tables import Row, rows_of

_SHIPPED = Path(__file__).parent

# From the surest to the least sure.
CONFIDENCES = ("official-cited", "multi-source", "verified-in-tools", "single-secondary", "low", "unverified")
ROLES = ("maker", "chip designer", "financier")
NAME_KINDS = (
    "legal name",
    "short name",
    "former name",
    "new name",
    "brand",
    "business",
    "product",
    "tool name",
    "ticker",
)
TIE_KINDS = (
    "founder",
    "owner",
    "parent",
    "subsidiary",
    "sister",
    "affiliate",
    "investor",
    "financier",
    "customer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said of a vendor by a source."""

    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorName(Statement):
    """A name of a vendor; the country is where a company of that legal name is incorporated."""

    name: str
    kind: str
    country: CountryCode | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headquarters(Statement):
    """Where a vendor has or had its seat."""

    place: str
    country: CountryCode | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie(Statement):
    """A tie to another party. `kind` says what that party is to the vendor; share in percent, None if unknown."""

    other_party: str
    kind: str
    relation: str
    share_percent: Decimal | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply(Statement):
    """What another company makes for a vendor: wafers, chips."""

    supplier: str
    supplies: str
    country: CountryCode | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblySite(Statement):
    """A country in which a vendor's rigs are or were put together, for a certain customer if one is named."""

    country: CountryCode | None
    place: str = ""
    customer: str = ""
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Statement):
    """What an authority or the market has done about a vendor."""

    event: str
    concerns: str = ""
    country: CountryCode | None = None
    since: Period | None = None
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedOrigin(Statement):
    """The origin that customs is reported to hold against the declared one, for entries from a day on."""

    country: CountryCode
    entries_from: date
    entries_through: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVendor(Statement):
    """A vendor with everything that the files say of it; source and confidence are those of its home country."""

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
