"""Examples that the schema shows of exposures; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from risk.engine.shares import Kind, Part

PART = {
    "units": 500,
    **dict.fromkeys(("share_of_units", "share_of_hashrate", "share_of_power", "share_of_value"), "0.412"),
}
FLEET = {
    "lots": 12,
    "units": 1_214,
    "hashrate_ths": "242800",
    "power_kw": "4249",
    "customs_value": "4734600.00",
    "units_with_hashrate": 1_214,
    "units_with_power": 1_214,
    "units_with_value": 1_200,
}
EXPOSURE: dict[str, Any] = {
    "operator": "prairie-hash",
    "assessed_on": "2026-11-28",
    "policy_edition": 3,
    "verified_through": "2026-10-10",
    "list_editions": {},
    "owed_lots": 0,
    "fresh": True,
    "as_of": "2026-11-28T10:02:00-05:00",
    "assessing": None,
    "set_aside_lots": 0,
    "fleet": FLEET,
    "exposed": {kind.value: PART for kind in Kind},
    "bar": {part.value: PART for part in Part},
    "duty": {
        **{
            "to_come": "48720.00",
            "contingent": "102300.00",
            "refundable": "150000.00",
            "replacement": "1183650.00",
        },
        "unknown_lots": {"to_come": 0, "contingent": 1, "refundable": 1, "replacement": 0},
    },
    "doubt": {"lots": 1, "facts": {"entry_date": 1}},
}
AMOUNTS = {"to_come": "0.00", "contingent": "0.00", "refundable": "0.00", "replacement": "195000.00"}
STANDING = {
    "country_of_origin": "MY",
    "additional_rate_percent": "10",
    "band": "low",
    "sanction_level": "watch",
    "duty": AMOUNTS,
}
MOVED = {
    "lot": 17,
    "maker": "Bitmain",
    "model": "Antminer S21 XP",
    "units_before": 500,
    "units_after": 500,
    "before": STANDING,
    "after": STANDING | {"additional_rate_percent": "35", "band": "high"},
}
EXPOSED = [OpenApiExample("A fleet", value=EXPOSURE, response_only=True)]
BOTH_SIDES = [
    OpenApiExample(
        "A duty of 25 % on Malaysia",
        value={
            "title": "A duty on Malaysia",
            "before": EXPOSURE,
            "after": EXPOSURE,
            "lots_moved": 1,
            "moved": [MOVED],
        },
        response_only=True,
    )
]
A_DUTY = OpenApiExample(
    "A duty of 25 % on Malaysia",
    value={
        "title": "A duty on Malaysia",
        "measures": {
            "added": [
                {
                    "code": "EXERCISE-1",
                    "rate": "0.25",
                    "effective_from": "2027-01-01",
                    "countries_of_origin": ["MY"],
                    "hts_prefixes": ["8543.70"],
                }
            ]
        },
        "on": "2027-01-15",
    },
    request_only=True,
)
