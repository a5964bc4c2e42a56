"""Goods that enter free under the United States-Mexico-Canada Agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.countries import CountryCode

# HTSUS general note 11: goods of the parties beside the United States. Verified through 2026-10-10.
PARTNERS = frozenset({CountryCode("CA"), CountryCode("MX")})


def usmca_claim_counts(entry: EntryFacts) -> bool:
    """Whether a claim was made for goods of a partner country; from any other origin a claim is void."""
    return bool(entry.usmca_claim) and entry.country_of_origin in PARTNERS


@dataclass(frozen=True, slots=True)
class NotUsmcaFree:
    """The goods do not enter free under USMCA, or the day lies before the measure spared such goods."""

    exempt_from: date
    looks_at: ClassVar[str] = "usmca_claim"

    def judge(self, entry: EntryFacts) -> Verdict:
        """A claim that is not on record was not made: the duty is owed, and the doubt is told elsewhere."""
        return Verdict.of(entry.day < self.exempt_from or not usmca_claim_counts(entry))

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        if entry.country_of_origin not in PARTNERS:
            return "No USMCA claim is open to goods of this origin."
        if entry.day < self.exempt_from:
            return f"USMCA goods are spared only from {self.exempt_from}."
        return "No USMCA claim is on record."
