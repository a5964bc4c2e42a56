"""How far an upload is: told to whoever looks, and asked whether to go on, every few thousand rows.

While a worker lives, a thread beside it lengthens its hold on the upload every few seconds: the hold of a
worker that died runs out soon, that of a slow one never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from django.db import DatabaseError, connection

from fleet.models import Upload

T = TypeVar("T")
log = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)
SECONDS_A_BEAT = 10
ROWS_A_BEAT = 5000


@contextmanager
def held(upload_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keep hold of an upload for as long as the block lasts and the process lives."""
    is_over = Event()
    thread = Thread(target=_hold, args=(upload_id, clock, is_over), daemon=True, name=f"upload-{upload_id}")
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
_onlookers: list[Onlooker] = []


@contextmanager
def watched_by(onlooker: Onlooker) -> Iterator[None]:
    """Have every word of progress told to someone in this process too, as to a terminal."""
    _onlookers.append(onlooker)
    try:
        yield
    finally:
        _onlookers.remove(onlooker)


class Progress:
    """The progress of one upload in a worker's hands."""

    def __init__(self, upload_id: int) -> None:
        self._upload_id = upload_id
        self._began = monotonic()

    def at(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Tell the stage and the rows done. Raises Cancelled when somebody asked for that."""
        told = {"stage": stage, "done": done, "total": total, "seconds_left": self._left(done, total)}
        for onlooker in _onlookers:
            onlooker(told)
        mine = Upload.objects.filter(pk=self._upload_id)
        mine.update(progress=told)
        if mine.filter(is_cancelled=True).exists():
            raise Cancelled

    def over(self, stage: str, rows: list[T]) -> Iterable[T]:
        """The rows, with a beat now and then."""
        self._began = monotonic()
        return self._beating(stage, rows)

    def _beating(self, stage: str, rows: list[T]) -> Iterator[T]:
        for done, row in enumerate(rows):
            if done % ROWS_A_BEAT == 0:
                self.at(stage, done, len(rows))
            yield row

    def _left(self, done: int, total: int | None) -> float | None:
        if not done or not total:
            return None
        return round((monotonic() - self._began) / done * (total - done), 1)
