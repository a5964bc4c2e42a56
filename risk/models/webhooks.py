"""Webhooks on record: where an operator's programs listen, what is to be sent there, and every attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from fleet.models.operator import Operator, OwnedQuerySet
from ledger.holds import free_at
from ledger.models import OutboxEvent
from risk.outward import Verdict


class WebhookEvent(models.TextChoices):
    """What an endpoint can hear of."""

    UPLOAD_APPLIED = "upload.applied", "an upload is in the fleet"
    UPLOAD_REFUSED = "upload.refused", "an upload was refused"
    EXPOSURE_CHANGED = "exposure.changed", "the exposed share changed"
    THRESHOLD_CROSSED = "exposure.threshold_crossed", "the exposed share crossed a threshold"
    POLICY_PUBLISHED = "policy.published", "a policy edition was published"
    LIST_UPDATED = "list.updated", "a government list has a new edition"
    HIT_OPENED = "screening.hit_opened", "a screening hit waits for a decision"
    HIT_DECIDED = "screening.hit_decided", "a screening hit was decided"


TEST_EVENT = "webhook.test"


class StopReason(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    PERSON = "by hand", "switched off by a person"
    GONE = "gone", "the receiver answered 410: it is gone"
    FAILING = "failing", "the receiver did not answer for three days"
    INWARD = "redirects inward", "the receiver redirects to an address of a private network"
    UNSIGNED = "no secret", "its secret cannot be worked out under the product's present key"


STOPPED_BY_US = (StopReason.FAILING, StopReason.INWARD, StopReason.UNSIGNED)
"""Reasons for which nobody asked: what is told meanwhile is sent when the endpoint is switched on."""


class EndpointQuerySet(OwnedQuerySet):
    """Questions about endpoints."""

    def switched_on(self) -> Self:
        """Those to which something is sent."""
        return self.filter(stopped_at__isnull=True)

    def free_at(self, now: datetime) -> Self:
        """Those that are in no worker's hands."""
        return self.filter(free_at(now))

    def open_at(self, now: datetime) -> Self:
        """Those that are on, and not left alone for a while."""
        return self.switched_on().filter(Q(held_until__isnull=True) | Q(held_until__lte=now))

    def with_something_due(self, now: datetime) -> Self:
        """Those that are free and have something to be sent to them, the one tried longest ago first: a message whose
        turn it is, while they are open, and a test whatever they are."""
        waiting = WebhookDelivery.objects.due_at_moment(now).filter(endpoint=OuterRef("pk"))
        is_open = Q(pk__in=WebhookEndpoint.objects.open_at(now).values("pk"))
        due = (is_open & Exists(waiting.whose_turn_it_is())) | Exists(waiting.tests())
        return self.free_at(now).filter(due).order_by(F("tried_at").asc(nulls_first=True), "pk")


class WebhookEndpoint(models.Model):
    """An address of an operator's program. An empty `events` hears everything, also what comes to be told later.

    `hears_from`: the last event that was told before it was there. `failing_since`: the first attempt that found it
    overloaded or not there since one was taken; `failures` in a row. Until `held_until` the
    receiver is left alone. While a worker sends, it holds `claim` until `claimed_until`.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    hears_from = models.PositiveBigIntegerField(default=0, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField(max_length=20, choices=StopReason.choices, blank=True)
    tried_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_because=""),
                name="a_webhook_that_is_off_says_why",
            )
        ]
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return f"webhook {self.pk}"

    @property
    def is_on(self) -> bool:
        """Whether something is sent to it."""
        return self.stopped_at is None

    def is_open_at(self, now: datetime) -> bool:
        """Whether it is on and not left alone for a while."""
        return self.is_on and (self.held_until is None or self.held_until <= now)

    def hears(self, event: OutboxEvent) -> bool:
        """Whether an event is for it: of its operator or of all, and of a kind that it asked for."""
        is_its = event.operator_id in (None, self.operator_id)
        return is_its and (not self.events or event.kind in self.events)


class SecretQuerySet(models.QuerySet["WebhookSecret"]):
    """Questions about secrets."""

    def in_force_at(self, moment: datetime) -> Self:
        """Those that sign at the moment, the newest first."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment)).order_by("-pk")


class WebhookSecret(models.Model):
    """One secret of an endpoint, which is not kept: it follows from `salt` and the product's key, and `check_digest`
    says whether that key is still the same. `ends_at` is set when a newer one takes its place.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=64, editable=False)
    check_digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = SecretQuerySet.as_manager()

    def __str__(self) -> str:
        return f"secret {self.pk} of webhook {self.endpoint_id}"


class DeliveryState(models.TextChoices):
    """How a delivery stands."""

    WAITING = "waiting", "waiting"
    DELIVERED = "delivered", "delivered"
    FAILED = "failed", "given up"


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Questions about deliveries."""

    def due_at_moment(self, now: datetime) -> Self:
        """Those that wait and are due."""
        return self.filter(state=DeliveryState.WAITING, due_at__lte=now)

    def tests(self) -> Self:
        """Those by which people try an endpoint."""
        return self.filter(event__isnull=True)

    def whose_turn_it_is(self) -> Self:
        """Those that no earlier event about the same object keeps waiting."""
        earlier = WebhookDelivery.objects.filter(
            endpoint=OuterRef("endpoint"),
            about=OuterRef("about"),
            state=DeliveryState.WAITING,
            event_id__lt=OuterRef("event_id"),
        )
        return self.filter(~Exists(earlier))


class WebhookDelivery(models.Model):
    """One event for one endpoint. `body` is sent as it stands, whenever; `message_id` is the same at every attempt.

    `attempts` and `tried_since` count from the event, or from the last replay; `settled_at`: when it was delivered or
    given up. Without an `event` it is a test. `by_hand`: a person asked for it, so a failure says nothing of the
    endpoint's health.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, null=True, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    body = models.TextField()
    event_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    tried_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_verdict = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Verdict], blank=True
    )
    by_hand = models.BooleanField(default=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_an_endpoint_and_event"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | ~Q(state="waiting") & Q(settled_at__isnull=False),
                name="a_delivery_that_does_not_wait_is_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"]),
            models.Index(fields=["endpoint", "event_at"]),
            # In the order in which they go out, so that the next of many is found without looking at all.
            models.Index(
                fields=["endpoint", "-by_hand", "due_at", "id"],
                condition=Q(state="waiting"),
                name="deliveries_waiting_in_order",
            ),
            models.Index(
                fields=["endpoint", "about", "event"],
                condition=Q(state="waiting"),
                name="deliveries_waiting_by_object",
            ),
            models.Index(
                fields=["settled_at"], condition=~Q(state="waiting"), name="deliveries_that_are_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to webhook {self.endpoint_id}"

    @property
    def is_test(self) -> bool:
        """Whether a person tries the endpoint."""
        return self.event_id is None


class WebhookAttempt(models.Model):
    """One attempt: what was sent and what came back, cut to what a log can hold. Without a `status` no answer came,
    and `sentence` says why."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    url = models.CharField(max_length=500)
    request_headers = models.JSONField(default=dict)
    status = models.PositiveSmallIntegerField(null=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Verdict])
    sentence = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "-id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}: {self.status or self.sentence}"
