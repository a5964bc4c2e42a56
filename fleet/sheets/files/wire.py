"""How the guarded child tells its parent what it read: JSON lines, so that nothing it says can run.

Text, numbers and booleans travel as themselves; a day is {"day": "2025-06-10"}, a cell without a value of its
own {"broken": ["#N/A", false]}. The parent asks {"sheet": …} with "rows" (at most so many, or null), or with
"columns" and "below". The child's messages are objects with one key: `sheets`, `rows`, `block`, `end`,
`wreck`.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from typing import Any

from fleet.sheets.cells.raw import BrokenCell
from fleet.sheets.files.blocks import Block


def written(message: object) -> bytes:
    """One line for one message."""
    return json.dumps(message, default=_written_cell, separators=(",", ":")).encode() + b"\n"


def understood(line: bytes) -> Any:
    """The message of one line, its days and broken cells made values again."""
    return json.loads(line, object_hook=_understood_object)


def packed(block: Block) -> dict[str, object]:
    """The message of a block; of rows that follow one another only the first number is told."""
    numbers, columns = block
    follow = numbers[-1] - numbers[0] + 1 == len(numbers)
    return {
        "block": {
            "from": numbers[0],
            "numbers": len(numbers) if follow else numbers,
            "cells": [cells for cells, _ in columns],
            "at": [None if isinstance(codes, range) else codes for _, codes in columns],
        }
    }


def unpacked(said: dict[str, Any]) -> Block:
    """The block of such a message."""
    numbers, first = said["numbers"], said["from"]
    if isinstance(numbers, int):
        numbers = list(range(first, first + numbers))
    pairs = zip(said["cells"], said["at"], strict=True)
    return Block(numbers, [(cells, range(len(cells)) if at is None else at) for cells, at in pairs])


def _written_cell(cell: object) -> object:
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, BrokenCell):
        return {"broken": [cell.text, cell.is_formula]}
    return str(cell)  # a time of day or a duration: no column holds one, so its reader will complain of it


def _understood_object(found: dict[str, Any]) -> object:
    if "day" in found:
        return _day(found["day"])
    return BrokenCell(*found["broken"]) if "broken" in found else found


@cache
def _day(text: str) -> date:
    return date.fromisoformat(text)
