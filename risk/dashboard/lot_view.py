"""What an address asks of the facts of lots, beside what it asks of their findings (risk.dashboard.fleet_view)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from fleet.api.filters import LOT_FACTS, LotFilters, not_known
from fleet.models import Lot, Operator
from risk.dashboard.fleet_view import FILTERS
from risk.dashboard.rig_view import KNOWN, days_in_order
from risk.dashboard.search import lots_matching

SEARCH = "search"
OF_FACTS = tuple(name for name in LotFilters.base_filters if name not in {*FILTERS, *KNOWN})
NAMES = (SEARCH, *OF_FACTS, *KNOWN)


@dataclass(frozen=True)
class LotView:
    """The lots of an operator by what was told of them. `errors`: a sentence for each name that cannot be meant."""

    operator: Operator
    asked: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operator: Operator, given: Mapping[str, str]) -> Self:
        """What of an address is about facts; other names and empty values are left out."""
        asked = {name: text for name in NAMES if (text := given.get(name, "").strip())}
        return cls(operator, asked, dict(_errors(asked)))

    def without(self, name: str) -> str:
        """The same, no longer narrowed by a name; as it stands in an address."""
        return urlencode({other: value for other, value in self.asked.items() if other != name})

    def lots(self) -> set[int] | None:
        """The ids of the lots that fit; None where nothing is asked, and none where what is asked cannot be meant."""
        if self.errors:
            return set()
        if not self.asked:
            return None
        lots = LotFilters(self._of_facts, queryset=Lot.objects.of(self.operator)).qs
        for name, is_silent in KNOWN.items():
            if fact := self.asked.get(name):
                silent = not_known(fact, fact)
                lots = lots.filter(silent if is_silent else ~silent)
        ids = set(lots.values_list("pk", flat=True))
        return ids & lots_matching(self.operator, self.asked[SEARCH]) if SEARCH in self.asked else ids

    @property
    def _of_facts(self) -> dict[str, str]:
        return {name: value for name, value in self.asked.items() if name in OF_FACTS}


def _errors(asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    given = {name: value for name, value in asked.items() if name in OF_FACTS}
    for name, sentences in LotFilters(given, queryset=Lot.objects.none()).errors.items():
        yield name, " ".join(map(str, sentences))
    for name in KNOWN:
        if asked.get(name, LOT_FACTS[0]) not in LOT_FACTS:
            yield name, f"There is no fact '{asked[name]}'; choose one of the list."
    yield from days_in_order(asked)
