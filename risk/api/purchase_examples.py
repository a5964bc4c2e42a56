"""Examples that the schema shows of purchase checks; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from risk.api.examples import FLEET, PART
from risk.engine.shares import Kind, Part

CHECK = "pc_5b0f3c2a9d41e7f6a8b01c2d"
LINE = {
    "model": "Antminer S21 XP",
    "quantity": 500,
    "unit_value": "3900.00",
    "country_of_origin": "MY",
    "country_of_assembly": "MY",
    "expected_entry_date": "2026-12-15",
    "transport_mode": "air",
    "vendor": "Bitmain",
}
CXML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd">
<cXML payloadID="1@buyer.example" timestamp="2026-11-28T10:00:00+00:00">
  <Header><From><Credential domain="NetworkID"><Identity>Bitmain</Identity></Credential></From></Header>
  <Message><PunchOutOrderMessage><ItemIn quantity="500"><ItemID><SupplierPartID>S21-XP</SupplierPartID></ItemID>
    <ItemDetail><UnitPrice><Money currency="USD">3900.00</Money></UnitPrice>
      <ManufacturerPartID>Antminer S21 XP</ManufacturerPartID><ManufacturerName>Bitmain</ManufacturerName>
      <Extrinsic name="CountryOfOrigin">MY</Extrinsic></ItemDetail></ItemIn></PunchOutOrderMessage></Message>
</cXML>"""
ASKED = [
    OpenApiExample(
        "500 rigs of Malaysia",
        value={"purchase_order": "PO-2026-031", "lines": [LINE]},
        request_only=True,
        media_type="application/json",
    ),
    OpenApiExample("A cart as cXML", value=CXML, request_only=True, media_type="text/xml"),
]
APPLIED = {
    "limit": "ask while a deciding fact is not known",
    "kind": "unknown",
    "verdict": "ask",
    "line": 0,
    "sentence": "Not known: list screening.",
}
VERDICT: dict[str, Any] = {"verdict": "ask", "decided_by": APPLIED, "because": [APPLIED]}
FEE = {
    "measure": "US-FEE-MPF-FY2027",
    "title": "Merchandise processing fee, fiscal year 2027",
    "amount": "670.86",
    "legal_reference": "19 CFR 24.23(b)(1)",
}
BASE = {
    "measure": "US-MFN-854370",
    "title": "Base duty on mining rigs, column 1",
    "rate_percent": "2.6",
    "customs_value": "1950000.00",
    "duty": "50700.00",
    "refundable": False,
    "refundable_from": None,
    "legal_reference": "HTSUS 8543.70.98.60; NY N297495 (8 Jun 2018), affirmed HQ H300195; HQ H300063",
    "because": ["The HTS code 8543.70.9860 lies under 8543.70.98."],
}
FORCED_LABOUR = BASE | {
    "measure": "US-301FL-10",
    "title": "Section 301, forced labour, lower tier",
    "rate_percent": "10",
    "duty": "195000.00",
    "legal_reference": "91 FR 47318; HTSUS 9903.05.20-.84; U.S. note 52",
    "because": ["The country of origin is Malaysia."],
}
DUTY = {
    "hts_code": "8543709860",
    "country_of_origin": "MY",
    "entry_date": "2026-12-15",
    "customs_value": "1950000.00",
    "currency": "USD",
    "lines": [BASE, FORCED_LABOUR],
    "total_rate_percent": "12.6",
    "total_duty": "245700.00",
    "refundable_duty": "0.00",
    "fees": [FEE],
    "total_fees": "670.86",
    "findings": [],
    "warnings": [
        {
            "code": "after_verified_through",
            "sentence": "The law on record was checked through 2026-10-10; what came later is not in it.",
        }
    ],
    "verified_through": "2026-10-10",
}
MAKER = {
    "role": "maker",
    "name": "Bitmain",
    "vendor": 1,
    "level": "watch",
    "is_screened": False,
    "reasons": [
        {
            "code": "affiliate_of_named_party",
            "sentence": "Bitmain is tied to Sophgo Technologies (tied through Micree Zhan), which US-EL-SOPHGO names "
            "(90 FR 4621 (16 Jan 2025)).",
        },
        {
            "code": "never_screened",
            "sentence": "No government list is loaded that Bitmain has been screened against.",
        },
    ],
    "listings": [],
    "hits": [],
}
ONE_LINE = {
    "line": 0,
    "reference": None,
    "state": "doubt",
    **VERDICT,
    "model": {
        "asked": "Antminer S21 XP",
        "maker": "Bitmain",
        "model": "Antminer S21 XP",
        "bin": None,
        "candidates": [],
        "sentence": None,
    },
    "vendor": {"asked": "Bitmain", "id": 1, "name": "Bitmain", "candidates": [], "sentence": None},
    "quantity": 500,
    "unit_value": "3900.00",
    "customs_value": "1950000.00",
    "facts": {"maker": "Bitmain", "model": "Antminer S21 XP", "country_of_origin": "MY"},
    "stage": "to come",
    "entry_date": "2026-12-15",
    "origin": "MY",
    "additional_rate_percent": "10",
    "best_additional_rate_percent": "10",
    "worst_additional_rate_percent": "10",
    "duty": DUTY,
    "total_duty": "245700.00",
    "fees": "670.86",
    "landed_cost": "2196370.86",
    "landed_unit_cost": "4392.75",
    "landed_units": [{"units": 86, "each": "4392.75"}, {"units": 414, "each": "4392.74"}],
    "sanction": {"level": "watch", "is_screened": False, "parties": [MAKER, MAKER | {"role": "vendor"}]},
    "score": 25,
    "band": "elevated",
    "unknown": ["list_screening"],
    "doubts": [],
    "findings": [],
}
AMOUNTS = {
    "customs_value": "1950000.00",
    "total_duty": "245700.00",
    "refundable_duty": "0.00",
    "total_fees": "670.86",
    "landed_cost": "2196370.86",
}
SIDE = {
    "fleet": {name: figure for name, figure in FLEET.items() if name != "lots"},
    "exposed": {kind.value: PART for kind in Kind},
    "bar": {part.value: PART for part in Part},
    "duty_to_come": "48720.00",
}
BRIEF = {
    "id": CHECK,
    "made_at": "2026-11-28T15:00:00Z",
    "on": "2026-11-28",
    "purchase_order": "PO-2026-031",
    "reference": None,
}
ANSWER = {
    **BRIEF,
    "made_by": {"key": "1a2b3c4d", "person": None},
    "operator": "prairie-hash",
    "currency": "USD",
    **VERDICT,
    "totals": {
        "lines": 1,
        "quantity": 500,
        "lines_in_doubt": 1,
        **AMOUNTS,
        "unknown_lines": dict.fromkeys(AMOUNTS, 0),
    },
    "duty": [
        {name: line[name] for name in ("measure", "title", "duty", "legal_reference")}
        for line in (BASE, FORCED_LABOUR)
    ],
    "entries": [
        {
            "entry_date": "2026-12-15",
            "import_country": "US",
            "importer_of_record": None,
            "lines": [0],
            "fees": [FEE],
            "total_fees": "670.86",
        }
    ],
    "sanction": {"level": "watch", "is_screened": False},
    "score": 25,
    "band": "elevated",
    "exposure": {"before": SIDE, "after": SIDE},
    "lines": [ONE_LINE],
    "rests_on": {
        "policy_edition": 3,
        "verified_through": "2026-10-10",
        "list_editions": {},
        "engine_version": "5",
        "limits": [
            {
                "kind": "unknown",
                "measure": None,
                "verdict": "ask",
                "words": "ask while a deciding fact is not known",
            }
        ],
        "digest": "0f3c2a9d41e7f6a8b01c2d5b0f3c2a9d41e7f6a8b01c2d5b0f3c2a9d41e7f6a8",
    },
}
LISTED = {
    **BRIEF,
    "verdict": "ask",
    "decided_by": "Not known: list screening.",
    "lines": 1,
    "quantity": 500,
    "landed_cost": "2196370.86",
    "policy_edition": 3,
    "digest": ANSWER["rests_on"]["digest"],
    "upload": None,
}
ORDER = {
    "id": CHECK,
    "purchase_order": "PO-2026-031",
    "upload": 7,
    "state": "waiting",
    "file": f"{CHECK}.csv",
    "sha256": "bfc177cb43090000000000000000000000000000000000000000000000000000",
    "layout": "",
    **dict.fromkeys(("rows", "new", "changed", "unchanged", "missing", "wrong"), 0),
    "refusal": "",
    "uploaded_at": "2026-11-28T15:01:00Z",
    **dict.fromkeys(("checked_at", "applied_at", "undone_at")),
}
CHECKED = [
    OpenApiExample("500 rigs of Malaysia", value=ANSWER, response_only=True, media_type="application/json")
]
CHECK_PAGE = [
    OpenApiExample("A page", value={"next": None, "previous": None, "results": [LISTED]}, response_only=True)
]
ORDERED = [OpenApiExample("Being put on order", value=ORDER, response_only=True)]
AN_ORDER = OpenApiExample(
    "Although it asks",
    value={"purchase_order": "PO-2026-031", "because": "Counsel has cleared the vendor."},
    request_only=True,
)
