"""The shipped vendor files, read into frozen values.

makers.csv has one row a vendor. The other files have one row a statement: names, headquarters, ties,
suppliers, assembly sites, events, contested origins. What nobody has said is absent or None, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypedDict, TypeVar

from risk.engine.terms.countries import CountryCode
from vendors.catalogue.periods import Period
from vendors.catalogue.statements import (
    AssemblySite,
    CatalogueVendor,
    ContestedOrigin,
    Event,
    Headquarters,
    Supply,
    Tie,
    VendorName,
)
from vendors.catalogue.tables import Row, rows_of

_SHIPPED = Path(__file__).parent

# From the surest to the least sure.
CONFIDENCES = ("official-cited", "multi-source", "verified-in-tools", "single-secondary", "low", "unverified")
ROLES = ("maker", "chip designer", "financier")
FORMER_NAME = "former name"
COMPANY_NAME_KINDS = ("legal name", "short name", "former name", "new name", "brand")
NAME_KINDS = (*COMPANY_NAME_KINDS, "business", "product", "tool name", "ticker")
# Who owns whom: the other party the vendor, or the vendor the other party.
OWNING_KINDS = ("owner", "parent", "investor")
OWNED_KINDS = ("subsidiary",)
TIE_KINDS = (*OWNING_KINDS, *OWNED_KINDS, "founder", "sister", "affiliate", "financier", "customer")

Said = TypeVar("Said")


class _Sourced(TypedDict):
    source: str
    confidence: str
    note: str


class _Dated(_Sourced):
    country: CountryCode | None
    since: Period | None
    through: Period | None


def read_vendors(folder: Path = _SHIPPED) -> list[CatalogueVendor]:
    """Every vendor with what is said of it, in the order of makers.csv. Raises BadRow with file and line."""
    rows = _vendor_rows(folder / "makers.csv")

    def said(file: str, read: Callable[[Row], Said]) -> Mapping[str, tuple[Said, ...]]:
        return _by_vendor(folder / file, read, rows)

    names, headquarters = said("names.csv", _name), said("headquarters.csv", _headquarters)
    ties, supplies = said("ties.csv", _tie), said("suppliers.csv", _supply)
    sites, events = said("assembly_sites.csv", _assembly_site), said("events.csv", _event)
    contested = said("contested_origins.csv", _contested_origin)
    return [
        CatalogueVendor(
            name=vendor,
            role=row.one_of("role", ROLES),
            home_country=row.country("home_country"),
            website=row.text("website"),
            names=names[vendor],
            headquarters=headquarters[vendor],
            ties=ties[vendor],
            supplies=supplies[vendor],
            assembly_sites=sites[vendor],
            events=events[vendor],
            contested_origins=contested[vendor],
            **_sourced(row),
        )
        for vendor, row in rows.items()
    ]


def _vendor_rows(path: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in rows_of(path):
        if row.name("vendor") in rows:
            row.fail("vendor", "this vendor stands above already")
        rows[row.name("vendor")] = row
    return rows


def _by_vendor(
    path: Path, read: Callable[[Row], Said], known: Mapping[str, Row]
) -> defaultdict[str, tuple[Said, ...]]:
    """The statements of a file by vendor; one about several vendors ("Bitmain; Canaan") belongs to each."""
    found: defaultdict[str, tuple[Said, ...]] = defaultdict(tuple)
    for row in rows_of(path):
        statement = read(row)
        for vendor in row.name("vendor").split("; "):
            if vendor not in known:
                row.fail("vendor", f"makers.csv has no vendor '{vendor}'")
            found[vendor] += (statement,)
    return found


def _sourced(row: Row) -> _Sourced:
    return {
        "source": row.name("source"),
        "confidence": row.one_of("confidence", CONFIDENCES),
        "note": row.text("note"),
    }


def _dated(row: Row) -> _Dated:
    since, through = row.period("since"), row.period("through")
    if since and through and through.last_day < since.first_day:
        row.fail("through", f"it ends before it begins ({since})")
    country = row.country("country") if "country" in row.cells else None
    return {**_sourced(row), "country": country, "since": since, "through": through}


def _name(row: Row) -> VendorName:
    return VendorName(name=row.name("name"), kind=row.one_of("kind", NAME_KINDS), **_dated(row))


def _headquarters(row: Row) -> Headquarters:
    return Headquarters(place=row.name("place"), **_dated(row))


def _tie(row: Row) -> Tie:
    low, high = row.percents("share_percent")
    return Tie(
        other_party=row.name("other_party"),
        kind=row.one_of("kind", TIE_KINDS),
        relation=row.name("relation"),
        share_low=low,
        share_high=high,
        **_dated(row),
    )


def _supply(row: Row) -> Supply:
    return Supply(supplier=row.name("supplier"), supplies=row.name("supplies"), **_dated(row))


def _assembly_site(row: Row) -> AssemblySite:
    row.name("country")
    return AssemblySite(place=row.text("place"), customer=row.text("customer"), **_dated(row))


def _event(row: Row) -> Event:
    return Event(event=row.name("event"), concerns=row.text("concerns"), **_dated(row))


def _contested_origin(row: Row) -> ContestedOrigin:
    day: date | None = row.day("entries_from")
    country = row.country("country")
    if day is None or country is None:
        row.fail("entries_from" if country else "country", "it is empty and must not be")
    return ContestedOrigin(
        country=country,
        entries_from=day,
        entries_through=row.day("entries_through"),
        reported_on=row.day("reported_on"),
        **_sourced(row),
    )
