"""From where a deed comes: a request and its address, a command and who runs it, a worker's task; and which API key.

What enters the product says so once, at the door; whatever goes on record behind it bears it.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse


class Door(models.TextChoices):
    """By what way a deed came in."""

    REQUEST = "request", "request"
    COMMAND = "command", "command"
    TASK = "task", "worker"
    PROCESS = "process", "other program"


@dataclass(slots=True)
class Origin:
    """Where what happens now comes from; `place` is an address, or the name of a command or task."""

    door: Door = Door.PROCESS
    place: str = ""
    key: str = ""


_here: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Where what happens now comes from."""
    return _here.get() or Origin()


@contextmanager
def coming_from(door: Door, place: str) -> Iterator[Origin]:
    """For as long as the block lasts, deeds come from there."""
    came = Origin(door=door, place=place)
    token = _here.set(came)
    try:
        yield came
    finally:
        _here.reset(token)


def came_with_key(prefix: str) -> None:
    """What happens now was asked for by the program with this API key."""
    if came := _here.get():
        came.key = prefix


_running: dict[str, Token[Origin | None]] = {}


def task_begins(*, task_id: str, task: Any, **_: Any) -> None:
    """Deeds come from this task; hears Celery's `task_prerun`, in the thread that runs the task."""
    _running[task_id] = _here.set(Origin(door=Door.TASK, place=str(task.name)))


def task_ends(*, task_id: str, **_: Any) -> None:
    """No more; hears `task_postrun`."""
    if token := _running.pop(task_id, None):
        _here.reset(token)


class FromRequests:
    """Middleware: deeds of a request come from its visitor's address, as ledger.proxies left it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the page."""
        with coming_from(Door.REQUEST, request.META.get("REMOTE_ADDR", "")):
            return self._get_response(request)


def running_as(name: str) -> str:
    """A command and the account of the machine that runs it."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        account = f"user {os.getuid()}"
    return f"{name} as {account}"
