"""Measures that nobody applies by default: they wait for a claim, or for a finding of customs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict


@dataclass(frozen=True, slots=True)
class Claimed:
    """A documented claim, or a finding of customs, says that the measure applies."""

    measure: str
    looks_at: ClassVar[str] = "claims"

    def judge(self, entry: EntryFacts) -> Verdict:
        """Claims and findings are acts: one that is not on record was not made."""
        return Verdict.of(self.measure in entry.claims)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        return "A claim or a finding on record says that it applies."
