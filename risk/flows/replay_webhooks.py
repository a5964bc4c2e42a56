"""What was sent, or told while nobody listened, goes out once more: one delivery, or a span of time in its order."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from ledger.models import OutboxEvent
from risk.flows.hand_out_events import deliveries_of
from risk.models import DeliveryState, WebhookDelivery, WebhookEndpoint

MOST_REPLAYED = 10_000
MARGIN = timedelta(minutes=2)


def make_due_again(deliveries: QuerySet[WebhookDelivery], *, now: datetime, by_hand: bool = True) -> int:
    """Deliveries that are sent once more, with the id and body that they had; in the caller's transaction."""
    return deliveries.update(
        state=DeliveryState.WAITING,
        attempts=0,
        tried_since=None,
        settled_at=None,
        due_at=now,
        by_hand=by_hand,
        last_verdict="",
    )


def replay_span(
    endpoint: WebhookEndpoint, *, first: datetime, until: datetime, only_failed: bool, now: datetime
) -> int:
    """Send again what was told from `first` on and before `until`; also what was told while the endpoint was off or
    not there yet, unless `only_failed`. In the caller's transaction; returns how many deliveries are due now.

    Raises ValidationError for more than MOST_REPLAYED at once.
    """
    known = endpoint.deliveries.filter(event__isnull=False, event_at__gte=first, event_at__lt=until)
    again = known.filter(state=DeliveryState.FAILED) if only_failed else known
    missed = [] if only_failed else _missed(endpoint, first, until)
    _refuse_too_many(again.count() + len(missed))
    count = make_due_again(again, now=now)
    WebhookDelivery.objects.bulk_create(
        deliveries_of(endpoint, missed, now=now, by_hand=True), ignore_conflicts=True
    )
    return count + len(missed)


def catch_up(endpoint: WebhookEndpoint, *, since: datetime, now: datetime) -> int:
    """Send what an endpoint missed that we switched off at `since`: what was told meanwhile, and what was given up
    with the attempt that ended it. In the caller's transaction; at most MOST_REPLAYED, the first; returns how many.
    """
    given_up = endpoint.deliveries.filter(event__isnull=False, state=DeliveryState.FAILED, settled_at=since)
    again = make_due_again(given_up, now=now, by_hand=False)
    # A worker that read its clock before the switch may have handed out after it.
    is_since = Q(at__gte=since - MARGIN) | Q(handed_out_at__gte=since - MARGIN)
    told = _told_without_delivery(endpoint).filter(is_since, pk__gt=endpoint.hears_from)
    missed = list(told.order_by("pk")[:MOST_REPLAYED])
    WebhookDelivery.objects.bulk_create(deliveries_of(endpoint, missed, now=now), ignore_conflicts=True)
    return again + len(missed)


def _missed(endpoint: WebhookEndpoint, first: datetime, until: datetime) -> list[OutboxEvent]:
    """Events of the span that the endpoint hears and of which there is no delivery."""
    told = _told_without_delivery(endpoint).filter(at__gte=first, at__lt=until)
    return list(told.order_by("pk")[: MOST_REPLAYED + 1])


def _told_without_delivery(endpoint: WebhookEndpoint) -> QuerySet[OutboxEvent]:
    """Events that were handed out, that the endpoint hears and of which there is no delivery to it."""
    its = OutboxEvent.objects.filter(Q(operator_id=endpoint.operator_id) | Q(operator_id__isnull=True))
    told = its.filter(handed_out_at__isnull=False)
    if endpoint.events:
        told = told.filter(kind__in=endpoint.events)
    kept = WebhookDelivery.objects.filter(endpoint=endpoint, event__isnull=False).values("event")
    return told.exclude(pk__in=kept)


def _refuse_too_many(count: int) -> None:
    if count > MOST_REPLAYED:
        sentence = f"More than {MOST_REPLAYED:,} events lie in this time; take a shorter one."
        raise ValidationError(sentence, code="too_many_events")
