"""Webhooks for tests: real endpoints, events told by the real outbox, and a clock that is moved."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fleet.models import Operator
from ledger.models import OutboxEvent, tell
from risk.flows.deliver_webhooks import deliver_webhooks
from risk.flows.webhook_secrets import secret_text
from risk.models import WebhookDelivery, WebhookEndpoint
from risk.services.webhooks import register_webhook
from tests.database import NOW

SOON = timedelta(seconds=20)  # how often the sweep comes by


@dataclass
class Worker:
    """Delivers when it is told to, by a clock of its own."""

    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def works(self, *, after: timedelta = timedelta(0)) -> int:
        """Come by once; the number of attempts."""
        self.now += after
        return deliver_webhooks(clock=self.clock, jitter=lambda: 0.0)

    def works_until(self, end: datetime, *, every: timedelta = timedelta(minutes=1)) -> None:
        """Come by again and again."""
        while self.now < end:
            self.works(after=every)


def a_worker_of_now() -> Worker:
    """One by today's clock: pages and services read that too."""
    return Worker(datetime.fromtimestamp(time.time(), UTC))


def an_endpoint(operator: Operator, url: str, events: Iterable[str] = ()) -> WebhookEndpoint:
    """An address that hears of events from now on."""
    return register_webhook(operator=operator, url=url, events=events, at=NOW)[0]


def secret_given_for(endpoint: WebhookEndpoint) -> str:
    """The newest secret, as its holder has it."""
    return secret_text(endpoint.secrets.order_by("-pk")[0])


def told(
    operator: Operator | None, about: str = "upload:1", kind: str = "upload.applied", **body: Any
) -> OutboxEvent:
    """An event in the outbox."""
    return tell(kind=kind, about=about, operator_id=operator.pk if operator else None, **body)


def states(endpoint: WebhookEndpoint) -> list[str]:
    """How the deliveries stand, in the order of their events."""
    return list(
        WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk").values_list("state", flat=True)
    )
