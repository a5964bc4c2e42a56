"""Deliveries whose turn it is -> signed messages to their endpoints, many at once, one at a time to each.

A worker claims an endpoint with a lease, sends one message, records what came of it and lets go. Nothing is lost when
it is killed: the lease ends, and the message goes out again under the same id. Messages are sent in threads of their
own, so that a slow receiver holds up nobody else; the database is asked by the worker's thread alone.
"""

from __future__ import annotations

import logging
import random
import secrets as random_tokens
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from ledger.models import OutboxEvent
from risk.flows.hand_out_events import hand_out_events
from risk.flows.send_message import Attempted, Message, message_of, send
from risk.flows.webhook_records import record_attempt, stop
from risk.flows.webhook_secrets import secrets_in_force
from risk.models import DeliveryState, StopReason, WebhookDelivery, WebhookEndpoint
from risk.models.webhooks import EndpointQuerySet
from risk.outward.retries import GAPS, LONGEST_HOLD

LANES = 16
"""How many messages are on their way at once."""
SPELL = 60.0
"""Seconds after which a worker begins nothing more and makes room for other tasks; the next goes on."""

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def deliver_webhooks(*, clock: Clock, jitter: Callable[[], float] = random.random) -> int:
    """Hand out what was told and send what is due; returns how many attempts were made. None where OFFLINE is set."""
    if settings.OFFLINE:
        return 0
    hand_out_events(now=clock())
    attempts, until, running = 0, time.monotonic() + SPELL, dict[Future[Attempted], Message]()
    with ThreadPoolExecutor(LANES, thread_name_prefix="webhook") as lanes:
        while True:
            if time.monotonic() < until:
                for message in _claimed_messages(clock(), room=LANES - len(running)):
                    running[lanes.submit(send, message)] = message
            if not running:
                return attempts
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                _record(running.pop(done), done.result(), now=clock(), jitter=jitter())
                attempts += 1


def is_something_due(now: datetime) -> bool:
    """Whether a worker that comes now has something to send."""
    return not settings.OFFLINE and WebhookEndpoint.objects.with_something_due(now).exists()


def old_deliveries(before: datetime) -> QuerySet[WebhookDelivery]:
    """Those that were settled before a moment; what still waits stays."""
    return WebhookDelivery.objects.filter(settled_at__lt=before).exclude(state=DeliveryState.WAITING)


def old_events(before: datetime) -> QuerySet[OutboxEvent]:
    """Events that were handed out before a moment and that no delivery holds: no replay brings those back."""
    held = Exists(WebhookDelivery.objects.filter(event=OuterRef("pk")))
    return OutboxEvent.objects.filter(~held, handed_out_at__lt=before)


def _record(message: Message, attempted: Attempted, *, now: datetime, jitter: float) -> None:
    """Record an attempt; a fault of ours with one must not lose those of others, which are on their way beside it."""
    try:
        record_attempt(message, attempted, now=now, jitter=jitter)
    except Exception:
        log.exception("An attempt of delivery %s was not recorded.", message.delivery_id)
        with suppress(DatabaseError):  # then its lease ends by itself
            _put_off(message, now)


def _put_off(message: Message, now: datetime) -> None:
    """Let go of the endpoint, and hold it for a while; the message waits longer, so that others come before it."""
    with transaction.atomic():
        mine = WebhookEndpoint.objects.filter(pk=message.endpoint_id, claim=message.claim)
        if mine.update(claim="", claimed_until=None, held_until=now + GAPS[1]):
            waiting = WebhookDelivery.objects.filter(pk=message.delivery_id, state=DeliveryState.WAITING)
            waiting.update(due_at=now + LONGEST_HOLD)


def _claimed_messages(now: datetime, *, room: int) -> list[Message]:
    """The next messages, each with its endpoint claimed; at most `room`."""
    waiting = WebhookEndpoint.objects.with_something_due(now)[:room] if room > 0 else []
    messages = (_claimed_message(endpoint, now) for endpoint in waiting)
    return [message for message in messages if message is not None]


def _claimed_message(endpoint: WebhookEndpoint, now: datetime) -> Message | None:
    """The endpoint's next message; None where another worker was quicker, or has sent it meanwhile."""
    claim, lease = random_tokens.token_hex(16), timedelta(seconds=2 * settings.WEBHOOK_SECONDS + 30)
    mine = WebhookEndpoint.objects.free_at(now).filter(pk=endpoint.pk)
    if not mine.update(claim=claim, claimed_until=now + lease):
        return None
    secrets = secrets_in_force(endpoint, now)
    if not secrets:
        _stop_unsigned(endpoint, claim, now)
        return None
    delivery = _next_of(endpoint, now)
    if delivery is None:
        _let_go(endpoint, claim)
        return None
    return message_of(delivery, claim=claim, secrets=secrets, now=now)


def _next_of(endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery | None:
    """What a person asked for first, then what has been due for longest; only tests where nothing else is sent."""
    due = WebhookDelivery.objects.due_at_moment(now).filter(endpoint=endpoint).select_related("endpoint")
    in_order = due.order_by("-by_hand", "due_at", "pk")
    found = in_order.whose_turn_it_is().first()
    if found is None or found.is_test or found.endpoint.is_open_at(now):
        return found
    return in_order.tests().first()


def _stop_unsigned(endpoint: WebhookEndpoint, claim: str, now: datetime) -> None:
    with transaction.atomic():
        _let_go(endpoint, claim)
        tests = endpoint.deliveries.filter(event__isnull=True, state=DeliveryState.WAITING)
        tests.update(state=DeliveryState.FAILED, settled_at=now)
        if endpoint.is_on:
            stop(endpoint, StopReason.UNSIGNED, now=now)


def _let_go(endpoint: WebhookEndpoint, claim: str) -> None:
    mine: EndpointQuerySet = WebhookEndpoint.objects.filter(pk=endpoint.pk, claim=claim)
    mine.update(claim="", claimed_until=None)
