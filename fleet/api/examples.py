"""Examples that the schema shows, one for each shape; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

PROBLEM = {
    "row": 17,
    "column": "HTS Code",
    "code": "hts_code_unreadable",
    "value": "84.71",
    "sentence": "'84.71' has 4 digits; an HTS code here needs 8 or 10.",
}
LISTED: dict[str, Any] = {
    "upload": 7,
    "state": "checked",
    "file": "fleet.xlsx",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "layout": "generic",
    "rows": 3_200,
    "new": 3_100,
    "changed": 90,
    "unchanged": 9,
    "missing": 0,
    "wrong": 1,
    "refusal": "",
    "uploaded_at": "2026-11-28T15:00:00+00:00",
    "checked_at": "2026-11-28T15:00:02+00:00",
    "applied_at": None,
    "undone_at": None,
}
TOLD = LISTED | {
    "columns": {"S/N": "serial_number", "Model": "model"},
    "ignored_columns": ["Pool 1"],
    "problems": [PROBLEM],
    "warnings": [],
    "lots": 4,
    "seconds": {"read": 0.4, "check": 0.3},
    "problem_counts": {"hts_code_unreadable": 1},
    "choices": {"dry_run": True, "accept_partial": False},
    "is_settled": True,
    "progress": None,
    "sample_changes": [
        {"rig": "YNAHEAUBCJCBA0001", "before": {"status": "stored"}, "after": {"status": "deployed"}}
    ],
    "preview": {
        "before": {"exposed": {"tariff": {"share_of_hashrate": "0.412"}}},
        "after": {"exposed": {"tariff": {"share_of_hashrate": "0.460"}}},
    },
    "undo_report": None,
    "owed_lots": 0,
}
UNDONE = {
    "reverted": 95,
    "kept": [{"serial_number": "YNAHEAUBCJCBA0002", "changed_by": "ann"}],
    "impossible": [],
}
NOBODY_BEFORE = {"next": None, "previous": None}

UPLOAD = [OpenApiExample("A checked upload", value=TOLD, response_only=True)]
SAME = [
    OpenApiExample("The same file again", value=TOLD | {"state": "applied", "same_as": 7}, response_only=True)
]
UPLOAD_PAGE = [OpenApiExample("One page", value={**NOBODY_BEFORE, "results": [LISTED]}, response_only=True)]
PROBLEM_PAGE = [
    OpenApiExample(
        "One page", value={**NOBODY_BEFORE, "results": [{**PROBLEM, "is_warning": False}]}, response_only=True
    )
]
UNDO = [OpenApiExample("Most went back", value=UNDONE, response_only=True)]
ME = [
    OpenApiExample(
        "A key of procurement",
        value={
            "operator": "prairie-hash",
            "name": "Prairie Hash",
            "tariff_threshold_percent": "0.00",
            "scopes": ["fleet:read", "fleet:write"],
            "key": {
                "name": "procurement",
                "prefix": "1a2b3c4d",
                "expires_at": "2027-11-28T00:00:00+00:00",
                "revoked_at": None,
            },
        },
        response_only=True,
    )
]
