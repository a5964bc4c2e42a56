"""How the product does, in figures for Prometheus: counted when asked for, in the database and at the queue.

Numbers only: no operator, vendor or person is named. A group that cannot be counted is left out, and said so.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from prometheus_client.core import GaugeMetricFamily, Metric

from fleet.models import Operator, Upload
from fleet.models.upload import UploadState
from ledger.models import OutboxEvent
from risk.dashboard.list_banner import list_ages
from risk.models import Assessment, PolicyEdition, WebhookDelivery
from risk.models.webhooks import DeliveryState

log = logging.getLogger(__name__)
QUEUE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is asked."""

    now: datetime
    today: date


def all_figures(at: Moment) -> Iterator[Metric]:
    """Every group that can be counted; last, which could not."""
    failed = GaugeMetricFamily(
        "rig_ledger_uncounted", "Groups of figures that are missing.", labels=["group"]
    )
    for group in GROUPS:
        try:
            yield from list(group(at))
            failed.add_metric([group.__name__], 0)
        except (DatabaseError, redis.RedisError, OSError) as fault:
            log.warning("The %s could not be counted (%s).", group.__name__, type(fault).__name__)
            failed.add_metric([group.__name__], 1)
    yield failed


def queues(at: Moment) -> Iterator[Metric]:
    """Messages that no worker has taken yet, and how long the oldest has waited."""
    length = GaugeMetricFamily("rig_ledger_queue_messages", "Messages that wait.", labels=["queue"])
    age = GaugeMetricFamily("rig_ledger_queue_oldest_seconds", "Age of the oldest.", labels=["queue"])
    for name, messages, sent_at in _in_redis() if settings.REDIS_URL else _in_files():
        length.add_metric([name], messages)
        age.add_metric([name], max(0.0, at.now.timestamp() - sent_at) if sent_at else 0)
    yield from (length, age)


def _in_redis() -> Iterator[tuple[str, int, float]]:
    """Of each queue: its name, its length, when its oldest message was sent."""
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=QUEUE_SECONDS, socket_timeout=QUEUE_SECONDS
    ) as server:
        for queue in settings.CELERY_TASK_QUEUES:
            length: Any = server.llen(queue.name)
            oldest: Any = server.lindex(queue.name, -1)  # new ones are pushed at the other end
            yield queue.name, length, json.loads(oldest)["headers"].get("sent_at", 0) if oldest else 0


def _in_files() -> Iterator[tuple[str, int, float]]:
    """The same; the name of a message begins with the nanosecond in which it was sent."""
    for queue in settings.CELERY_TASK_QUEUES:
        names = [path.name for path in (settings.QUEUE_DIR / "messages").glob(f"*.{queue.name}.msg")]
        yield queue.name, len(names), int(min(names).partition("_")[0]) / 1e9 if names else 0


def owed_assessments(at: Moment) -> Iterator[Metric]:
    """Lots that wait to be assessed, and those that could not be."""
    waits = Q(error="")
    counted = Assessment.objects.aggregate(
        waiting=Count("pk", filter=waits),
        aside=Count("pk", filter=~waits),
        oldest=Min("owed_at", filter=waits),
        behind=Count("operator_id", filter=waits, distinct=True),
    )
    yield _gauge("rig_ledger_owed_assessments", "Lots that wait to be assessed.", counted["waiting"])
    yield _age("rig_ledger_owed_assessments_oldest_seconds", counted["oldest"], at)
    yield _gauge("rig_ledger_set_aside_assessments", "Lots that could not be assessed.", counted["aside"])
    fresh = GaugeMetricFamily("rig_ledger_operators", "Operators by how they stand.", labels=["findings"])
    fresh.add_metric(["owed"], counted["behind"])
    fresh.add_metric(["fresh"], Operator.objects.count() - counted["behind"])
    yield fresh


def what_findings_rest_on(at: Moment) -> Iterator[Metric]:
    """The age of the law and of each list, in days; nothing of what is not there."""
    law = PolicyEdition.objects.current()
    if law and law.verified_through:
        days = max(0, (at.today - law.verified_through).days)
        yield _gauge("rig_ledger_law_unchecked_days", "Days since the law was last checked.", days)
    unfollowed = PolicyEdition.objects.unfollowed().count()
    yield _gauge("rig_ledger_unfollowed_editions", "Editions whose lots are not yet all owed.", unfollowed)
    lists = GaugeMetricFamily("rig_ledger_list_age_days", "Age of the data of a list.", labels=["list"])
    for each in list_ages(at.today):
        lists.add_metric([each.title], each.days)
    yield lists


def backlog(at: Moment) -> Iterator[Metric]:
    """What waits to be read, handed out or delivered."""
    uploads = Upload.objects.filter(state=UploadState.WAITING)
    events = OutboxEvent.objects.filter(handed_out_at__isnull=True)
    deliveries = WebhookDelivery.objects.filter(state=DeliveryState.WAITING)
    for name, waiting, since in (
        ("uploads", uploads, "uploaded_at"),
        ("outbox_events", events, "at"),
        ("webhook_deliveries", deliveries, "event_at"),
    ):
        counted = waiting.aggregate(number=Count("pk"), oldest=Min(since))
        yield _gauge(f"rig_ledger_waiting_{name}", "How many wait.", counted["number"])
        yield _age(f"rig_ledger_waiting_{name}_oldest_seconds", counted["oldest"], at)


def disk(_: Moment) -> Iterator[Metric]:
    """Room for files."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    yield _gauge("rig_ledger_disk_free_bytes", "Room where uploads and evidence lie.", free)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _age(name: str, since: datetime | None, at: Moment) -> Metric:
    """0 where nothing waits."""
    seconds = max(0.0, (at.now - since).total_seconds()) if since else 0
    return _gauge(name, "Age of the oldest of them.", seconds)


GROUPS: tuple[Callable[[Moment], Iterable[Metric]], ...] = (
    queues,
    owed_assessments,
    what_findings_rest_on,
    backlog,
    disk,
)
