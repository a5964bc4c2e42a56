"""Dates as sources give them: a year, a month or a day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month or day, written 2024, 2024-12 or 2024-12-09, by its first and last day (both counted)."""

    text: str
    first_day: date
    last_day: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read one of the three forms. Raises ValueError for any other and for days that do not exist."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"'{text}' is no year, month or day; write 2024, 2024-12 or 2024-12-09.")
        year, month, day = (int(part) if part else None for part in found.groups())
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        return cls(text, first, date(first.year, last_month, day or monthrange(first.year, last_month)[1]))

    def __str__(self) -> str:
        return self.text
