"""How far an upload is: told to whoever looks, and asked whether to go on.

While a worker lives, a thread beside it lengthens its hold on the upload every few seconds: the hold of a
worker that died runs out soon, that of a slow one never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection

from fleet.models import Upload

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)
SECONDS_A_BEAT = settings.UPLOAD_LEASE_SECONDS / 4
SECONDS_BETWEEN_ROWS = 0.5


@contextmanager
def held(upload_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keep hold of an upload for as long as the block lasts and the process lives."""
    is_over = Event()
    beats = partial(copy_context().run, _hold, upload_id, clock, is_over)  # it acts for whom this thread does
    thread = Thread(target=beats, daemon=True, name=f"upload-{upload_id}")
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _hold(upload_id: int, clock: Callable[[], datetime], is_over: Event) -> None:
    while not is_over.wait(SECONDS_A_BEAT):
        try:
            mine = Upload.objects.filter(pk=upload_id, claimed_until__isnull=False)
            mine.update(claimed_until=clock() + LEASE)
        except DatabaseError:  # the upload's own transaction holds the writer; the next beat will do
            log.debug("No beat for upload %s.", upload_id)
        finally:
            connection.close()


class Cancelled(Exception):
    """Somebody cancelled the upload; nothing of it is written."""


Onlooker = Callable[[dict[str, object]], None]
_onlookers: ContextVar[tuple[Onlooker, ...]] = ContextVar("onlookers", default=())


@contextmanager
def watched_by(onlooker: Onlooker) -> Iterator[None]:
    """Have every word of progress told to someone else too, as to a terminal or to Celery, in this thread."""
    before = _onlookers.set((*_onlookers.get(), onlooker))
    try:
        yield
    finally:
        _onlookers.reset(before)


class Progress:
    """The progress of one upload in a worker's hands."""

    def __init__(self, upload_id: int) -> None:
        self._upload_id = upload_id
        self._began = self._told = monotonic()

    def at(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Tell the stage and the rows done. Raises Cancelled when somebody asked for that."""
        told = {"stage": stage, "done": done, "total": total, "seconds_left": self._left(done, total)}
        self._told = monotonic()
        for onlooker in _onlookers.get():
            onlooker(told)
        mine = Upload.objects.filter(pk=self._upload_id)
        mine.update(progress=told)
        if mine.filter(is_cancelled=True).exists():
            raise Cancelled

    def read(self, done: int) -> None:
        """So many rows of the sheet were read; told at most twice a second."""
        if monotonic() - self._told >= SECONDS_BETWEEN_ROWS:
            self.at("reading", done)

    def _left(self, done: int, total: int | None) -> float | None:
        if not done or not total:
            return None
        return round((monotonic() - self._began) / done * (total - done), 1)
