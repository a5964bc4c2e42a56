"""Vendor records for tests: real rows, made by the real services."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from tests.database import NOW
from vendors.models import Vendor, VendorDocument
from vendors.services import add_to_record, keep_document, register_vendor

WHY = "told by the vendor"


def a_vendor(name: str = "Acme Rigs", *, operator: Any = None, by: Any = None, **said: Any) -> Vendor:
    """A vendor of the register, or a private one of an operator."""
    return register_vendor(name=name, operator=operator, why=WHY, by=by, **said)


def said_of(vendor: Vendor, kind: str, /, *, operator: Any = None, **said: Any) -> Any:
    """A fact on a vendor's record."""
    return add_to_record(vendor=vendor, kind=kind, said=said, operator=operator, why=WHY)


def a_document(vendor: Vendor, *, operator: Any = None, **said: Any) -> VendorDocument:
    """A paper about a vendor."""
    said = {"kind": "certificate", "title": "ISO 9001"} | said
    name = said.pop("file_name", "paper.pdf")
    file = ContentFile(said.pop("content", b"%PDF-1.7 paper"), name=name)
    return keep_document(vendor=vendor, operator=operator, file=file, file_name=name, at=NOW, why=WHY, **said)
