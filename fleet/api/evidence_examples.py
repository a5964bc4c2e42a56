"""Examples that the schema shows of evidence; a test holds them against the shapes."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

PAPER = {
    "evidence": 5,
    "kind": "certificate",
    "title": "Certificate of origin 2025/117",
    "file": "co-117.pdf",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "country": "MY",
    "strength": "strong",
    "issued_on": "2025-03-01",
    "expires_on": "2027-03-01",
    "note": "",
    "lots_covered": 2,
    "serials": [{"first": "YNAHEAUBCJCBA0001", "last": "YNAHEAUBCJCBA0500"}],
    "added_at": "2026-11-28T15:00:00+00:00",
    "withdrawn_at": None,
    "withdrawn_because": "",
}
EVIDENCE = [OpenApiExample("A certificate of origin", value=PAPER, response_only=True)]
EVIDENCE_PAGE = [
    OpenApiExample("A page", value={"next": None, "previous": None, "results": [PAPER]}, response_only=True)
]
