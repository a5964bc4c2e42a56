"""Which request and which task a line of the log belongs to: an id goes with a request into the tasks it sends."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
TASK: ContextVar[tuple[str, str]] = ContextVar("task", default=("", ""))
"""The id and the name of the task that runs."""

HEADER = "X-Request-ID"
# As proxies write them (nginx: 32 hex digits; others: UUIDs); nothing that could end a line or grow a log.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Asked every few seconds by machines: told only to those who want to know everything.
QUIET = ("health/", "health/live", "health/ready", "metrics")


class RequestIds:
    """Gives each request its id, the asker's own where that is well-formed; says it in the answer and in the log.

    The line names the route, not the address: neither what was asked for in the query nor a secret in a path is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the id in its header."""
        begun, before = time.perf_counter(), REQUEST_ID.set(_id_of(request))
        try:
            answer = self._get_response(request)
            answer[HEADER] = REQUEST_ID.get()
            _tell(request, answer, time.perf_counter() - begun)
        finally:
            REQUEST_ID.reset(before)
        return answer


def route_of(request: HttpRequest) -> str:
    """The pattern of the address ('api/v1/lots/<int:pk>/'); '' for none, as of static files."""
    return getattr(request.resolver_match, "route", "") or ""


def _id_of(request: HttpRequest) -> str:
    told = request.headers.get(HEADER, "")
    return told if WELL_FORMED.fullmatch(told) else uuid.uuid4().hex


def _tell(request: HttpRequest, answer: HttpResponse, seconds: float) -> None:
    route = route_of(request)
    level = logging.DEBUG if not route or route in QUIET else logging.INFO
    told = {
        "method": request.method,
        "route": route,
        "status": answer.status_code,
        "ms": round(seconds * 1000),
    }
    log.log(level, "%(method)s %(route)s %(status)s in %(ms)s ms", told, extra=told)


@before_task_publish.connect
def send_along(headers: dict[str, Any], **_: Any) -> None:
    """A message says for which request it was sent, if for one, and when."""
    headers["sent_at"] = time.time()
    if request_id := REQUEST_ID.get():
        headers["request_id"] = request_id


@task_prerun.connect
def take_up(task_id: str, task: Any, **_: Any) -> None:
    """What a task logs, and what it sends, is of the request that sent it."""
    told = (task.request.headers or {}) | vars(
        task.request
    )  # in a worker beside the rest, else among the headers
    REQUEST_ID.set(str(told.get("request_id") or ""))
    TASK.set((task_id, task.name))


@task_postrun.connect
def put_down(**_: Any) -> None:
    """The next task of this thread is another's."""
    REQUEST_ID.set("")
    TASK.set(("", ""))
