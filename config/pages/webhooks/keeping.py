"""Who may keep webhooks, which one is meant, and the secret that the next page shows once."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from config.pages.visit import Visit
from fleet.models.keys import Scope
from fleet.rights import RIGHT_FOR
from risk.flows.webhook_secrets import secret_text
from risk.models import WebhookDelivery, WebhookEndpoint, WebhookSecret

SHOWN_ONCE = "webhook_secret"


def for_managers(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of those who keep an operator's webhooks. Raises PermissionDenied for everybody else."""

    def entered(visit: Visit, **named: int | str) -> HttpResponse:
        if not visit.may(RIGHT_FOR[Scope.WEBHOOKS_WRITE]):
            raise PermissionDenied("Only a manager of this operator keeps its webhooks.")
        return page(visit, **named)

    return entered


def webhook_of(visit: Visit, webhook_id: int) -> WebhookEndpoint:
    """A webhook of the operator that is shown; raises Http404."""
    endpoint: WebhookEndpoint | None = (
        WebhookEndpoint.objects.of(visit.operator).filter(pk=webhook_id).first()
    )
    if endpoint is None:
        raise Http404("There is no such webhook.")
    return endpoint


def delivery_of(visit: Visit, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """A delivery to it; raises Http404."""
    endpoint = webhook_of(visit, webhook_id)
    delivery = endpoint.deliveries.select_related("endpoint").filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404("There is no such delivery.")
    return delivery


def show_once(visit: Visit, secret: WebhookSecret) -> None:
    """Let the visitor's next page of this webhook show the secret. The session holds its number, not its text."""
    visit.request.session[SHOWN_ONCE] = secret.pk


def secret_to_show(visit: Visit, endpoint: WebhookEndpoint) -> str:
    """The text of the secret that was made a moment ago; empty ever after."""
    number = visit.request.session.get(SHOWN_ONCE)
    secret = endpoint.secrets.filter(pk=number).first() if number else None
    if secret is None:
        return ""
    del visit.request.session[SHOWN_ONCE]
    return secret_text(secret)
