"""Into which country the goods are brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.countries import CountryCode


@dataclass(frozen=True, slots=True)
class ImportedInto:
    """The goods are entered into the country whose law the measure is."""

    country: CountryCode
    looks_at: ClassVar[str] = "import_country"

    def judge(self, entry: EntryFacts) -> Verdict:
        """Unknown while the country of import is."""
        return Verdict.of(None if entry.import_country is None else entry.import_country == self.country)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        return f"The goods are entered into {self.country.country_name}."
