"""The webhooks of an operator: the list, a new one, one with its log, one delivery with its attempts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with, one_of
from config.pages.visit import Visit
from config.pages.webhooks.forms import ReplayForm, RotationForm, WebhookForm
from config.pages.webhooks.keeping import delivery_of, for_managers, secret_to_show, show_once, webhook_of
from risk.models import DeliveryState, WebhookEndpoint
from risk.services.webhooks import change_webhook, register_webhook, what_goes_with

PAGE_SIZE = 50
ATTEMPTS_SHOWN = 50


@for_managers
def webhook_list_page(visit: Visit) -> HttpResponse:
    """Where events go, and how each stands."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    endpoints = WebhookEndpoint.objects.of(visit.operator).annotate(waiting=waiting).order_by("-pk")
    return visit.render("console/webhooks/list.html", endpoints=endpoints)


@for_managers
def new_webhook_page(visit: Visit) -> HttpResponse:
    """The form of a new webhook; its secret is shown on the page that follows."""
    form = WebhookForm(visit.request.POST or None)
    if form.is_valid():
        try:
            endpoint, secret = register_webhook(
                operator=visit.operator, at=visit.now, by=visit.person, **form.cleaned_data
            )
            show_once(visit, secret)
            return redirect("admin:webhook", endpoint.pk)
        except ValidationError as refusal:
            form.add_error("url", refusal.messages)
    return _form_page(visit, form, title="Add a webhook")


@for_managers
def webhook_page(visit: Visit, webhook_id: int) -> HttpResponse:
    """One webhook with its secrets and its log, newest first; `?state=` and `?before=` narrow the log."""
    endpoint = webhook_of(visit, webhook_id)
    state = one_of(visit.request, "state", DeliveryState.values, "")
    deliveries = endpoint.deliveries.filter(state=state) if state else endpoint.deliveries.all()
    if before := a_number(visit.request, "before"):
        deliveries = deliveries.filter(pk__lt=before)
    rows = list(deliveries.order_by("-pk")[: PAGE_SIZE + 1])
    more = len(rows) > PAGE_SIZE
    answer = visit.render(
        "console/webhooks/webhook.html",
        endpoint=endpoint,
        secret=secret_to_show(visit, endpoint),
        secrets=endpoint.secrets.in_force_at(visit.now),
        counts=what_goes_with(endpoint),
        deliveries=rows[:PAGE_SIZE],
        states=DeliveryState.choices,
        state=state,
        following=address_with(state=state, before=rows[PAGE_SIZE - 1].pk) if more else "",
        replay=ReplayForm(),
        rotation=RotationForm(),
    )
    answer["Cache-Control"] = "no-store"
    return answer


@for_managers
def change_page(visit: Visit, webhook_id: int) -> HttpResponse:
    """Another address, description or other events."""
    endpoint = webhook_of(visit, webhook_id)
    sent = visit.is_posted
    form = WebhookForm(visit.request.POST) if sent else WebhookForm.of(endpoint)
    if form.is_valid():
        try:
            change_webhook(endpoint=endpoint, by=visit.person, **form.cleaned_data)
            messages.success(visit.request, "It is changed; what waits goes to this address.")
            return redirect("admin:webhook", endpoint.pk)
        except ValidationError as refusal:
            form.add_error("url", refusal.messages)
    return _form_page(visit, form, title="Change this webhook", endpoint=endpoint)


@for_managers
def delivery_page(visit: Visit, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: the message, and every attempt with its request and answer."""
    delivery = delivery_of(visit, webhook_id, delivery_id)
    attempts = delivery.log.order_by("-pk")[:ATTEMPTS_SHOWN]
    return visit.render(
        "console/webhooks/delivery.html", delivery=delivery, endpoint=delivery.endpoint, attempts=attempts
    )


def _form_page(
    visit: Visit, form: WebhookForm, *, title: str, endpoint: WebhookEndpoint | None = None
) -> HttpResponse:
    status = 400 if form.errors else 200
    return visit.render(
        "console/webhooks/form.html", status=status, form=form, title=title, endpoint=endpoint
    )
