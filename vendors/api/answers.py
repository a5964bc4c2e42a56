"""The JSON that vendors answer with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from vendors.models import Vendor, VendorContact, VendorDocument, VendorIdentifier, VendorNote

SOURCED = ("since", "through", "source", "confidence")
FACTS = {
    "names": ("aliases", ("name", "kind", "script", "language", "country", *SOURCED)),
    "addresses": ("addresses", ("kind", "lines", "country", *SOURCED)),
    "ties": ("ties", ("other_party", "kind", "relation", "share_low", "share_high", *SOURCED)),
    "sites": ("assembly_sites", ("country", "place", "customer", *SOURCED)),
    "contested": ("contested_origins", ("country", "first_date", "through_date", "source")),
}
DOCUMENT = ("title", "kind", "issued_on", "expires_on", "withdrawn_at", "sha256")


def vendor_summaries(vendors: Iterable[Vendor], *, operator: Any) -> list[dict[str, Any]]:
    """Vendors in brief, with the identifiers that the operator may see; two queries beside that of the vendors."""
    vendors = list(vendors)
    rows = VendorIdentifier.objects.visible_to(operator).filter(vendor__in=vendors).order_by("pk")
    numbers: dict[int, list[VendorIdentifier]] = {}
    for row in rows:
        numbers.setdefault(row.vendor_id, []).append(row)
    return [_summary(vendor, numbers.get(vendor.pk, [])) for vendor in vendors]


def vendor_answer(vendor: Vendor, *, operator: Any) -> dict[str, Any]:
    """A vendor with all that the operator may see of it."""
    (brief,) = vendor_summaries([vendor], operator=operator)
    facts = {
        name: [_plain(row, fields) for row in getattr(vendor, related).order_by("pk")]
        for name, (related, fields) in FACTS.items()
    }
    return {
        **brief,
        "source": vendor.source,
        "note": vendor.note,
        "merged_into": vendor.survivor.pk if vendor.merged_into_id else None,
        **facts,
        "contacts": _scoped(VendorContact, vendor, operator, ("name", "position", "email", "phone")),
        "notes": _scoped(VendorNote, vendor, operator, ("text", "written_at")),
        "documents": _scoped(VendorDocument, vendor, operator, DOCUMENT),
    }


def _summary(vendor: Vendor, numbers: list[VendorIdentifier]) -> dict[str, Any]:
    return {
        "id": vendor.pk,
        "slug": vendor.slug,
        "name": vendor.name,
        "home_country": vendor.home_country or None,
        "status": vendor.status,
        "is_private": vendor.operator_id is not None,
        "roles": sorted(row.role for row in vendor.roles.all()),
        "identifiers": [
            {**_plain(row, ("system", "value", "country")), "is_private": row.operator_id is not None}
            for row in numbers
        ],
    }


def _scoped(model: Any, vendor: Vendor, operator: Any, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = model.objects.visible_to(operator).filter(vendor=vendor).order_by("pk")
    return [{**_plain(row, fields), "is_private": row.operator_id is not None} for row in rows]


def _plain(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: _told(getattr(row, name)) for name in fields}


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else value
