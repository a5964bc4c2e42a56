"""The way to the queue for work that is already owed on record: prompt when the queue is up, never needed."""

from __future__ import annotations

import logging
from typing import Any

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def nudge(task: Any, *, expires: float | None = None, **arguments: Any) -> None:
    """Send a task. A queue that is down is logged and forgiven: the sweep finds what is owed.

    A message that no worker took within `expires` seconds is forgotten; None: it waits for as long as it takes.
    """
    try:
        task.apply_async(kwargs=arguments, expires=expires)
    except (OperationalError, OSError) as fault:
        log.warning(
            "The queue took no message for %s (%s); the sweep will do it.", task.name, type(fault).__name__
        )
