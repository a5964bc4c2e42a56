"""How long requests and tasks take, for Prometheus: each process counts in a file of its own, summed when asked for.

Only where /metrics is open (METRICS_TOKEN, METRICS_NETWORKS) is anything measured. The files lie under
VAR_DIR/metrics, so that one web process tells of all of them, of every worker and of those that have ended. A file
that nobody has touched for a day is of a process that has gone: it is added to the file of those before it.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Task
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram, values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from ledger.tracing import route_of

FOLDER: Path = settings.METRICS_DIR
OF_THE_GONE = "histogram_gone.db"
GONE_AFTER = 24 * 60 * 60
"""Seconds. A process that lives is asked for its health, or sweeps, every few seconds."""

FOLDER.mkdir(exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
# Containers number their processes alike, so the name of the machine goes with the number.
values.ValueClass = values.MultiProcessValue(lambda: f"{socket.gethostname()}-{os.getpid()}")

REQUESTS = Histogram(
    "rig_ledger_request_seconds",
    "How long requests took, by the route of their address.",
    ["method", "route", "status"],
    registry=None,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
TASKS = Histogram(
    "rig_ledger_task_seconds",
    "How long tasks took, and how they ended.",
    ["task", "state"],
    registry=None,
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900),
)
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


class RequestTimes:
    """Measures requests, from the first middleware to the last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.IS_MEASURED:
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, measured."""
        begun = time.perf_counter()
        answer = self._get_response(request)
        method = request.method if request.method in METHODS else "other"
        labels = (method, route_of(request) or "none", str(answer.status_code))
        REQUESTS.labels(*labels).observe(time.perf_counter() - begun)
        return answer


def begin(task: Task, **_: Any) -> None:
    """A task begins."""
    task.request.begun = time.perf_counter()


def end(task: Task, state: str | None = None, **_: Any) -> None:
    """A task has ended."""
    if begun := getattr(task.request, "begun", None):
        TASKS.labels(task.name, (state or "unknown").lower()).observe(time.perf_counter() - begun)


if settings.IS_MEASURED:
    task_prerun.connect(begin)
    task_postrun.connect(end)


def all_measured() -> list[Metric]:
    """Of every process that writes into this folder."""
    with _alone():
        return list(MultiProcessCollector.merge([str(path) for path in _files()]))


def fold_the_gone(now: float) -> int:
    """Add up the files of processes that have gone (`now`: seconds since the epoch); how many there were.

    Nothing that was counted is lost by it, so that no counter goes back.
    """
    with _alone():
        gone = [
            path for path in _files() if path.name != OF_THE_GONE and path.stat().st_mtime < now - GONE_AFTER
        ]
        if gone:
            _add_up(gone)
        for path in gone:
            path.unlink()
    return len(gone)


def _add_up(gone: list[Path]) -> None:
    kept = MmapedDict(str(FOLDER / OF_THE_GONE))
    for path in gone:
        for key, value, at, _ in MmapedDict.read_all_values_from_file(str(path)):
            kept.write_value(key, kept.read_value(key)[0] + value, at)
    kept.close()


def _files() -> Iterator[Path]:
    """Those in which something is: a file is empty for a moment when it is made."""
    return (path for path in sorted(FOLDER.glob("*.db")) if path.stat().st_size)


@contextmanager
def _alone() -> Iterator[None]:
    """Whoever reads sees a file that is folded either in its own place or in the other, never in both."""
    with (FOLDER / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
