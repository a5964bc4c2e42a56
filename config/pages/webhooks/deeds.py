"""What is done to a webhook from its page: tried, switched, its secret rotated, its past told again, removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.visit import Visit, posted
from config.pages.webhooks.forms import ReplayForm, RotationForm, sentences_of
from config.pages.webhooks.keeping import delivery_of, for_managers, show_once, webhook_of
from risk.dashboard.words import counted
from risk.models import WebhookEndpoint
from risk.services import webhooks as services


@for_managers
@posted
def webhook_deed(visit: Visit, webhook_id: int, deed: str) -> HttpResponse:
    """Do one of DEEDS and show the webhook again; a refusal is told there."""
    endpoint = webhook_of(visit, webhook_id)
    if deed not in DEEDS:
        raise Http404("There is no such deed.")
    try:
        messages.success(visit.request, DEEDS[deed](visit, endpoint))
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(visit.request, sentence)
    return redirect("admin:webhook", endpoint.pk)


@for_managers
@posted
def replay_delivery_page(visit: Visit, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Send one delivery again."""
    delivery = delivery_of(visit, webhook_id, delivery_id)
    try:
        services.replay_delivery(delivery=delivery, at=visit.now, by=visit.person)
        messages.success(visit.request, "It is sent again in a moment.")
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
    return redirect("admin:webhook_delivery", webhook_id, delivery_id)


@for_managers
def remove_page(visit: Visit, webhook_id: int) -> HttpResponse:
    """What would go with it; posted: it goes."""
    endpoint = webhook_of(visit, webhook_id)
    if not visit.is_posted:
        counts = services.what_goes_with(endpoint)
        return visit.render("console/webhooks/remove.html", endpoint=endpoint, counts=counts)
    try:
        gone = services.remove_webhook(endpoint=endpoint, by=visit.person)
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
        return redirect("admin:webhook", endpoint.pk)
    sentence = f"The webhook is removed with {_deliveries(gone.deliveries)}, {gone.waiting} of which waited."
    messages.success(visit.request, sentence)
    return redirect("admin:webhooks")


def _tested(visit: Visit, endpoint: WebhookEndpoint) -> str:
    services.send_test(endpoint=endpoint, at=visit.now, by=visit.person)
    return "A test is on its way; the log below shows the answer in a moment."


def _rotated(visit: Visit, endpoint: WebhookEndpoint) -> str:
    form = RotationForm(visit.request.POST)
    if not form.is_valid():
        raise ValidationError(sentences_of(form))
    overlap = timedelta(hours=form.cleaned_data["overlap"])
    secret = services.rotate_secret(endpoint=endpoint, at=visit.now, overlap=overlap, by=visit.person)
    show_once(visit, secret)
    return "There is a new secret."


def _replayed(visit: Visit, endpoint: WebhookEndpoint) -> str:
    form = ReplayForm(visit.request.POST)
    if not form.is_valid():
        raise ValidationError(sentences_of(form))
    count = services.replay_time(endpoint=endpoint, at=visit.now, by=visit.person, **form.cleaned_data)
    return f"To be sent again, in order: {_deliveries(count)}."


def _switched_on(visit: Visit, endpoint: WebhookEndpoint) -> str:
    caught_up = services.switch_on(endpoint=endpoint, at=visit.now, by=visit.person)
    if not caught_up:
        return "It is on; what waited is sent now."
    return f"It is on; what waited is sent now, and what was told meanwhile: {_deliveries(caught_up)}."


def _switched_off(visit: Visit, endpoint: WebhookEndpoint) -> str:
    services.switch_off(endpoint=endpoint, at=visit.now, by=visit.person)
    return "It is off; nothing is sent until it is switched on."


def _deliveries(number: int) -> str:
    return counted(number, "delivery", "deliveries")


DEEDS: dict[str, Callable[[Visit, WebhookEndpoint], str]] = {
    "test": _tested,
    "rotate": _rotated,
    "replay": _replayed,
    "on": _switched_on,
    "off": _switched_off,
}
