"""What came of an attempt, on record: in the log, on delivery and endpoint, and for those who have to know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from ledger.models import record
from risk.flows.alert_rows import put_on_record
from risk.flows.send_message import Attempted, Message
from risk.models import (
    Alert,
    AlertKind,
    DeliveryState,
    StopReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from risk.models.webhooks import STOPPED_BY_US
from risk.outward import Verdict, gap_after, hold_after, is_to_be_switched_off, without_query
from risk.outward.retries import GAPS


def record_attempt(message: Message, attempted: Attempted, *, now: datetime, jitter: float) -> None:
    """Log the attempt and decide what follows, in one transaction. An endpoint that was removed meanwhile is left.

    A worker that was overtaken (its lease ended) only logs, unless its message was taken: that is so for everybody.
    """
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=message.endpoint_id).first()
        delivery = WebhookDelivery.objects.filter(pk=message.delivery_id).first()
        if endpoint is None or delivery is None:
            return
        _log(delivery, message, attempted, now)
        is_ours = endpoint.claim == message.claim
        if is_ours:
            endpoint.claim, endpoint.claimed_until = "", None
        if attempted.verdict is Verdict.TAKEN:
            _taken(endpoint, delivery, now)
        elif is_ours and delivery.state == DeliveryState.WAITING:
            _failed(endpoint, delivery, attempted, now, jitter)
        endpoint.tried_at = now
        endpoint.save()


def stop(
    endpoint: WebhookEndpoint, reason: StopReason, *, now: datetime, by: Any = None, through: str = ""
) -> None:
    """Switch an endpoint off and say so; what waits for it goes on waiting. In the caller's transaction."""
    endpoint.stopped_at, endpoint.stopped_because = now, reason
    endpoint.save(update_fields=["stopped_at", "stopped_because"])
    record(
        deed="webhook switched off",
        subject=str(endpoint),
        by=by,
        operator_id=endpoint.operator_id,
        url=without_query(endpoint.url),
        why=reason.label,
        **({"through": through} if through else {}),
    )
    if reason is not StopReason.PERSON:
        _tell_owner(endpoint, reason, now)


def _log(delivery: WebhookDelivery, message: Message, attempted: Attempted, now: datetime) -> None:
    answer = attempted.answer
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        milliseconds=attempted.milliseconds,
        url=message.url,
        request_headers=message.headers,
        status=answer.status if answer else None,
        response_headers={name: _printable(text) for name, text in answer.headers.items()} if answer else {},
        response_body=_printable(answer.body.decode("utf-8", "replace")) if answer else "",
        verdict=attempted.verdict,
        sentence=attempted.sentence,
    )


def _printable(text: str) -> str:
    """Text as every database takes it: some know neither the character 0 nor halves of others."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")


def _taken(endpoint: WebhookEndpoint, delivery: WebhookDelivery, now: datetime) -> None:
    delivery.state, delivery.settled_at = DeliveryState.DELIVERED, now
    _count(delivery, Verdict.TAKEN, now)
    if endpoint.failures:
        # It is there again: what failed because it was not need not wait for its own gap.
        # Only so often, though: one that fails again and again while others are taken keeps to its gaps.
        waiting = endpoint.deliveries.filter(state=DeliveryState.WAITING, last_verdict=Verdict.OVERLOADED)
        waiting.filter(due_at__gt=now, attempts__lt=len(GAPS)).update(due_at=now)
    endpoint.failing_since, endpoint.failures, endpoint.held_until = None, 0, None


def _failed(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, attempted: Attempted, now: datetime, jitter: float
) -> None:
    asked = attempted.asked_to_wait(now)
    if attempted.verdict.holds_endpoint and not delivery.by_hand:
        endpoint.failing_since = endpoint.failing_since or now
    endpoint.failures += not delivery.is_test
    if attempted.verdict.holds_endpoint and not delivery.is_test:
        endpoint.held_until = now + hold_after(endpoint.failures, jitter=jitter, asked=asked)
    _count(delivery, attempted.verdict, now)
    tried_for = now - (delivery.tried_since or now)
    gap = gap_after(delivery.attempts, tried_for=tried_for, jitter=jitter, asked=asked)
    reason = _reason_to_stop(endpoint, delivery, attempted, now)
    if delivery.is_test or gap is None:
        _give_up(endpoint, delivery, now)
    else:
        delivery.due_at = now + gap
        delivery.save()
    if reason and endpoint.is_on:
        stop(endpoint, reason, now=now)


def _count(delivery: WebhookDelivery, verdict: Verdict, now: datetime) -> None:
    delivery.attempts += 1
    delivery.tried_since = delivery.tried_since or now
    delivery.last_verdict = verdict
    delivery.save()


def _reason_to_stop(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, attempted: Attempted, now: datetime
) -> StopReason | None:
    if attempted.verdict is Verdict.GONE:
        return StopReason.GONE
    if attempted.redirects_inward:
        return StopReason.INWARD
    says_something = attempted.verdict.holds_endpoint and not delivery.by_hand
    if says_something and is_to_be_switched_off(failing_since=endpoint.failing_since, now=now):
        return StopReason.FAILING
    return None


def _give_up(endpoint: WebhookEndpoint, delivery: WebhookDelivery, now: datetime) -> None:
    delivery.state, delivery.settled_at = DeliveryState.FAILED, now
    delivery.save()
    if not delivery.is_test:
        sentence = (
            f"The receiver at {without_query(endpoint.url)} did not take an event ({delivery.kind}, "
            f"{delivery.about}) for three days; later ones go on. It can be sent again under Webhooks."
        )
        _tell(endpoint, AlertKind.WEBHOOK_GIVEN_UP, f"webhook {endpoint.pk} {now:%Y-%m-%d}", sentence, now)


def _tell_owner(endpoint: WebhookEndpoint, reason: StopReason, now: datetime) -> None:
    sentence = (
        f"The webhook to {without_query(endpoint.url)} was switched off: {reason.label}. What waited for it "
        f"waits on. {_what_of_the_rest(reason)}"
    )
    _tell(endpoint, AlertKind.WEBHOOK_STOPPED, f"webhook {endpoint.pk} {now:%Y%m%d%H%M%S%f}", sentence, now)


def _what_of_the_rest(reason: StopReason) -> str:
    if reason in STOPPED_BY_US:
        return "What is told meanwhile is sent too when it is switched on again."
    return "What is told meanwhile can be sent by a replay once it is switched on again."


def _tell(endpoint: WebhookEndpoint, kind: AlertKind, about: str, sentence: str, now: datetime) -> None:
    put_on_record(
        [Alert(kind=kind, about=about, operator_id=endpoint.operator_id, sentence=sentence, made_at=now)]
    )
