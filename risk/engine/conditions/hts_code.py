"""Which goods a measure looks at, by HTS code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from risk.engine.facts import EntryFacts
from risk.engine.findings import Verdict
from risk.engine.terms.hts import HtsCode, HtsPrefix


@dataclass(frozen=True, slots=True)
class HtsCodeUnder:
    """The HTS code lies under one that the measure names, and under none that it excludes."""

    prefixes: tuple[HtsPrefix, ...]
    excluded: tuple[HtsPrefix, ...] = ()
    looks_at: ClassVar[str] = "hts_code"

    def judge(self, entry: EntryFacts) -> Verdict:
        """A code too short to tell, or none at all, is UNKNOWN unless the measure takes every code."""
        if not entry.hts_codes:
            takes_every_code = not self.excluded and any(not prefix.digits for prefix in self.prefixes)
            return Verdict.of(True if takes_every_code else None)
        named = _any_covers(self.prefixes, entry.hts_codes)
        if named is False:
            return Verdict.FAILS
        excluded = _any_covers(self.excluded, entry.hts_codes)
        if excluded is True:
            return Verdict.FAILS
        return Verdict.of(True if named and excluded is False else None)

    def because(self, entry: EntryFacts) -> str:
        """The sentence under a line of duty."""
        prefix = next(
            (prefix for prefix in self.prefixes for code in entry.hts_codes if prefix.covers(code)), None
        )
        if prefix is None or not prefix.digits:
            return "The measure takes every HTS code that it does not exempt."
        return f"The HTS code {entry.hts_code} lies under {prefix}."


def _any_covers(prefixes: tuple[HtsPrefix, ...], codes: tuple[HtsCode, ...]) -> bool | None:
    is_open = False
    for prefix in prefixes:
        for code in codes:
            covers = prefix.covers(code)
            if covers:
                return True
            is_open = is_open or covers is None
    return None if is_open else False
