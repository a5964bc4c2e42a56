"""How much the goods are worth to customs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.money import Money


@dataclass(frozen=True, slots=True)
class CustomsValueOver:
    """The customs value is over the amount up to which the measure spares an entry."""

    amount: Money
    looks_at: ClassVar[str] = "customs_value"

    def judge(self, entry: EntryFacts) -> Verdict:
        """Unknown while the value is."""
        return Verdict.of(None if entry.customs_value is None else entry.customs_value > self.amount)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        return f"The customs value is over ${self.amount}."
