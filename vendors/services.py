"""Changes of the vendor register: each in one transaction, and told to whoever must assess anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from ledger.reconciling import Reconciled, reconcile
from vendors.catalogue.files import read_vendors
from vendors.catalogue.statements import CatalogueVendor, DatedStatement, Statement
from vendors.models import AssemblySite, ContestedOrigin, Ownership, Vendor, VendorAlias, VendorStatement
from vendors.signals import vendors_changed

Wanted = dict[tuple[Any, ...], dict[str, Any]]


@transaction.atomic
def load_register() -> dict[str, Reconciled]:
    """Bring the register into step with the shipped files; what people added stays. Twice changes nothing."""
    shipped = read_vendors()
    loaded = {"vendors": _load_vendors(shipped)}
    ids = dict(Vendor.objects.shared().values_list("name", "pk"))
    known = [(ids[vendor.name], vendor) for vendor in shipped]
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
        vendors_changed.send(sender=Vendor, vendor_ids=list(ids.values()), cause="the shipped register")
    return loaded


_SITE_KEY = ("vendor_id", "country", "place", "customer", "since", "source")
_STATEMENT_KEY = ("vendor_id", "kind", "told", "other_party", "source")


def _load(model: Any, key: tuple[str, ...], wanted: Wanted) -> Reconciled:
    return reconcile(model.objects.all(), wanted, key=key, remove=model.objects.filter(is_shipped=True))


def _load_vendors(shipped: Iterable[CatalogueVendor]) -> Reconciled:
    wanted = {
        (slugify(vendor.name),): {
            "name": vendor.name,
            "role": vendor.role,
            "home_country": vendor.home_country or "",
            "website": vendor.website,
            **_sourced(vendor),
        }
        for vendor in shipped
    }
    return reconcile(Vendor.objects.shared(), wanted, key=("slug",))


def _names(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {(pk, name.name, name.kind): _dated(name) for pk, vendor in known for name in vendor.names}


def _ties(known: list[tuple[int, CatalogueVendor]]) -> Wanted:
    return {
        (pk, tie.other_party, tie.kind, tie.relation, tie.source): {
            **_dated(tie),
            "share_percent": tie.share_percent,
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
