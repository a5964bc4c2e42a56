"""Examples that the schema shows of findings, entries, notes and the law; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from risk.api.examples import EXPOSURE, PART


def _shown(title: str, value: Any) -> list[OpenApiExample]:
    return [OpenApiExample(title, value=value, response_only=True)]


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": [row]}


RESTS_ON: dict[str, Any] = {"policy_edition": 3, "verified_through": "2026-10-10"}
AMOUNTS = {"to_come": "0.00", "contingent": "0.00", "refundable": "1468.80", "replacement": "2944.94"}
LOT = {"lot": 17, "maker": "Bitmain", "model": "Antminer S21+"}
FINDING = {
    **LOT,
    "entry_number": "ABC-1369190-7",
    "purchase_order": "PO-2025-017",
    "policy_edition": 3,
    "list_editions": {},
    "assessed_at": "2026-11-28T12:26:16+00:00",
    "stage": "entered",
    "origin": "CN",
    "contested_origin": None,
    "additional_rate_percent": "37.5",
    "best_additional_rate_percent": "37.5",
    "worst_additional_rate_percent": "37.5",
    "sanction_level": "watch",
    "is_screened": False,
    "score": 38,
    "band": "high",
    "duty": AMOUNTS,
    "doubted_facts": [],
}
QUESTION = {
    "question": "as entered",
    "day": "2025-03-18",
    "origin": "CN",
    "settled": True,
    "total_rate_percent": "47.6",
    "additional_rate_percent": "45",
    "total_duty": "3495.74",
    "lines": [
        {
            "measure": "US-301-CN-L2",
            "title": "Section 301, China, List 2: mining rigs",
            "rate_percent": "25",
            "base": "7344.00",
            "duty": "1836.00",
            "refundable": False,
            "legal_reference": "HTSUS 9903.88.02; 83 FR 40823 (16 Aug 2018)",
            "because": ["The country of origin is China."],
        }
    ],
}
FINDINGS = _shown("A lot of China entered in March 2025", _page(FINDING))
EXPLANATION = _shown(
    "A lot of China entered in March 2025",
    {
        "lot": 17,
        **RESTS_ON,
        "list_editions": {},
        "engine_version": "2",
        "assessed_at": "2026-11-28T12:26:16+00:00",
        "facts": {"maker": "Bitmain", "model": "Antminer S21+", "country_of_origin": "CN"},
        "origin": "CN",
        "contested_origin": None,
        "additional_rate_percent": "37.5",
        "score": 38,
        "band": "high",
        "duty": AMOUNTS,
        "questions": [QUESTION],
    },
)
LINE = {"measure": "US-301-CN-L2", "rate_percent": "25", "duty": "1836.00"}
ENTRY = {
    "entry_number": "ABC-1369190-7",
    "entry_date": "2025-03-18",
    "import_country": "US",
    "purchase_order": None,
    "importer_of_record": None,
    "units": 2,
    "customs_value": "7344.00",
    "duty": "3495.74",
    "fees": [
        {
            "measure": "US-FEE-MPF-FY2025",
            "title": "Merchandise processing fee, fiscal year 2025",
            "amount": "32.71",
        }
    ],
    "total_fees": "32.71",
    "duty_paid": "1659.74",
    "units_without_duty_paid": 0,
    "explanation": [
        "Paid is 1836.00 USD less than the duty that is computed (3495.74 USD).",
        "That is exactly the duty under US-301-CN-L2, which may not have been paid.",
    ],
    "lots": [
        {
            **LOT,
            "country_of_origin": "CN",
            "units": 2,
            "customs_value": "7344.00",
            "duty": "3495.74",
            "fees": "32.71",
            "lines": [LINE],
            "duty_paid": "1659.74",
            "units_without_duty_paid": 0,
        }
    ],
    "rigs": [
        {
            "rig": 4711,
            "lot": 17,
            "serial_number": "YNAHEAUBCJCBA0001",
            "mac_address": None,
            "quantity": 1,
            "customs_value": "3672.00",
            "lines": [{"measure": "US-301-CN-L2", "duty": "918.00"}],
            "duty": "1747.87",
            "fees": "16.36",
            "landed_cost": "5436.23",
            "duty_paid": "829.87",
        }
    ],
}
ENTRIES = _shown(
    "An entry that was paid without one measure",
    {"operator": "prairie-hash", "on": "2026-11-28", **RESTS_ON, **_page(ENTRY)},
)
LIQUIDATED = OpenApiExample(
    "From a report of ACE",
    value={
        "source": "ACE ES-003, 2026-11-20",
        "liquidations": [{"entry_number": "ABC-1369190-7", "liquidated_on": "2026-01-30"}],
    },
    request_only=True,
)
RECORDED = _shown("One entry", {"recorded": 1, "unchanged": 0})
STEP = {
    "from": "2026-11-10",
    "through": "2026-12-31",
    "exposed": EXPOSURE["exposed"],
    "bar": EXPOSURE["bar"],
    "begun": [
        {
            "measure": "US-301-CN-L2",
            "title": "Section 301, China, List 2: mining rigs",
            "legal_reference": "HTSUS 9903.88.02; 83 FR 40823 (16 Aug 2018)",
        }
    ],
    "ended": [],
    "lots_moved": 12,
    "lots_of_their_own": 0,
    "points": {"units": "4.1", "hashrate": "3.8", "power": None},
}
HISTORY = _shown(
    "A step",
    {
        "operator": "prairie-hash",
        "today": "2026-11-28",
        **RESTS_ON,
        "list_editions": {},
        "steps": [STEP],
        "coming": [{"days_left": 34, **STEP}],
    },
)
COUNTED = {"units": 12, "hashrate_ghs": 3_630_000, "units_with_hashrate": 12}
RATES = {"best_additional_rate_percent": "0", "worst_additional_rate_percent": "60"}
DOUBTS = _shown(
    "Two lots without an origin",
    {
        "operator": "prairie-hash",
        "today": "2026-11-28",
        **RESTS_ON,
        "list_editions": {},
        "exposed": PART,
        "exposed_at_most": PART,
        "unknown": COUNTED,
        "facts": [{"fact": "country_of_origin", "lots": [17, 18], **COUNTED, "undecided": COUNTED, **RATES}],
        "asks": [
            {
                "facts": ["country_of_origin"],
                "lots": [17, 18],
                **COUNTED,
                **RATES,
                "settled": "0.947658",
                "sentence": "2 lots, 12 rigs, 3.6 PH/s: country of origin; with what stands above settles "
                "94.8 % of what is unknown",
            }
        ],
    },
)
COLUMNS = {
    "lots": 1,
    "low": "0.00",
    "likely": "1836.00",
    "high": "1836.00",
    "unknown_lots": {"low": 0, "likely": 0, "high": 0},
}
CLOCK = {"clock": "protest", "last_day": "2027-07-25", "days_left": 239, "is_estimated": True}
ORIGIN = {"country": "MY", "source": "declared at entry, by the fleet's record", "since": "2025-03-18"}
RESERVE = _shown(
    "A lot declared as Malaysian, asserted to be Chinese",
    {
        "operator": "prairie-hash",
        "on": "2026-11-28",
        **RESTS_ON,
        "currency": "USD",
        "assumptions": {"low": "No dispute: customs accepts every declared origin."},
        "total": COLUMNS,
        "by_stage": [{"stage": "open", **COLUMNS}],
        "by_entry": [{"entry_number": "ABC-1369190-7", **COLUMNS, "clocks": [CLOCK]}],
        "by_maker": [{"maker": "Bitmain", **COLUMNS}],
        "by_site": [{"site": "Rockdale", **COLUMNS}],
        "lots": [
            {
                **LOT,
                "entry_number": "ABC-1369190-7",
                "entry_date": "2025-03-18",
                "units": 2,
                "customs_value": "7344.00",
                "declared_origin": ORIGIN,
                "assessed_origin": ORIGIN,
                "contested_origin": "CN",
                "low": "0.00",
                "likely": "1836.00",
                "high": "1836.00",
                "because": "No evidence of origin is on file.",
                "clocks": [CLOCK],
            }
        ],
    },
)
REFUND = {
    "entry_number": "ABC-1369190-7",
    "entry_date": "2025-03-18",
    "lots": [17],
    "measure": "US-IEEPA-CN-FENT-20",
    "title": "IEEPA, China and Hong Kong, fentanyl",
    "legal_reference": "HTSUS 9903.01.24; U.S. note 2(u)",
    "amount": "1468.80",
    "unknown_lots": 0,
    "route": "court order",
    "route_sentence": "Finally liquidated: no last day is on record.",
    "last_day": None,
    "days_left": None,
}
REFUNDS = _shown(
    "A line under the emergency powers",
    {
        "operator": "prairie-hash",
        "on": "2026-11-28",
        **RESTS_ON,
        "currency": "USD",
        "total": "1468.80",
        "unknown_lots": 0,
        "by_route": {"court order": {"entries": 1, "amount": "1468.80"}},
        "lines": [REFUND],
        "without_entry_number": {"sentence": "", "lines": []},
        "undecided": {"sentence": "", "lots": []},
        "portal_files": [1],
    },
)
EDITIONS = _shown(
    "The first edition",
    _page(
        {
            "edition": 3,
            "title": "Section 301, October 2026",
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "verified_through": "2026-10-10",
            "published_at": "2026-10-12T09:00:00+00:00",
            "reason": "91 FR 64212",
            "restates": None,
        }
    ),
)
MEASURES = _shown(
    "A measure",
    _page(
        {
            "measure": "US-301-CN-L2",
            "family": "us/section-301/china-technology-transfer",
            "title": "Section 301, China, List 2: mining rigs",
            "authority": "USTR, Section 301",
            "rate_type": "additive",
            "rate_percent": "25",
            "effective_from": "2018-08-23",
            "effective_through": None,
            "confidence": "high",
            "legal_reference": "HTSUS 9903.88.02; 83 FR 40823 (16 Aug 2018)",
            "record": {"code": "US-301-CN-L2", "ad_valorem_rate": "0.25", "countries_of_origin": ["CN"]},
        }
    ),
)
