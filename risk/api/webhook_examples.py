"""Examples that the schema shows of webhooks; a test holds them against the shapes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def _asked(title: str, value: Any) -> OpenApiExample:
    return OpenApiExample(title, value=value, request_only=True)


def _told(title: str, value: Any) -> list[OpenApiExample]:
    return [OpenApiExample(title, value=value, response_only=True)]


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": [row]}


WEBHOOK: dict[str, Any] = {
    "webhook": 5,
    "url": "https://erp.example.com/hooks/rigs",
    "description": "Procurement",
    "events": ["upload.applied", "exposure.threshold_crossed"],
    "is_on": True,
    "stopped_at": None,
    "stopped_because": None,
    "failing_since": None,
    "held_until": None,
    "waiting": 0,
    "secrets": [{"secret": 9, "made_at": "2026-11-28T15:00:00Z", "ends_at": None}],
    "created_at": "2026-11-28T15:00:00Z",
}
ROTATED = {
    **WEBHOOK,
    "secrets": [
        {"secret": 12, "made_at": "2026-12-01T09:00:00Z", "ends_at": None},
        {"secret": 9, "made_at": "2026-11-28T15:00:00Z", "ends_at": "2026-12-02T09:00:00Z"},
    ],
}
KEY = {"key": "whsec_bm90IGEgc2VjcmV0LCBqdXN0IGFuIGV4YW1wbGUgISE="}
DELIVERY: dict[str, Any] = {
    "delivery": 81,
    "id": "evt_3f8a2b0c9d1e4f5a6b7c8d9e0f1a2b3c",
    "type": "upload.applied",
    "about": "upload:17",
    "event_at": "2026-11-28T15:10:00Z",
    "state": "delivered",
    "attempts": 2,
    "due_at": None,
    "settled_at": "2026-11-28T15:10:25Z",
    "is_test": False,
    "is_replay": False,
}
WAITING = {
    **DELIVERY,
    "state": "waiting",
    "attempts": 0,
    "due_at": "2026-11-28T16:00:00Z",
    "settled_at": None,
}
LOG = {
    "message": {
        "type": "upload.applied",
        "timestamp": "2026-11-28T15:10:00Z",
        "data": {"upload": 17, "about": "upload:17"},
    },
    "log": [
        {
            "at": "2026-11-28T15:10:25Z",
            "milliseconds": 84,
            "url": "https://erp.example.com/hooks/rigs",
            "request_headers": {
                "Content-Type": "application/json",
                "webhook-id": "evt_3f8a2b0c9d1e4f5a6b7c8d9e0f1a2b3c",
                "webhook-timestamp": "1795878625",
                "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            },
            "status": 204,
            "response_headers": {"Server": "nginx"},
            "response_body": "",
            "verdict": "taken",
            "sentence": "",
        }
    ],
}

NEW = _asked("A new webhook", {key: WEBHOOK[key] for key in ("url", "description", "events")})
CHANGE = _asked("Switch it on again, for every event", {"events": [], "is_on": True})
ROTATION = _asked("The old secret for two more days", {"overlap_hours": 48})
SPAN = _asked("A morning", {"from": "2026-11-28T06:00:00Z", "until": "2026-11-28T12:00:00Z"})
MADE = _told("With its secret", {**WEBHOOK, **KEY})
NEW_SECRET = _told("Two secrets in force", {**ROTATED, **KEY})
ONE = _told("A webhook", WEBHOOK)
CHANGED = _told("A webhook that is on again", {**WEBHOOK, "caught_up": 12})
PAGE = _told("One webhook", _page(WEBHOOK))
DELIVERIES = _told("One delivery", _page(DELIVERY))
ONE_DELIVERY = _told("Taken at the second attempt", {**DELIVERY, **LOG})
REPLAYED = _told("It is due now", {**WAITING, "is_replay": True})
TESTED = _told("It is due now", {**WAITING, "type": "webhook.test", "about": "webhook 5", "is_test": True})
SPAN_REPLAYED = _told("Forty are due now", {"webhook": 5, "deliveries": 40})
