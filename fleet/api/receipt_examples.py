"""Examples of receipts that the schema shows; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from fleet.api.examples import NOBODY_BEFORE, TOLD

LISTED: dict[str, Any] = {
    "receipt": 3,
    "state": "received",
    "purchase_order": "PO-2026-014",
    "entry_number": "ABC-1234567-8",
    "import_country": "US",
    "transport_mode": "vessel",
    "importer_of_record": "Prairie Hash LLC",
    "site": "Rockdale",
    "status": "stored",
    "entry_date": "2026-11-20",
    "loaded_date": None,
    "manifest": "manifest.xlsx",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "units": 200,
    "lots": 1,
    "checked_at": "2026-11-28T15:00:00+00:00",
    "received_at": "2026-11-28T15:00:00+00:00",
    "undone_at": None,
}
ONE = LISTED | {"undo_report": None}
DONE = ONE | {
    "units_left": 300,
    "received": [{"lot": 41, "model": "Bitmain Antminer S21", "units": 200}],
    "notices": [],
}
CHECKED = DONE | {
    "receipt": None,
    "state": "checked",
    "received_at": None,
    "received": [{"lot": None, "model": "Bitmain Antminer S21", "units": 200}],
    "preview": TOLD["preview"],
}
SENT = {
    "purchase_order": "PO-2026-014",
    "entry_date": "2026-11-20",
    "entry_number": "ABC-1234567-8",
    "transport_mode": "vessel",
    "site": "Rockdale",
    "units": [{"model": "Antminer S21", "units": 200}],
}

TAKEN = OpenApiExample("Two hundred of five hundred", value=SENT, request_only=True)
RECEIVED = [OpenApiExample("A part of a shipment", value=DONE, response_only=True)]
NOT_WRITTEN = [
    OpenApiExample("A dry run", value=CHECKED, response_only=True),
    OpenApiExample(
        "The same again",
        value=DONE | {"units_left": None, "received": [], "same_as": 3},
        response_only=True,
    ),
]
RECEIPT = [OpenApiExample("A receipt", value=ONE, response_only=True)]
RECEIPT_PAGE = [OpenApiExample("One page", value={**NOBODY_BEFORE, "results": [LISTED]}, response_only=True)]
