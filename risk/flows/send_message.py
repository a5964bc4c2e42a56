"""One message on its way: what is sent for a delivery, and what came of it; no database while the line is open."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from risk.models import WebhookDelivery
from risk.outward import (
    Answer,
    NotReached,
    Patience,
    Verdict,
    leads_inward,
    place_of,
    post,
    signature_of,
    verdict_on,
    wait_for,
)

AGENT = "RigLedger-Webhooks/1"
LOOK_UP_SHARE = 3
"""Looking the host up may take a third of the time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent, worked out beforehand: whoever sends it asks the database nothing."""

    delivery_id: int
    endpoint_id: int
    claim: str
    url: str
    headers: dict[str, str]
    body: bytes
    seconds: float
    to_private_network: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """What came of it; without an `answer` no answer came, and `sentence` says why."""

    milliseconds: int
    answer: Answer | None = None
    sentence: str = ""
    redirects_inward: bool = False
    verdict: Verdict = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "verdict", verdict_on(self.answer.status if self.answer else None))

    def asked_to_wait(self, now: datetime) -> timedelta | None:
        """What the receiver's Retry-After asks for."""
        return wait_for(self.answer.header("Retry-After"), now=now) if self.answer else None


def message_of(delivery: WebhookDelivery, *, claim: str, secrets: list[bytes], now: datetime) -> Message:
    """The message of a delivery, signed by every secret in force. The moment is that of the attempt."""
    body, timestamp = delivery.body.encode(), int(now.timestamp())
    signature = signature_of(
        message_id=delivery.message_id, timestamp=timestamp, body=body, secrets_in_force=secrets
    )
    return Message(
        delivery_id=delivery.pk,
        endpoint_id=delivery.endpoint_id,
        claim=claim,
        url=delivery.endpoint.url,
        headers={
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        },
        body=body,
        seconds=settings.WEBHOOK_SECONDS,
        to_private_network=settings.WEBHOOKS_TO_PRIVATE_NETWORK,
    )


def send(message: Message) -> Attempted:
    """Send it, in WEBHOOK_SECONDS in all. Never raises: every fault is an attempt that failed."""
    begun = time.monotonic()
    try:
        answer, sentence = _answered(message, begun), ""
    except NotReached as wrong:
        answer, sentence = None, str(wrong)
    except Exception as fault:  # a fault of ours with one message must not keep the others from going out
        log.exception("Delivery %s met a fault.", message.delivery_id)
        answer, sentence = None, f"A fault of the product: {type(fault).__name__}."
    left = message.seconds - (time.monotonic() - begun)
    inward = answer is not None and _redirects_inward(answer, left)
    if inward:
        sentence = "The receiver redirects to an address of a private network; nothing was sent there."
    took = round(1000 * (time.monotonic() - begun))
    return Attempted(milliseconds=took, answer=answer, sentence=sentence, redirects_inward=inward)


def _answered(message: Message, begun: float) -> Answer:
    look_up = message.seconds / LOOK_UP_SHARE
    place = place_of(message.url, private=message.to_private_network, seconds=look_up)
    # One limit, of the whole: a receiver may use all that looking it up has left.
    left = round(message.seconds - (time.monotonic() - begun), 1)
    return post(place, message.body, message.headers, patience=Patience(silence=left, seconds=left))


def _redirects_inward(answer: Answer, seconds: float) -> bool:
    location = answer.header("Location")
    if not (300 <= answer.status <= 399 and "//" in location):
        return False
    return leads_inward(location, seconds=max(seconds, 0.05))
