"""How the goods were carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.rigs import TransportMode


@dataclass(frozen=True, slots=True)
class CarriedBy:
    """The goods come by a mode of transport that the measure names."""

    modes: frozenset[TransportMode]
    looks_at: ClassVar[str] = "transport_mode"

    def judge(self, entry: EntryFacts) -> Verdict:
        """Unknown while the mode is."""
        return Verdict.of(None if entry.transport_mode is None else entry.transport_mode in self.modes)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        return f"The goods come by {entry.transport_mode}."
