"""Changes of webhooks: each a verb, refused before anything is written, with who did it on the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from fleet.models import LegalHold, Operator
from ledger.models import OutboxEvent, differing, record
from ledger.unseen import refuse_unseen
from risk import tasks
from risk.flows.hand_out_events import body_of
from risk.flows.replay_webhooks import catch_up, make_due_again, replay_span
from risk.flows.webhook_records import stop
from risk.flows.webhook_secrets import make_secret, rotate
from risk.models import (
    DeliveryState,
    StopReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)
from risk.models.webhooks import STOPPED_BY_US, TEST_EVENT
from risk.outward import complaint_about, new_salt, without_query

MOST_ENDPOINTS = 20
LONGEST_URL = 500
USUAL_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatGoes:
    """What is on record of an endpoint, and goes with it: deliveries that wait, all deliveries, attempts."""

    waiting: int
    deliveries: int
    attempts: int


def register_webhook(
    *,
    operator: Operator,
    url: str,
    at: datetime,
    events: Iterable[str] = (),
    description: str = "",
    by: Any = None,
    through: str = "",
) -> tuple[WebhookEndpoint, WebhookSecret]:
    """Let an address hear of events from now on; without `events` of all. Returns it and its secret.

    Raises ValidationError for an address to which nothing may be sent, an event that there is not, and where the
    operator has MOST_ENDPOINTS already.
    """
    said = {"url": _url(url), "events": _events(events), "description": _description(description)}
    with transaction.atomic():
        Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
        _refuse_one_more(operator)
        # What was told before is for those who listened then, however long it waits to be handed out.
        last = OutboxEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        endpoint = WebhookEndpoint.objects.create(
            operator=operator, created_at=at, created_by=by, hears_from=last, **said
        )
        secret = make_secret(endpoint, at=at)
        _audit("webhook registered", endpoint, by, through, events=endpoint.events)
    return endpoint, secret


def change_webhook(
    *, endpoint: WebhookEndpoint, by: Any = None, through: str = "", **said: Any
) -> WebhookEndpoint:
    """Another `url`, `events` or `description`; what waits goes to the new address.

    Raises ValidationError as register_webhook does.
    """
    readers = {"url": _url, "events": _events, "description": _description}
    read = {name: readers[name](value) for name, value in said.items()}
    with _held(endpoint) as held:
        changed = {name: value for name, value in read.items() if getattr(held, name) != value}
        before = {name: getattr(held, name) for name in changed}
        for name, value in changed.items():
            setattr(held, name, value)
        held.save(update_fields=list(changed))
        if changed:
            told = differing(_shown(before), _shown(changed))
            _audit("webhook changed", held, by, through, changed=told)
    return _fresh(endpoint)


def switch_off(
    *, endpoint: WebhookEndpoint, at: datetime, by: Any = None, through: str = ""
) -> WebhookEndpoint:
    """Send nothing more; what waits goes on waiting. One that is off stays off for the reason that it has."""
    with _held(endpoint) as held:
        if held.is_on:
            stop(held, StopReason.PERSON, now=at, by=by, through=through)
    return _fresh(endpoint)


def switch_on(*, endpoint: WebhookEndpoint, at: datetime, by: Any = None, through: str = "") -> int:
    """Send again: what waits is due now, and counts its attempts anew. One that is on stays as it is.

    Where no person switched it off and the receiver did not say that it is gone, what was told meanwhile is due too;
    returns how many messages those are, at most MOST_REPLAYED: a replay brings what is above that.
    """
    caught_up = 0
    with _held(endpoint) as held:
        if not held.is_on:
            if held.stopped_at and held.stopped_because in STOPPED_BY_US:
                caught_up = catch_up(held, since=held.stopped_at, now=at)
            held.stopped_at, held.stopped_because = None, ""
            held.failing_since, held.failures, held.held_until = None, 0, None
            held.save()
            waiting = held.deliveries.filter(state=DeliveryState.WAITING)
            waiting.update(due_at=at, attempts=0, tried_since=None, last_verdict="")
            _audit("webhook switched on", held, by, through, told_meanwhile=caught_up)
            tasks.start_delivering()
    _fresh(endpoint)
    return caught_up


def rotate_secret(
    *,
    endpoint: WebhookEndpoint,
    at: datetime,
    overlap: timedelta = USUAL_OVERLAP,
    by: Any = None,
    through: str = "",
) -> WebhookSecret:
    """A new secret; the one before signs beside it for the overlap. At most two are in force.

    Raises ValidationError for an overlap under zero or over LONGEST_OVERLAP.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        sentence = f"The overlap is from 0 to {LONGEST_OVERLAP.days * 24} hours."
        raise ValidationError(sentence, code="overlap_unfit")
    with _held(endpoint) as held:
        secret = rotate(held, overlap=overlap, at=at)
        hours = str(overlap / timedelta(hours=1))
        _audit("webhook secret rotated", held, by, through, overlap_hours=hours)
    return secret


def what_goes_with(endpoint: WebhookEndpoint) -> WhatGoes:
    """What a removal takes along."""
    return WhatGoes(
        waiting=endpoint.deliveries.filter(state=DeliveryState.WAITING).count(),
        deliveries=endpoint.deliveries.count(),
        attempts=WebhookAttempt.objects.filter(delivery__endpoint=endpoint).count(),
    )


