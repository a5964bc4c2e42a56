"""How far an upload is: told to whoever looks, and asked whether to go on, every few thousand rows.

Each beat also lengthens the worker's hold on the upload, so that the hold of a worker that died runs out
soon while that of a slow one does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeVar

from fleet.models import Upload

T = TypeVar("T")

LEASE = timedelta(seconds=90)
ROWS_A_BEAT = 5000


class Cancelled(Exception):
    """Somebody cancelled the upload; nothing of it is written."""


class Progress:
    """The progress of one upload in a worker's hands."""

    def __init__(self, upload_id: int, clock: Callable[[], datetime]) -> None:
        self._upload_id, self._clock = upload_id, clock
        self._began = monotonic()

    def at(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Tell the stage and the rows done. Raises Cancelled when somebody asked for that."""
        told = {"stage": stage, "done": done, "total": total, "seconds_left": self._left(done, total)}
        mine = Upload.objects.filter(pk=self._upload_id)
        mine.update(progress=told, claimed_until=self._clock() + LEASE)
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
