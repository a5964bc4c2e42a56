"""The vendor register: who a vendor is, under which names and numbers, tied to whom, assembling where."""

from vendors.models.files import VendorContact, VendorDocument, VendorNote
from vendors.models.identity import VendorAddress, VendorAlias, VendorIdentifier
from vendors.models.ownership import Ownership
from vendors.models.statements import AssemblySite, ContestedOrigin, VendorStatement
from vendors.models.vendor import Vendor, VendorRole

__all__ = [
    "AssemblySite",
    "ContestedOrigin",
    "Ownership",
    "Vendor",
    "VendorAddress",
    "VendorAlias",
    "VendorContact",
    "VendorDocument",
    "VendorIdentifier",
    "VendorNote",
    "VendorRole",
    "VendorStatement",
]
