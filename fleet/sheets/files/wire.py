"""How the guarded child tells its parent what it read: JSON lines, so that nothing it says can run.

Text, numbers and booleans travel as themselves; a day is {"day": "2025-06-10"}, a cell without a value of its
own {"broken": ["#N/A", false]}. The child's messages are objects with one key (`sheets`, `end`, `wreck`) or a
list of numbered rows; the parent asks with [sheet, at most so many rows or null].
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from typing import Any

from fleet.sheets.cells.raw import BrokenCell


def written(message: object) -> bytes:
    """One line for one message."""
    return json.dumps(message, default=_written_cell, separators=(",", ":")).encode() + b"\n"


def understood(line: bytes) -> Any:
    """The message of one line, its days and broken cells made values again."""
    return json.loads(line, object_hook=_understood_object)


def _written_cell(cell: object) -> object:
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, BrokenCell):
        return {"broken": [cell.text, cell.is_formula]}
    return str(
        cell
    )  # a time of day or a duration: no column holds one, so its reader will complain of the text


def _understood_object(found: dict[str, Any]) -> object:
    if "day" in found:
        return _day(found["day"])
    return BrokenCell(*found["broken"]) if "broken" in found else found


@cache
def _day(text: str) -> date:
    return date.fromisoformat(text)
