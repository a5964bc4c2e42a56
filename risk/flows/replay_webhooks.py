"""What was sent, or told while nobody listened, goes out once more: one delivery, or a span of time in its order."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from ledger.models import OutboxEvent
from risk.flows.hand_out_events import deliveries_of
from risk.models import DeliveryState, WebhookDelivery, WebhookEndpoint

MOST_REPLAYED = 10_000


def make_due_again(deliveries: QuerySet[WebhookDelivery], *, now: datetime) -> int:
    """Deliveries that are sent once more, with the id and body that they had; in the caller's transaction."""
    return deliveries.update(
        state=DeliveryState.WAITING,
        attempts=0,
        tried_since=None,
        settled_at=None,
        due_at=now,
        by_hand=True,
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


def _missed(endpoint: WebhookEndpoint, first: datetime, until: datetime) -> list[OutboxEvent]:
    """Events of the span that the endpoint hears and of which there is no delivery."""
    its = OutboxEvent.objects.filter(Q(operator_id=endpoint.operator_id) | Q(operator_id__isnull=True))
    told = its.filter(at__gte=first, at__lt=until, handed_out_at__isnull=False)
    if endpoint.events:
        told = told.filter(kind__in=endpoint.events)
    kept = WebhookDelivery.objects.filter(endpoint=endpoint, event__isnull=False).values("event")
    return list(told.exclude(pk__in=kept).order_by("pk")[: MOST_REPLAYED + 1])


def _refuse_too_many(count: int) -> None:
    if count > MOST_REPLAYED:
        sentence = f"More than {MOST_REPLAYED:,} events lie in this time; take a shorter one."
        raise ValidationError(sentence, code="too_many_events")
