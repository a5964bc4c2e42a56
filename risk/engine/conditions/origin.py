"""Which goods a measure looks at, by country of origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.countries import CountryCode


@dataclass(frozen=True, slots=True)
class OriginAmong:
    """The country of origin is one that the measure names, and none that it excludes."""

    countries: frozenset[CountryCode] | None
    excluded: frozenset[CountryCode] = frozenset()
    looks_at: ClassVar[str] = "country_of_origin"

    def judge(self, entry: EntryFacts) -> Verdict:
        """`countries` None means every origin; without an origin only such a measure can be judged."""
        origin = entry.country_of_origin
        if origin is None:
            return Verdict.of(True if self.countries is None and not self.excluded else None)
        return Verdict.of(self.takes(origin))

    def takes(self, origin: CountryCode) -> bool:
        """Whether goods of that origin are among those of the measure."""
        return origin not in self.excluded and (self.countries is None or origin in self.countries)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        if self.countries is None and not self.excluded:
            return "The measure takes every country of origin."
        name = entry.country_of_origin.country_name if entry.country_of_origin else "unknown"
        if self.countries is None:
            return f"The country of origin, {name}, is not among those that the measure leaves out."
        return f"The country of origin is {name}."
