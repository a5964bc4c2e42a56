"""What the addresses of webhooks take and give, as the schema tells it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from risk.models import DeliveryState, StopReason, WebhookEvent
from risk.outward import Verdict
from risk.services.webhooks import LONGEST_OVERLAP, LONGEST_URL, USUAL_OVERLAP

HOUR = 3600
VERDICTS = [each.value for each in Verdict]
EVENTS = "The events that it hears; an empty list is all of them, also those that come to be told later."


def _moment(help_text: str = "") -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True, help_text=help_text or None)


class WebhookTaken(serializers.Serializer):
    """A new webhook."""

    url = serializers.CharField(
        max_length=LONGEST_URL, help_text="An https address of the public network, in ASCII."
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=200)
    events = serializers.ListField(
        child=serializers.ChoiceField(WebhookEvent.choices), required=False, help_text=EVENTS
    )


class WebhookChanged(WebhookTaken):
    """What is to be otherwise; what is left out stays."""

    url = serializers.CharField(required=False, max_length=LONGEST_URL)
    is_on = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Switch it on or off; null: as it is."
    )


class RotationTaken(serializers.Serializer):
    """How long the secret before is in force beside the new one."""

    overlap_hours = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=int(LONGEST_OVERLAP.total_seconds()) // HOUR,
        default=int(USUAL_OVERLAP.total_seconds()) // HOUR,
        help_text="0 ends the secret before at once.",
    )


class ReplayTaken(serializers.Serializer):
    """Which time is told again."""

    until = serializers.DateTimeField(help_text="The moment before which it ends.")
    only_failed = serializers.BooleanField(
        required=False, default=False, help_text="Only what was given up, not all that was told."
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it is no name of an attribute."""
        first = serializers.DateTimeField(help_text="The moment with which it begins.")
        return {"from": first, **super().get_fields()}


class SecretTold(serializers.Serializer):
    """A secret in force, without its text."""

    secret = serializers.IntegerField(help_text="Its number.")
    made_at = serializers.DateTimeField()
    ends_at = _moment("null: until it is rotated.")


class WebhookTold(serializers.Serializer):
    """A webhook as it stands."""

    webhook = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(WebhookEvent.choices), help_text=EVENTS)
    is_on = serializers.BooleanField()
    stopped_at = _moment()
    stopped_because = serializers.ChoiceField(StopReason.choices, allow_null=True)
    failing_since = _moment("The first attempt that failed since one was taken.")
    held_until = _moment("Until then the receiver is left alone.")
    waiting = serializers.IntegerField(help_text="Deliveries that wait for it.")
    secrets = SecretTold(many=True, help_text="Those that sign, the newest first.")
    created_at = serializers.DateTimeField()


class WebhookAfterChange(WebhookTold):
    """A webhook as it was changed."""

    caught_up = serializers.IntegerField(
        help_text="Messages of what was told while we had switched it off, which are sent now that it is on again."
    )


class WebhookWithSecret(WebhookTold):
    """A webhook with its newest secret, which is told this once."""

    key = serializers.CharField(help_text="The secret, `whsec_…`; it cannot be asked for again.")


class DeliveryTold(serializers.Serializer):
    """A delivery in brief."""

    delivery = serializers.IntegerField()
    id = serializers.CharField(help_text="The header `webhook-id`, the same at every attempt.")
    type = serializers.CharField()
    about = serializers.CharField(help_text="The object; what is told of one comes in order.")
    event_at = serializers.DateTimeField()
    state = serializers.ChoiceField(DeliveryState.choices)
    attempts = serializers.IntegerField(help_text="Since it was told, or since the last replay.")
    due_at = _moment("When the next attempt is due; null: none is.")
    settled_at = _moment("When it was delivered or given up.")
    is_test = serializers.BooleanField()
    is_replay = serializers.BooleanField()


class AttemptTold(serializers.Serializer):
    """One attempt: what was sent and what came back."""

    at = serializers.DateTimeField()
    milliseconds = serializers.IntegerField()
    url = serializers.CharField()
    request_headers = serializers.DictField(child=serializers.CharField())
    status = serializers.IntegerField(allow_null=True, help_text="null: no answer came.")
    response_headers = serializers.DictField(child=serializers.CharField())
    response_body = serializers.CharField(help_text="Its beginning.")
    verdict = serializers.ChoiceField(VERDICTS)
    sentence = serializers.CharField(help_text="Why no answer came.")


class DeliveryWithLog(DeliveryTold):
    """A delivery with its message and the newest attempts."""

    message = serializers.DictField(child=serializers.JSONField(), help_text="The body, as JSON.")
    log = AttemptTold(many=True, help_text="The newest attempts first.")


class ReplayTold(serializers.Serializer):
    """How much is told again."""

    webhook = serializers.IntegerField()
    deliveries = serializers.IntegerField()
