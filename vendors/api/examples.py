"""Examples that the schema shows, one for each shape; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

LISTED: dict[str, Any] = {
    "id": 42,
    "slug": "rockdale-repairs",
    "name": "Rockdale Repairs",
    "home_country": "US",
    "status": "active",
    "is_private": True,
    "roles": ["host"],
    "identifiers": [{"system": "erp", "value": "V-0042", "country": "", "is_private": True}],
}
SAID = {"since": "2021", "through": "", "source": "company register", "confidence": ""}
TOLD = LISTED | {
    "source": "company register",
    "note": "",
    "merged_into": None,
    "names": [
        {
            "name": "Rockdale Repairs LLC",
            "kind": "legal name",
            "script": "Latn",
            "language": "en",
            "country": "US",
            **SAID,
        }
    ],
    "addresses": [{"kind": "registered office", "lines": "1 Main Street, Rockdale", "country": "US", **SAID}],
    "ties": [
        {
            "other_party": "Rockdale Holdings",
            "kind": "owner",
            "relation": "holder",
            "share_low": "30",
            "share_high": "50",
            **SAID,
        }
    ],
    "sites": [],
    "contested": [],
    "contacts": [
        {"name": "Ann", "position": "desk", "email": "desk@rockdale.example", "phone": "", "is_private": True}
    ],
    "notes": [{"text": "Answers fast.", "written_at": "2026-11-28T15:00:00+00:00", "is_private": True}],
    "documents": [
        {
            "title": "Register extract",
            "kind": "register extract",
            "issued_on": "2026-01-01",
            "expires_on": None,
            "withdrawn_at": None,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "is_private": True,
        }
    ],
}
VENDOR = [OpenApiExample("A private vendor", value=TOLD, response_only=True)]
PAGE = [
    OpenApiExample(
        "One page", value={"next": None, "previous": None, "results": [LISTED]}, response_only=True
    )
]
NEW = OpenApiExample(
    "A host with its ERP id",
    value={
        "name": "Rockdale Repairs",
        "home_country": "US",
        "roles": ["host"],
        "identifiers": [{"system": "erp", "value": "V-0042"}],
        "why": "new contract",
    },
    request_only=True,
)
YOUR_ID = OpenApiExample(
    "Your own id of a vendor of the register",
    value={"identifiers": [{"system": "erp", "value": "V-0007"}], "why": "from the ERP"},
    request_only=True,
)
