"""The queue of one machine: messages as files, written whole or not at all.

Celery's own file transport opens a message under its final name and fills it afterwards; a worker that looks in
between reads half a message, and ends. Here a message has its name only once it is complete, and one that cannot be
read for any other reason is dropped with a word in the log: what it asked for is owed, and the sweep finds it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """The way of messages into the folder and out of it. Each queue has one exchange, of its own name."""

    supports_fanout = False

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        """Which queues an exchange leads to; not kept in files, which a kill could leave half written."""
        return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, *_: Any) -> None:
        """Nothing to keep."""

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:  # type: ignore[override]
        """Write beside the messages, and give it its name when all is there. Raises OSError for a full disk."""
        named = Path(self.data_folder_out) / f"{time_ns()}_{uuid4()}.{queue}.msg"
        unnamed = named.with_suffix(".part")
        unnamed.write_text(dumps(payload))
        unnamed.replace(named)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """The oldest message of a queue, which is gone from it. Raises Empty."""
        try:
            message: dict[str, Any] = super()._get(queue)
        except (ValueError, ChannelError) as wreck:
            log.warning("A message of %s cannot be read and is dropped: %s", queue, wreck)
            raise Empty from wreck
        return message


class Transport(filesystem.Transport):
    """As Celery's file transport, with the channel above."""

    Channel = Channel
