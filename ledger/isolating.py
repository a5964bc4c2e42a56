"""Work that stands by itself: a fault in it is logged, and what comes after it goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

log = logging.getLogger(__name__)


@contextmanager
def by_itself(what: str, *, through: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Log a fault of `what` with its trace and end the block there. Faults of the kinds `through` go on to the
    caller, and so does the order to end a task that took too long."""
    try:
        yield
    except (SoftTimeLimitExceeded, *through):
        raise
    except Exception:
        log.exception("%s failed; what comes after it goes on.", what)


@contextmanager
def fault_on_record(what: str, fail: Callable[[str], None], instead: str) -> Iterator[None]:
    """A fault of ours ends its own work and no other: nothing was written, and nobody waits for it for ever.

    `what` names the work, `fail` puts a sentence on its record; `instead` is what to do where it took too long.
    """
    try:
        yield
    except OperationalError:  # the database's trouble; the work is still owed, and the next sweep tries again
        log.warning("%s waits for the database.", what, exc_info=True)
    except SoftTimeLimitExceeded:
        fail(f"It took too long and was given up; nothing was written. {instead}")
    except Exception:
        log.exception("%s failed.", what)
        fail("A fault of the product stopped it; nothing was written. It is in the product's log.")
