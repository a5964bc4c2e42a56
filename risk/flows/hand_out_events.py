"""The outbox -> one delivery for each endpoint that an event is for; an event is handed out once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from ledger.models import OutboxEvent
from risk.models import WebhookDelivery, WebhookEndpoint

BATCH = 500
LARGEST_BODY = 20_000
"""Bytes; what Standard Webhooks recommends at most."""


def hand_out_events(*, now: datetime) -> int:
    """Put every event that was told since into the way of those who listen; returns how many events that were.

    Events of endpoints that are off are not kept for them: they are found in the outbox when one is switched on, or
    by a replay.
    """
    handed_out = 0
    while batch := _hand_out(now):
        handed_out += batch
    return handed_out


def deliveries_of(
    endpoint: WebhookEndpoint, events: Iterable[OutboxEvent], *, now: datetime, by_hand: bool = False
) -> list[WebhookDelivery]:
    """Deliveries of events to an endpoint, due now; not kept yet."""
    return [
        WebhookDelivery(
            endpoint=endpoint,
            event=event,
            message_id=message_id_of(event),
            kind=event.kind,
            about=event.about,
            body=body_of(kind=event.kind, at=event.at, about=event.about, data=event.body),
            event_at=event.at,
            due_at=now,
            by_hand=by_hand,
        )
        for event in events
    ]


def message_id_of(event: OutboxEvent) -> str:
    """The event's id for receivers: always the same, and no count of what others do."""
    return f"evt_{salted_hmac('webhook message', str(event.pk), algorithm='sha256').hexdigest()[:32]}"


def body_of(*, kind: str, at: datetime, about: str, data: Mapping[str, Any]) -> str:
    """The message: `type`, `timestamp`, `data`. Data that would make it too large stay with us: `is_cut` says so."""
    timestamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": kind, "timestamp": timestamp, "data": {**data, "about": about}}
    body = json.dumps(told, separators=(",", ":"))
    if len(body) < LARGEST_BODY:
        return body
    return json.dumps({**told, "data": {"about": about, "is_cut": True}}, separators=(",", ":"))


def _hand_out(now: datetime) -> int:
    with transaction.atomic():
        # Whoever comes second waits here, so that an event never overtakes an earlier one on its way out.
        waiting = OutboxEvent.objects.filter(handed_out_at__isnull=True).order_by("pk").select_for_update()
        events = list(waiting[:BATCH])
        made = _made(list(WebhookEndpoint.objects.switched_on()), events, now) if events else []
        WebhookDelivery.objects.bulk_create(made, ignore_conflicts=True)
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(handed_out_at=now)
    return len(events)


def _made(
    endpoints: list[WebhookEndpoint], events: list[OutboxEvent], now: datetime
) -> list[WebhookDelivery]:
    """In the order of the events, so that keys rise with time."""
    return [
        delivery
        for event in events
        for endpoint in endpoints
        if event.pk > endpoint.hears_from and endpoint.hears(event)
        for delivery in deliveries_of(endpoint, [event], now=now)
    ]
