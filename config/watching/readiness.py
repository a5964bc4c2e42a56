"""Whether a process can do its work: each part that it needs, with a sentence that holds no secret."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

log = logging.getLogger(__name__)
SECONDS = 2
"""How long Redis may take to answer."""


class NotReadyError(Exception):
    """A part does not do; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is needed."""

    part: str
    is_ready: bool
    sentence: str


def parts() -> list[Part]:
    """Database, migrations, queue, disk."""
    return [_asked(name, question) for name, question in QUESTIONS.items()]


def _asked(name: str, question: Callable[[], str]) -> Part:
    try:
        return Part(name, True, question())
    except NotReadyError as why:
        log.warning("Not ready: %s (%s)", why, type(why.__cause__).__name__)
        return Part(name, False, str(why))


def ask_database() -> None:
    """The least that can be asked of it. Raises DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _database() -> str:
    try:
        ask_database()
    except DatabaseError as fault:
        raise NotReadyError("The database does not answer.") from fault
    return "The database answers."


def _migrations() -> str:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError as fault:
        raise NotReadyError("The database does not say which migrations it has.") from fault
    if missing := _migrations_of_this_code() - applied:
        raise NotReadyError(f"Migrations of this release that were not applied: {len(missing)}.")
    return "All migrations of this release are applied."


@cache
def _migrations_of_this_code() -> frozenset[tuple[str, str]]:
    """Read once in a process: the code does not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _queue() -> str:
    if not settings.REDIS_URL:
        return _writes_to(settings.QUEUE_DIR / "messages", "The queue")
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS
        ) as queue:
            queue.ping()
    except redis.RedisError as fault:
        raise NotReadyError("The queue does not answer; changes are saved, and done when it does.") from fault
    return "The queue answers."


def _disk() -> str:
    return _writes_to(settings.VAR_DIR, "The folder for files")


def _writes_to(folder: object, what: str) -> str:
    try:
        with tempfile.TemporaryFile(dir=str(folder)) as file:
            file.write(b"ready?")
    except OSError as fault:
        raise NotReadyError(f"{what} cannot be written to.") from fault
    return f"{what} can be written to."


QUESTIONS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "queue": _queue,
    "disk": _disk,
}
