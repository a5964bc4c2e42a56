"""What a benchmark found: one JSON line each, and all of them as a table."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One piece of work, measured. `value` is in `unit`; `at_most` or `at_least` is the target, if there is one."""

    benchmark: str
    work: str
    value: float
    unit: str
    where: str = ""
    at_most: float | None = None
    at_least: float | None = None
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty where there is none."""
        if self.at_most is None and self.at_least is None:
            return ""
        low = self.at_least is None or self.value >= self.at_least
        high = self.at_most is None or self.value <= self.at_most
        return "met" if low and high else "MISSED"

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"

    def as_line(self) -> str:
        """One JSON line."""
        return json.dumps({**asdict(self), "verdict": self.verdict}, ensure_ascii=False)


def middle(values: list[float]) -> float:
    """The median, to three digits after the point."""
    return round(median(values), 3)


def as_table(figures: list[Figure]) -> str:
    """The figures for a person to read."""
    heads = ("benchmark", "where", "work", "value", "unit", "target", "")
    rows = [
        (each.benchmark, each.where, each.work, f"{each.value:,.2f}", each.unit, each.target, each.verdict)
        for each in figures
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    )
