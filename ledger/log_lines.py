"""Lines of the log as JSON, one object a line, for those who collect them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from ledger.tracing import REQUEST_ID, TASK

OF_A_REQUEST = ("method", "route", "status", "ms")


class JsonLines(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `message`; `request_id`, `task_id` and `task` where there are such; of an
    answered request its method, route, status and milliseconds; `fault` is the traceback, without variables."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without the line's end."""
        task_id, task = TASK.get()
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
            "task_id": task_id,
            "task": task,
            **{name: getattr(record, name) for name in OF_A_REQUEST if hasattr(record, name)},
            "fault": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in told.items() if value != ""}, default=str)
