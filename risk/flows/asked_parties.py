"""Vendors as screening asks about them: every name of theirs, and every party that is tied to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fleet.selectors import in_chunks
from risk.engine.evidence import ScreenedParty
from risk.engine.kept_facts import digest_of
from risk.engine.names.normalising import normalised
from risk.engine.terms.countries import CountryCode
from risk.models import VendorScreening
from vendors.models import Ownership, Vendor, VendorAlias, VendorIdentifier


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedParty:
    """The vendor itself (`party` empty), or somebody tied to it, as it is compared with lists."""

    vendor_id: int
    party: str
    relation: str
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    @property
    def screened(self) -> ScreenedParty:
        """As the engine takes it."""
        return ScreenedParty(
            names=self.names,
            countries=frozenset(CountryCode(code) for code in self.countries),
            identifiers=frozenset(self.identifiers),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVendor:
    """A vendor with everybody who is asked about for its sake; the vendor itself comes first."""

    vendor_id: int
    parties: tuple[AskedParty, ...]

    @property
    def plain(self) -> list[dict[str, Any]]:
        """The parties, JSON-ready."""
        return [
            {
                "party": each.party,
                "relation": each.relation,
                "names": list(each.names),
                "countries": list(each.countries),
                "identifiers": list(each.identifiers),
            }
            for each in self.parties
        ]

    @property
    def digest(self) -> str:
        """The same as long as the vendor is asked about in the same words."""
        return digest_of(self.plain)

    @classmethod
    def from_plain(cls, vendor_id: int, plain: Iterable[Any]) -> AskedVendor:
        """The vendor that `plain` was made of."""
        parties = tuple(
            AskedParty(
                vendor_id=vendor_id,
                party=each["party"],
                relation=each["relation"],
                names=tuple(each["names"]),
                countries=tuple(each["countries"]),
                identifiers=tuple(each["identifiers"]),
            )
            for each in plain
        )
        return cls(vendor_id=vendor_id, parties=parties)


def vendors_to_ask() -> QuerySet[Vendor]:
    """All vendors that are screened; a record that was merged into another is asked about there."""
    return Vendor.objects.standing()


def asked_vendors(vendor_ids: Iterable[int]) -> Iterator[AskedVendor]:
    """Vendors by their ids, in the order of the ids; four queries for every few hundred."""
    for some in in_chunks(sorted(set(vendor_ids))):
        vendors = vendors_to_ask().in_bulk(some)
        aliases: dict[int, list[VendorAlias]] = defaultdict(list)
        for alias in VendorAlias.objects.of_companies().filter(vendor_id__in=some).order_by("pk"):
            aliases[alias.vendor_id].append(alias)
        ties: dict[int, list[Ownership]] = defaultdict(list)
        for tie in Ownership.objects.affiliating().filter(vendor_id__in=some).order_by("pk"):
            ties[tie.vendor_id].append(tie)
        numbers: dict[int, list[str]] = defaultdict(list)
        identifiers = VendorIdentifier.objects.of_the_record().filter(vendor_id__in=some)
        for pk, value in identifiers.order_by("pk").values_list("vendor_id", "value"):
            numbers[pk].append(value)
        for pk, vendor in sorted(vendors.items()):
            yield _asked(vendor, aliases[pk], ties[pk], numbers[pk])


def owe_screening(vendor_ids: Iterable[int], *, now: datetime) -> bool:
    """Put on record, in the caller's transaction, which of these vendors are asked about in other words since they
    were screened; whether there are any. One that waits already waits anew."""
    asked = {each.vendor_id: each.digest for each in asked_vendors(vendor_ids)}
    settled = VendorScreening.objects.filter(vendor_id__in=asked, owed_at__isnull=True)
    same = {pk for pk, digest in settled.values_list("vendor_id", "asked_digest") if digest == asked[pk]}
    rows = [VendorScreening(vendor_id=pk, owed_at=now) for pk in sorted(asked.keys() - same)]
    VendorScreening.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["vendor"], update_fields=["owed_at"], batch_size=500
    )
    return bool(rows)


def _asked(
    vendor: Vendor, aliases: list[VendorAlias], ties: list[Ownership], numbers: list[str]
) -> AskedVendor:
    itself = AskedParty(
        vendor_id=vendor.pk,
        party="",
        relation="",
        names=_distinct([vendor.name, *(alias.name for alias in aliases)]),
        countries=_countries([vendor.home_country, *(alias.country for alias in aliases)]),
        identifiers=tuple(dict.fromkeys(numbers)),
    )
    tied = {tie.other_party: tie for tie in reversed(ties)}
    others = (
        AskedParty(
            vendor_id=vendor.pk,
            party=name,
            relation=tied[name].relation,
            names=(name,),
            countries=_countries([tied[name].country]),
        )
        for name in sorted(tied)
    )
    return AskedVendor(vendor_id=vendor.pk, parties=(itself, *others))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once: those that come to the same words are one, and the first spelling is told."""
    told: dict[object, str] = {}
    for name in names:
        if name.strip():
            told.setdefault(normalised(name).words or name, name)
    return tuple(told.values())


def _countries(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({code for code in codes if code}))
