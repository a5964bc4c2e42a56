"""What is asked on the pages of webhooks: where to send and what, which time again, how long two secrets overlap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from risk.models import WebhookEndpoint, WebhookEvent
from risk.services.webhooks import LONGEST_URL

OVERLAPS = ((24, "24 hours"), (0, "none: the old secret ends at once"), (72, "3 days"), (168, "7 days"))


class WebhookForm(forms.Form):
    """Where to send, and what. What the service judges is judged there."""

    url = forms.CharField(
        label="Address",
        max_length=LONGEST_URL,
        widget=forms.TextInput(attrs={"aria-describedby": "about-url", "inputmode": "url"}),
        error_messages={"required": "Give the address of the program that listens."},
        help_text="It begins with https://. Your program answers with a status from 200 to 299 within "
        f"{settings.WEBHOOK_SECONDS} seconds.",
    )
    description = forms.CharField(
        label="What listens there",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"aria-describedby": "about-description"}),
        help_text="For people: the name of the system, or of who keeps it.",
    )
    events = forms.MultipleChoiceField(
        label="Events",
        choices=WebhookEvent.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> WebhookForm:
        """The form as the endpoint stands."""
        said = {"url": endpoint.url, "description": endpoint.description, "events": endpoint.events}
        return cls(initial=said)


class ReplayForm(forms.Form):
    """Which time is told again."""

    first = forms.DateTimeField(
        label="From",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "aria-describedby": "about-first"}),
        error_messages={"required": "Give the moment with which it begins."},
        help_text="US Eastern time.",
    )
    until = forms.DateTimeField(
        label="Until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "aria-describedby": "about-until"}),
        error_messages={"required": "Give the moment with which it ends."},
        help_text="US Eastern time.",
    )
    only_failed = forms.BooleanField(
        label="Only what was given up",
        required=False,
        widget=forms.CheckboxInput(attrs={"aria-describedby": "about-only_failed"}),
        help_text="Otherwise all that was told, also while the webhook was off or not there yet.",
    )


class RotationForm(forms.Form):
    """How long the old secret signs beside the new one."""

    overlap = forms.TypedChoiceField(
        label="The old secret goes on for",
        choices=OVERLAPS,
        coerce=int,
        widget=forms.Select(attrs={"aria-describedby": "about-overlap"}),
        help_text="Choose none where somebody else may know it.",
    )


def sentences_of(form: forms.Form) -> list[str]:
    """What is wrong with a form, in one list."""
    errors: Any = form.errors
    return [str(sentence) for sentences in errors.values() for sentence in sentences]
