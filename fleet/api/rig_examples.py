"""Examples of models, sites, lots, rigs and rows; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from fleet.api.examples import NOBODY_BEFORE

MOMENT = "2026-11-28T15:00:00+00:00"
FACTS: dict[str, Any] = {
    "country_of_assembly": "MY",
    "country_of_origin": "MY",
    "hashboard_origin": None,
    "hts_code": "8543709860",
    "import_country": "US",
    "entry_number": "ABC-1234567-8",
    "transport_mode": "air",
    "importer_of_record": None,
    "purchase_order": "PO-2024-017",
    "entry_date": "2025-06-10",
    "expected_entry_date": None,
    "loaded_date": None,
    "us_content_percent": None,
    "usmca_claim": None,
}
RIG_LISTED = {
    "rig": 4711,
    "lot": 17,
    "serial_number": "YNAHEAUBCJCBA0001",
    "mac_address": "aa:bb:cc:dd:ee:01",
    "quantity": 1,
    "maker": "Bitmain",
    "model": "Antminer S21",
    "bin": "200 TH/s",
    "site": "Rockdale",
    "site_id": 3,
    "status": "deployed",
    **FACTS,
    "customs_value": "5000.00",
    "duty_paid": None,
    "hashrate_ths": "200",
    "power_w": 3500,
    "rack": "R12",
    "position": "7",
    "notes": None,
    "is_missing": False,
    "version": 2,
    "updated_at": MOMENT,
}
FORMER = {
    "kind": "mac_address",
    "value": "aa:bb:cc:dd:ee:99",
    "used_from": None,
    "used_until": "2026-05-02T08:00:00+00:00",
}
LOT_TOLD = {
    "lot": 17,
    "maker": "Bitmain",
    "model": "Antminer S21",
    **FACTS,
    "has_arrived": True,
    "units": 500,
    "holdings": [{"site": "Rockdale", "status": "deployed", "units": 500}],
    "updated_at": MOMENT,
}
SITE_TOLD = {"site": 3, "name": "Rockdale", "country": "US", "updated_at": MOMENT}
BIN = {
    "bin": "200 TH/s",
    "reading": 1,
    "hashrate_ths": "200",
    "power_w": 3500,
    "algorithm": "SHA-256",
    "cooling": "air",
    "released": "2024-02",
    "confidence": "multi-source",
}
MODEL_TOLD = {
    "model": 12,
    "maker": "Bitmain",
    "name": "Antminer S21",
    "algorithm": "SHA-256",
    "default_hts_code": None,
    "hashrate_ths": None,
    "power_w": None,
    "bins": [BIN],
}
NAMED = {
    "query": "S21 200T",
    "maker": "Bitmain",
    "model": "Antminer S21",
    "bin": "200 TH/s",
    "confidence": "multi-source",
    "candidates": [],
    "how": "exact",
    "note": "",
}
ROW = {
    "serial_number": "YNAHEAUBCJCBA0001",
    "model": "Antminer S21 200T",
    "site": "Rockdale",
    "country_of_origin": "MY",
    "entry_date": "2025-06-10",
    "customs_value": "5000.00",
}
WRONG_ROW = {
    "index": 1,
    "field": "hts_code",
    "code": "hts_code_unreadable",
    "value": "84.71",
    "sentence": "'84.71' has 4 digits; an HTS code here needs 8 or 10, like 8543.70.9860.",
}
BULK_TOLD: dict[str, Any] = {
    "rows": 2,
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "wrong": 1,
    "results": [
        {"index": 0, "outcome": "created", "rig": 4711},
        {"index": 1, "outcome": "wrong", "rig": None},
    ],
    "problems": [WRONG_ROW],
    "warnings": [],
}


def _told(title: str, value: Any) -> list[OpenApiExample]:
    return [OpenApiExample(title, value=value, response_only=True)]


def _page(row: dict[str, Any], **more: Any) -> list[OpenApiExample]:
    return _told("One page", {**NOBODY_BEFORE, "results": [row], **more})


RIG = _told("A rig", RIG_LISTED | {"former_identifiers": [FORMER]})
RIG_PAGE = _page(RIG_LISTED)
LOT = _told("A lot", LOT_TOLD)
LOT_PAGE = _page(LOT_TOLD)
SITE = _told("A site", SITE_TOLD)
SITE_PAGE = _page(SITE_TOLD)
MODEL = _told("A model", MODEL_TOLD)
MODEL_PAGE = _page(MODEL_TOLD, named=NAMED)
BULK = _told("One right, one wrong, with mode=partial", BULK_TOLD)
NEW_RIG = OpenApiExample("A rig", value=ROW, request_only=True)
NEW_LOT = OpenApiExample(
    "Rigs on order",
    value={
        "model": "Antminer S21 200T",
        "quantity": 500,
        "status": "on order",
        "expected_entry_date": "2026-12-15",
        "import_country": "US",
        "purchase_order": "PO-2026-029",
    },
    request_only=True,
)
RIG_MOVED = OpenApiExample("Sold", value={"status": "sold"}, request_only=True)
LOT_CORRECTED = OpenApiExample("Another origin", value={"country_of_origin": "TH"}, request_only=True)
NEW_SITE = OpenApiExample("A site", value={"name": "Rockdale", "country": "US"}, request_only=True)
ROWS = OpenApiExample(
    "Two rigs", value=[ROW, ROW | {"serial_number": "YNAHEAUBCJCBA0002"}], request_only=True
)
