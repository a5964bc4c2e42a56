"""Spans of days as the law counts them: the first and the last day both belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """From `first` through `through`, both days counted; `through` None means no end is known."""

    first: date
    through: date | None = None

    def __post_init__(self) -> None:
        if self.through is not None and self.through < self.first:
            raise ValueError(f"A span cannot end on {self.through}, before it begins on {self.first}.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.through is None or day <= self.through)

    def __str__(self) -> str:
        return f"from {self.first}" if self.through is None else f"from {self.first} through {self.through}"

    def overlaps(self, other: DateSpan) -> bool:
        """Whether the two spans share at least one day."""
        return self.intersection(other) is not None

    def intersection(self, other: DateSpan) -> DateSpan | None:
        """The days that both spans hold, or None where they share none."""
        first = max(self.first, other.first)
        ends = [end for end in (self.through, other.through) if end is not None]
        through = min(ends, default=None)
        return None if through is not None and through < first else DateSpan(first, through)

    @property
    def day_after(self) -> date | None:
        """The first day that no longer belongs to the span; None for a span without end."""
        return None if self.through is None else self.through + ONE_DAY
