"""The shipped vendor files -> the register; what people added or changed stays as they left it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from ledger.reconciling import Reconciled, reconcile
from vendors.catalogue.files import read_vendors
from vendors.catalogue.identifiers import identifier_key
from vendors.catalogue.statements import CatalogueVendor, DatedStatement, Statement
from vendors.models import (
    AssemblySite,
    ContestedOrigin,
    Ownership,
    Vendor,
    VendorAlias,
    VendorIdentifier,
    VendorRole,
    VendorStatement,
)
from vendors.selectors import register_ids_by_slug
from vendors.signals import vendors_changed

Wanted = dict[tuple[Any, ...], dict[str, Any]]


@transaction.atomic
def load_register() -> dict[str, Reconciled]:
    """Bring the register into step with the shipped files; what people added or changed stays. Twice changes nothing.

    What is shipped of a vendor that was merged into another goes to the other.
    """
    shipped = read_vendors()
    loaded = {"vendors": _load_vendors(shipped)}
    ids = register_ids_by_slug()
    known = [(ids[slugify(vendor.name)], vendor) for vendor in shipped]
    loaded["roles"] = _load(VendorRole, ("vendor_id", "role"), _roles(known))
    loaded["identifiers"] = _load(VendorIdentifier, _IDENTIFIER_KEY, _identifiers(known))
    loaded["names"] = _load(VendorAlias, ("vendor_id", "name", "kind"), _names(known))
    loaded["ties"] = _load(
        Ownership, ("vendor_id", "other_party", "kind", "relation", "source"), _ties(known)
    )
    loaded["assembly sites"] = _load(AssemblySite, _SITE_KEY, _sites(known))
    loaded["contested origins"] = _load(
        ContestedOrigin, ("vendor_id", "country", "first_date"), _contested(known)
    )
    loaded["statements"] = _load(VendorStatement, _STATEMENT_KEY, _statements(known))
    if any(counts.added or counts.changed or counts.removed for counts in loaded.values()):
        vendors_changed.send(sender=Vendor, vendor_ids=[pk for pk, _ in known], cause="the shipped register")
    return loaded


_IDENTIFIER_KEY = ("operator_id", "system", "country", "key")
_SITE_KEY = ("vendor_id", "country", "place", "customer", "since", "source")
_STATEMENT_KEY = ("vendor_id", "kind", "told", "other_party", "source")


def _load(model: Any, key: tuple[str, ...], wanted: Wanted) -> Reconciled:
    """What is said by the files, but for what people have said or changed under the same key."""
    by_people = set(model.objects.filter(is_shipped=False).values_list(*key))
    theirs = {at: values for at, values in wanted.items() if at not in by_people}
    shipped = model.objects.filter(is_shipped=True)
    return reconcile(shipped, theirs, key=key, remove=shipped)


def _load_vendors(shipped: Iterable[CatalogueVendor]) -> Reconciled:
    wanted = {
        (slugify(vendor.name),): {
            "name": vendor.name,
            "home_country": vendor.home_country or "",
            **_sourced(vendor),
        }
        for vendor in shipped
    }
    kept = set(Vendor.objects.shared().filter(is_shipped=False).values_list("slug"))
    wanted = {at: values for at, values in wanted.items() if at not in kept}
    return reconcile(Vendor.objects.shared(), wanted, key=("slug",))


def _roles(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {(pk, vendor.role): _sourced(vendor) for pk, vendor in known}


def _identifiers(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {
        (None, "website", "", identifier_key("website", vendor.website)): {
            "vendor_id": pk,
            "value": vendor.website,
            **_sourced(vendor),
        }
        for pk, vendor in known
        if vendor.website
    }


def _names(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {(pk, name.name, name.kind): _dated(name) for pk, vendor in known for name in vendor.names}


def _ties(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {
        (pk, tie.other_party, tie.kind, tie.relation, tie.source): {
            **_dated(tie),
            "share_low": tie.share_low,
            "share_high": tie.share_high,
        }
        for pk, vendor in known
        for tie in vendor.ties
    }


def _sites(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {
        (pk, site.country or "", site.place, site.customer, str(site.since or ""), site.source): _dated(site)
        for pk, vendor in known
        for site in vendor.assembly_sites
    }


def _contested(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {
        (pk, claim.country, claim.entries_from): {
            "through_date": claim.entries_through,
            "reported_on": claim.reported_on,
            **_sourced(claim),
        }
        for pk, vendor in known
        for claim in vendor.contested_origins
    }


def _statements(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    kinds = VendorStatement.Kind
    said: Wanted = {}
    for pk, vendor in known:
        said |= {(pk, kinds.HEADQUARTERS, s.place, "", s.source): _dated(s) for s in vendor.headquarters}
        said |= {(pk, kinds.SUPPLY, s.supplies, s.supplier, s.source): _dated(s) for s in vendor.supplies}
        said |= {(pk, kinds.EVENT, s.event, s.concerns, s.source): _dated(s) for s in vendor.events}
    return said


def _dated(said: DatedStatement) -> dict[str, Any]:
    return {
        "country": said.country or "",
        "since": str(said.since or ""),
        "through": str(said.through or ""),
        "first_date": said.since.first_day if said.since else None,
        "through_date": said.through.last_day if said.through else None,
        **_sourced(said),
    }


def _sourced(said: Statement) -> dict[str, Any]:
    return {"source": said.source, "confidence": said.confidence, "note": said.note, "is_shipped": True}
