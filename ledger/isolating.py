"""Work that stands by itself: a fault in it is logged, and what comes after it goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded

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