def remove_webhook(*, endpoint: WebhookEndpoint, by: Any = None, through: str = "") -> WhatGoes:
    """Take an endpoint away with its log and all that waits for it; returns what went.

    Raises ValidationError while a legal hold keeps what the operator has.
    """
    with _held(endpoint) as held:
        if LegalHold.objects.of(held.operator).standing().filter(upload__isnull=True).exists():
            sentence = "A legal hold keeps the log of this webhook; switch it off instead of removing it."
            raise ValidationError(sentence, code="legal_hold")
        gone = what_goes_with(held)
        counts = {"waiting": gone.waiting, "deliveries": gone.deliveries, "attempts": gone.attempts}
        _audit("webhook removed", held, by, through, **counts)
        held.delete()
    return gone


def send_test(
    *, endpoint: WebhookEndpoint, at: datetime, by: Any = None, through: str = ""
) -> WebhookDelivery:
    """Send one message that tells of nothing, once, also while the endpoint is off."""
    with transaction.atomic():
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            message_id=f"evt_test_{new_salt()[:24]}",
            kind=TEST_EVENT,
            about=str(endpoint),
            body=body_of(kind=TEST_EVENT, at=at, about=str(endpoint), data={"webhook": endpoint.pk}),
            event_at=at,
            due_at=at,
            by_hand=True,
        )
        _audit("webhook tested", endpoint, by, through, delivery=delivery.pk)
        tasks.start_delivering()
    return delivery


def replay_delivery(
    *, delivery: WebhookDelivery, at: datetime, by: Any = None, through: str = ""
) -> WebhookDelivery:
    """Send a delivery once more, under the same id. Raises ValidationError for an endpoint that is off."""
    with _held(delivery.endpoint) as held:
        _refuse_off(held)
        _open(held)
        make_due_again(WebhookDelivery.objects.filter(pk=delivery.pk), now=at)
        _audit("webhook replayed", held, by, through, delivery=delivery.pk)
        tasks.start_delivering()
    delivery.refresh_from_db()
    return delivery


def replay_time(
    *,
    endpoint: WebhookEndpoint,
    first: datetime,
    until: datetime,
    at: datetime,
    only_failed: bool = False,
    by: Any = None,
    through: str = "",
) -> int:
    """Send again what was told from `first` on and before `until`, in order; returns how many messages those are.

    Raises ValidationError for a time that is none, too many events in it, and an endpoint that is off.
    """
    if until <= first:
        raise ValidationError("The time ends before it begins.", code="time_reversed")
    with _held(endpoint) as held:
        _refuse_off(held)
        _open(held)
        count = replay_span(held, first=first, until=until, only_failed=only_failed, now=at)
        span = {"first": first.isoformat(), "until": until.isoformat(), "only_failed": only_failed}
        _audit("webhook time replayed", held, by, through, deliveries=count, **span)
        tasks.start_delivering()
    return count


def _url(text: str) -> str:
    url = text.strip()
    complaint = complaint_about(url, private=settings.WEBHOOKS_TO_PRIVATE_NETWORK)
    if len(url) > LONGEST_URL:
        complaint = f"The address is longer than {LONGEST_URL} characters."
    if complaint:
        raise ValidationError(complaint, code="url_unfit")
    return url


def _events(given: Iterable[str]) -> list[str]:
    asked = set(given)
    if unknown := sorted(asked - set(WebhookEvent.values)):
        sentence = f"There is no event '{unknown[0]}'; there are: {', '.join(WebhookEvent.values)}."
        raise ValidationError(sentence, code="event_unknown")
    return [kind for kind in WebhookEvent.values if kind in asked]


def _description(text: str) -> str:
    refuse_unseen(text.strip(), "The description")
    return text.strip()[:200]


def _refuse_one_more(operator: Operator) -> None:
    if WebhookEndpoint.objects.of(operator).count() >= MOST_ENDPOINTS:
        sentence = f"There are {MOST_ENDPOINTS} webhooks already; remove one first."
        raise ValidationError(sentence, code="too_many_webhooks")


def _refuse_off(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_on:
        raise ValidationError("The webhook is off; switch it on first.", code="webhook_off")


def _open(endpoint: WebhookEndpoint) -> None:
    """Who asks for a replay has reason to think that the receiver is there again."""
    endpoint.held_until = None
    endpoint.save(update_fields=["held_until"])


@contextmanager
def _held(endpoint: WebhookEndpoint) -> Iterator[WebhookEndpoint]:
    """The endpoint as it is now, changed by nobody else until the end of the transaction."""
    with transaction.atomic():
        yield WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)


def _fresh(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    endpoint.refresh_from_db()
    return endpoint


def _shown(said: dict[str, Any]) -> dict[str, Any]:
    """Values as they may be kept: what stands in an address behind the question mark is often a secret."""
    return {name: without_query(value) if name == "url" else value for name, value in said.items()}


def _audit(deed: str, endpoint: WebhookEndpoint, by: Any, through: str, **detail: Any) -> None:
    told = {"url": without_query(endpoint.url), **detail, **({"through": through} if through else {})}
    record(deed=deed, subject=str(endpoint), by=by, operator_id=endpoint.operator_id, **told)
