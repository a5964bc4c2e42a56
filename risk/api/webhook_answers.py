"""Webhooks, deliveries and attempts as the API tells them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from risk.models import DeliveryState, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from risk.models.webhooks import EndpointQuerySet

LOG_SHOWN = 20


def with_what_is_told(endpoints: EndpointQuerySet) -> EndpointQuerySet:
    """The endpoints with what `webhook_answer` tells of them, in a fixed number of queries."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    return endpoints.annotate(waiting=waiting).prefetch_related("secrets")


def webhook_answer(endpoint: Any, *, now: datetime) -> dict[str, Any]:
    """An endpoint of `with_what_is_told`; never the text of a secret."""
    in_force = [each for each in endpoint.secrets.all() if each.ends_at is None or each.ends_at > now]
    held_until = endpoint.held_until if endpoint.held_until and endpoint.held_until > now else None
    return {
        "webhook": endpoint.pk,
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events,
        "is_on": endpoint.is_on,
        "stopped_at": endpoint.stopped_at,
        "stopped_because": endpoint.stopped_because or None,
        "failing_since": endpoint.failing_since,
        "held_until": held_until,
        "waiting": endpoint.waiting,
        "secrets": [
            {"secret": each.pk, "made_at": each.made_at, "ends_at": each.ends_at}
            for each in sorted(in_force, key=lambda each: -each.pk)
        ],
        "created_at": endpoint.created_at,
    }


def delivery_answer(delivery: WebhookDelivery) -> dict[str, Any]:
    """A delivery in brief."""
    is_waiting = delivery.state == DeliveryState.WAITING
    return {
        "delivery": delivery.pk,
        "id": delivery.message_id,
        "type": delivery.kind,
        "about": delivery.about,
        "event_at": delivery.event_at,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "due_at": delivery.due_at if is_waiting else None,
        "settled_at": delivery.settled_at,
        "is_test": delivery.is_test,
        "is_replay": delivery.by_hand and not delivery.is_test,
    }


def delivery_with_log(delivery: WebhookDelivery) -> dict[str, Any]:
    """A delivery with its message and the newest LOG_SHOWN attempts."""
    attempts = delivery.log.order_by("-pk")[:LOG_SHOWN]
    return {
        **delivery_answer(delivery),
        "message": json.loads(delivery.body),
        "log": [_attempt_answer(attempt) for attempt in attempts],
    }


def _attempt_answer(attempt: WebhookAttempt) -> dict[str, Any]:
    return {
        "at": attempt.at,
        "milliseconds": attempt.milliseconds,
        "url": attempt.url,
        "request_headers": attempt.request_headers,
        "status": attempt.status,
        "response_headers": attempt.response_headers,
        "response_body": attempt.response_body,
        "verdict": attempt.verdict,
        "sentence": attempt.sentence,
    }


def told_again(endpoint: WebhookEndpoint, count: int) -> dict[str, int]:
    """How much a replay sends."""
    return {"webhook": endpoint.pk, "deliveries": count}
