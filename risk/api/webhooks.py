"""Webhooks for programs: kept, tried, rotated; what was sent to them, with the answers; and sent again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api.addresses import OperatorAddress
from fleet.models.keys import Scope
from ledger.api.etags import IF_MATCH, etag_of, refuse_unless_matching
from ledger.api.filters import Filters, OneOf
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody
from risk.api import webhook_examples as examples
from risk.api.webhook_answers import (
    delivery_answer,
    delivery_with_log,
    told_again,
    webhook_answer,
    with_what_is_told,
)
from risk.api.webhook_shapes import (
    DeliveryTold,
    DeliveryWithLog,
    ReplayTaken,
    ReplayTold,
    RotationTaken,
    WebhookAfterChange,
    WebhookChanged,
    WebhookTaken,
    WebhookTold,
    WebhookWithSecret,
)
from risk.flows.webhook_secrets import secret_text
from risk.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookSecret
from risk.models.webhooks import WebhookEvent
from risk.services import webhooks as services

CHANGED_BY_HAND = ("url", "description", "events", "is_on")


class WebhookAddress(OperatorAddress):
    """An address under `webhooks/`."""

    reads: str | None = Scope.WEBHOOKS_WRITE
    writes: str | None = Scope.WEBHOOKS_WRITE
    parser_classes = [JsonBody]
    statuses = {"legal_hold": 409, "webhook_off": 409, "too_many_webhooks": 409}

    def endpoint(self, webhook_id: int) -> WebhookEndpoint:
        """A webhook of the caller's operator. Raises Http404: another operator's does not exist here."""
        endpoints = WebhookEndpoint.objects.of(self.operator)
        endpoint: WebhookEndpoint | None = with_what_is_told(endpoints).filter(pk=webhook_id).first()
        if endpoint is None:
            raise Http404(f"There is no webhook {webhook_id}.")
        return endpoint

    def delivery(self, webhook_id: int, delivery_id: int) -> WebhookDelivery:
        """A delivery to one of them. Raises Http404."""
        its = WebhookDelivery.objects.filter(endpoint=self.endpoint(webhook_id)).select_related("endpoint")
        delivery: WebhookDelivery | None = its.filter(pk=delivery_id).first()
        if delivery is None:
            raise Http404(f"There is no delivery {delivery_id} to webhook {webhook_id}.")
        return delivery

    def told(self, webhook_id: int, *, status: int = 200, **more: Any) -> Response:
        """The webhook as it is now."""
        answer = webhook_answer(self.endpoint(webhook_id), now=timezone.now())
        headers = {
            "Location": reverse("api:webhook", args=[webhook_id]),
            "ETag": etag_of(_what_is_changed_by_hand(answer)),
        }
        return Response({**answer, **more}, status=status, headers=headers)

    @property
    def deed(self) -> dict[str, Any]:
        """Who does it, as the services take it."""
        return {"by": self.caller.person, "through": self.caller.through}


class ShowsSecret(ActsOnce):
    """A POST whose answer has a secret in it. The answer that is kept for retries has not: it is worked out anew."""

    def post(self, request: Any, **named: Any) -> Any:
        """Do it once, and tell the newest secret in `key`."""
        answer: Any = super().post(request, **named)
        if answer.status_code >= 300:
            return answer
        told = answer.data if isinstance(answer, Response) else json.loads(answer.content)
        told["key"] = self._key_of(told)
        if not isinstance(answer, Response):
            answer.content = json.dumps(told).encode()
        return answer

    def _key_of(self, told: dict[str, Any]) -> str:
        number = told["secrets"][0]["secret"]
        secret = WebhookSecret.objects.filter(pk=number, endpoint=told["webhook"]).first()
        return secret_text(secret) if secret else ""


class Webhooks(Listed, WebhookAddress, ShowsSecret):
    """All webhooks of the operator."""

    @extend_schema(
        operation_id="list_webhooks",
        summary="Webhooks, newest first",
        parameters=list_parameters(),
        responses=OpenApiResponse(page_of("WebhookPage", WebhookTold), examples=examples.PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of webhooks, with how they stand."""
        endpoints, now = with_what_is_told(WebhookEndpoint.objects.of(self.operator)), timezone.now()
        return self.listed(endpoints, lambda page: (webhook_answer(each, now=now) for each in page))

    @extend_schema(
        operation_id="register_webhook",
        summary="Let an address hear of events",
        request=WebhookTaken,
        examples=[examples.NEW],
        responses={201: OpenApiResponse(WebhookWithSecret, examples=examples.MADE)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """From now on. The answer has the secret that signs, in `key`, this once."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Raises ValidationError for an address to which nothing may be sent."""
        said = self.read(WebhookTaken)
        endpoint, _secret = services.register_webhook(
            operator=self.operator, at=timezone.now(), **said, **self.deed
        )
        return self.told(endpoint.pk, status=201, key="")


class OneWebhook(WebhookAddress):
    """One webhook."""

    @extend_schema(
        operation_id="get_webhook",
        summary="One webhook with how it stands",
        responses=OpenApiResponse(WebhookTold, examples=examples.ONE),
    )
    def get(self, request: Any, webhook_id: int) -> Response:
        """A webhook as it stands."""
        return self.told(webhook_id)

    @extend_schema(
        operation_id="change_webhook",
        summary="Change a webhook, or switch it on or off",
        parameters=[IF_MATCH],
        request=WebhookChanged,
        examples=[examples.CHANGE],
        responses=OpenApiResponse(WebhookAfterChange, examples=examples.CHANGED),
    )
    def patch(self, request: Any, webhook_id: int) -> Response:
        """What is left out stays. What waits goes to the address that it has then; switched on, it is due at once,
        and with it what was told while we had switched it off. The `ETag` is that of what can be changed here: it
        stays while messages come and go."""
        endpoint, said = self.endpoint(webhook_id), self.read(WebhookChanged)
        is_on = said.pop("is_on")
        with transaction.atomic():
            self._refuse_stale(endpoint)
            services.change_webhook(endpoint=endpoint, **said, **self.deed)
            response = self.told(webhook_id, caught_up=self._switch(endpoint, is_on))
            self.put_on_record(request, response)
        return response

    def _refuse_stale(self, endpoint: WebhookEndpoint) -> None:
        """Raises Refused where who changes it does not know it as it is; nobody else changes it until the end."""
        held = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
        if held is None:
            raise Http404(f"There is no webhook {endpoint.pk}.")
        refuse_unless_matching(self.request, {name: getattr(held, name) for name in CHANGED_BY_HAND})

    def _switch(self, endpoint: WebhookEndpoint, is_on: bool | None) -> int:
        if is_on:
            return services.switch_on(endpoint=endpoint, at=timezone.now(), **self.deed)
        if is_on is not None:
            services.switch_off(endpoint=endpoint, at=timezone.now(), **self.deed)
        return 0

    @extend_schema(
        operation_id="remove_webhook",
        summary="Remove a webhook with its log and all that waits for it",
        responses={204: None},
    )
    def delete(self, request: Any, webhook_id: int) -> Response:
        """Nothing is sent any more, and nothing of it is kept."""
        with transaction.atomic():
            services.remove_webhook(endpoint=self.endpoint(webhook_id), **self.deed)
            response = Response(status=204)
            self.put_on_record(request, response)
        return response


class Testing(WebhookAddress, ActsOnce):
    """A message that tells of nothing."""

    @extend_schema(
        operation_id="test_webhook",
        summary="Send a test event",
        request=None,
        responses={202: OpenApiResponse(DeliveryTold, examples=examples.TESTED)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """It is sent once, in a moment, also while the webhook is off; ask for the delivery to see the answer."""
        return super().post(request, **named)

    def act(self, request: Any, *, webhook_id: int) -> Response:
        """Put the test in the way."""
        endpoint = self.endpoint(webhook_id)
        delivery = services.send_test(endpoint=endpoint, at=timezone.now(), **self.deed)
        return Response(delivery_answer(delivery), status=202)


class Rotating(WebhookAddress, ShowsSecret):
    """A new secret."""

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Make a new secret; the old one signs beside it for a while",
        request=RotationTaken,
        examples=[examples.ROTATION],
        responses=OpenApiResponse(WebhookWithSecret, examples=examples.NEW_SECRET),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """At most two are in force. The answer has the new one in `key`, this once."""
        return super().post(request, **named)

    def act(self, request: Any, *, webhook_id: int) -> Response:
        """Rotate."""
        overlap = timedelta(hours=self.read(RotationTaken)["overlap_hours"])
        endpoint = self.endpoint(webhook_id)
        services.rotate_secret(endpoint=endpoint, at=timezone.now(), overlap=overlap, **self.deed)
        return self.told(webhook_id, key="")


class ReplayingTime(WebhookAddress, ActsOnce):
    """What was told in a time, once more."""

    @extend_schema(
        operation_id="replay_webhook_time",
        summary="Send again what was told in a time, in order",
        request=ReplayTaken,
        examples=[examples.SPAN],
        responses={202: OpenApiResponse(ReplayTold, examples=examples.SPAN_REPLAYED)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Also what was told while the webhook was off, or not there yet. Every message has the id that it had, so
        that a receiver can leave out what it knows."""
        return super().post(request, **named)

    def act(self, request: Any, *, webhook_id: int) -> Response:
        """Raises ValidationError for a time that is none, or has too much in it."""
        said, endpoint = self.read(ReplayTaken), self.endpoint(webhook_id)
        first = said.pop("from")
        count = services.replay_time(endpoint=endpoint, first=first, at=timezone.now(), **said, **self.deed)
        return Response(told_again(endpoint, count), status=202)


class DeliveryFilters(Filters):
    """By how far a message is, and of what it tells."""

    state = OneOf(DeliveryState.values, field_name="state", code="state_unknown")
    about = filters.CharFilter("about", max_length=120, help_text="An object, like upload:17.")
    kind = OneOf(WebhookEvent.values, field_name="kind", code="event_unknown", help_text="Of one event.")


class Deliveries(Listed, WebhookAddress):
    """What was sent, or waits to be."""

    filters = DeliveryFilters

    @extend_schema(
        operation_id="list_webhook_deliveries",
        summary="Deliveries to a webhook, newest first",
        parameters=list_parameters(DeliveryFilters),
        responses=OpenApiResponse(page_of("DeliveryPage", DeliveryTold), examples=examples.DELIVERIES),
    )
    def get(self, request: Any, webhook_id: int) -> Response:
        """A page of the log. Raises ValidationError for a state that is none."""
        deliveries = WebhookDelivery.objects.filter(endpoint=self.endpoint(webhook_id))
        return self.listed(deliveries, lambda page: map(delivery_answer, page))


class OneDelivery(WebhookAddress):
    """One delivery."""

    @extend_schema(
        operation_id="get_webhook_delivery",
        summary="One delivery with its message and the attempts",
        responses=OpenApiResponse(DeliveryWithLog, examples=examples.ONE_DELIVERY),
    )
    def get(self, request: Any, webhook_id: int, delivery_id: int) -> Response:
        """What was sent, with the answers."""
        return Response(delivery_with_log(self.delivery(webhook_id, delivery_id)))


class Replaying(WebhookAddress, ActsOnce):
    """One delivery, once more."""

    @extend_schema(
        operation_id="replay_webhook_delivery",
        summary="Send a delivery again",
        request=None,
        responses={202: OpenApiResponse(DeliveryTold, examples=examples.REPLAYED)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """With the id and body that it had, under the secret of now. 409 while the webhook is off."""
        return super().post(request, **named)

    def act(self, request: Any, *, webhook_id: int, delivery_id: int) -> Response:
        """Put it in the way again."""
        delivery = self.delivery(webhook_id, delivery_id)
        services.replay_delivery(delivery=delivery, at=timezone.now(), **self.deed)
        return Response(delivery_answer(delivery), status=202)


def _what_is_changed_by_hand(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in CHANGED_BY_HAND}
