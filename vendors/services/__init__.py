"""Changes of the vendor register: each a verb with who and why, told to whoever must look anew."""

from vendors.flows.load_register import load_register
from vendors.services.documents import erase_document_file, keep_document, withdraw_document
from vendors.services.merging import merge_vendors
from vendors.services.records import (
    add_to_record,
    change_on_record,
    change_vendor,
    register_vendor,
    remove_from_record,
)

__all__ = [
    "add_to_record",
    "change_on_record",
    "change_vendor",
    "erase_document_file",
    "keep_document",
    "load_register",
    "merge_vendors",
    "register_vendor",
    "remove_from_record",
    "withdraw_document",
]
