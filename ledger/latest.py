"""The newest thing made for each key, from which the next is made: what did not change is not made again."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


MANY = 1_000


def kept_for_long(things: int) -> None:
    """Of so many things that were just made to be kept: where they are many, collections do not look through them.
    They have no cycles, and to look took half of the time of an answer (measured)."""
    if things > MANY:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


@dataclass(slots=True)
class _Place(Generic[Thing]):
    thing: Thing | None = None
    lock: Lock = field(default_factory=Lock)


class Latest(Generic[Key, Thing]):
    """One thing a key, of the `kept` keys asked for last. Who asks while another makes it waits for that."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._places: OrderedDict[Key, _Place[Thing]] = OrderedDict()
        self._lock = Lock()

    def made(
        self, key: Key, *, stands: Callable[[Thing], bool], make: Callable[[Thing | None], Thing]
    ) -> Thing:
        """The thing while it `stands`; else what `make` makes of it, or of None where there is none."""
        place = self._place(key)
        with place.lock:
            if place.thing is None or not stands(place.thing):
                place.thing = make(place.thing)
            return place.thing

    def forget(self) -> None:
        """Make everything anew."""
        with self._lock:
            self._places.clear()

    def _place(self, key: Key) -> _Place[Thing]:
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self._kept:
                self._places.popitem(last=False)
            return place
