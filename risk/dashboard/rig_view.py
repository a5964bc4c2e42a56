"""What an address asks of the list of rigs: filters for every fact, read and refused beside their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from fleet.api.filters import FIELDS_OF_FACTS, OwnFilters, PlaceFilters, not_known
from fleet.flows.known_fleet import made_of
from fleet.models import Holding, Lot, Operator, Rig
from fleet.selectors import rigs_called
from ledger.api.filters import Filters
from ledger.id_sets import among
from risk.dashboard.search import of_rig

SEARCH = "search"
KNOWN = {"unknown": True, "known": False}
NAMES = (SEARCH, *PlaceFilters.base_filters, *OwnFilters.base_filters, *KNOWN)
# What an index finds: where it finds few, the page is made of them alone.
FOUND_BY_INDEX = ("is_missing", "upload", "receipt", "rack")
FEW = 5_000


class Cell(NamedTuple):
    """A holding as a place of rigs: pages of rigs go from cell to cell. `site_id` is 0 where there is none."""

    lot_id: int
    site_id: int
    status: str
    units: int = 0

    @property
    def rigs(self) -> Q:
        """The rigs that it counts."""
        site = Q(site_id=self.site_id) if self.site_id else Q(site__isnull=True)
        return site & Q(lot_id=self.lot_id, status=self.status)


@dataclass(frozen=True)
class RigView:
    """The rigs of an operator that an address asks for. `asked` has what it says, `errors` a sentence for each name
    that cannot be meant: the list is then empty, not whole."""

    operator: Operator
    asked: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operator: Operator, given: Mapping[str, str]) -> Self:
        """What of an address narrows the list; other names and empty values are left out."""
        asked = {name: text for name in NAMES if (text := given.get(name, "").strip())}
        return cls(operator, asked, dict(_errors(asked)))

    @property
    def query(self) -> str:
        """As it stands behind the question mark of an address."""
        return urlencode(self.asked)

    def without(self, name: str) -> str:
        """The same address, no longer narrowed by a name."""
        return urlencode({other: value for other, value in self.asked.items() if other != name})

    @cached_property
    def cells(self) -> list[Cell]:
        """The holdings that can have such rigs, in order; where nothing of the rigs' own is asked, exactly theirs."""
        if self.errors:
            return []
        held = PlaceFilters(self._of(PlaceFilters), queryset=Holding.objects.of(self.operator)).qs
        held = held.filter(self._facts_of_lots)
        if SEARCH in self.asked and len(self._rigs_found) <= FEW:
            held = held.filter(lot_id__in=among(self._lots_found | self._lots_of_rigs_found))
        rows = held.order_by().values_list("lot_id", Coalesce("site_id", 0), "status", "units")
        return sorted(made_of(Cell, rows))

    @cached_property
    def own(self) -> Q | None:
        """What is asked of the rigs themselves beside their cells; None where nothing is."""
        facts = self._facts_of_rigs
        asked = bool(self._of(OwnFilters)) or bool(facts)
        if SEARCH in self.asked and (self._rigs_found or not self._lots_found):
            asked, facts = True, facts & self._found
        return facts if asked else None

    def narrowed(self, rigs: QuerySet[Rig]) -> QuerySet[Rig]:
        """Rigs by what is asked of them themselves."""
        return OwnFilters(self._of(OwnFilters), queryset=rigs).qs.filter(self.own or Q())

    @property
    def rigs(self) -> QuerySet[Rig]:
        """All rigs that are asked for, as one question; it may take a second in a large fleet."""
        rigs = Rig.objects.of(self.operator)
        if self.errors:
            return rigs.none()
        placed = PlaceFilters(self._of(PlaceFilters), queryset=rigs).qs.filter(self._facts_of_lots)
        found = placed.filter(self._found) if SEARCH in self.asked else placed
        return OwnFilters(self._of(OwnFilters), queryset=found).qs.filter(self._facts_of_rigs)

    def few_ids(self) -> list[int] | None:
        """The ids that an index finds for one of the things asked, where they are few; None where they are many."""
        if SEARCH in self.asked and self._rigs_found is not None and len(self._rigs_found) <= FEW:
            if not self._lots_found:
                return sorted(self._rigs_found)
            return None
        mine = Rig.objects.of(self.operator)
        for name in FOUND_BY_INDEX:
            if self.asked.get(name) and (name, self.asked[name]) != ("is_missing", "false"):
                found = OwnFilters({name: self.asked[name]}, queryset=mine).qs
                ids = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
                if len(ids) <= FEW:
                    return ids
        return None

    def _of(self, kind: type[Filters]) -> dict[str, str]:
        return {name: value for name, value in self.asked.items() if name in kind.base_filters}

    @property
    def _facts(self) -> Iterator[tuple[str, Q]]:
        for name, is_silent in KNOWN.items():
            if (fact := self.asked.get(name)) and fact in FIELDS_OF_FACTS:  # others are among the errors
                silent = not_known(fact, FIELDS_OF_FACTS[fact])
                yield FIELDS_OF_FACTS[fact], silent if is_silent else ~silent

    @property
    def _facts_of_lots(self) -> Q:
        return _all(of for path, of in self._facts if _is_of_place(path))

    @property
    def _facts_of_rigs(self) -> Q:
        return _all(of for path, of in self._facts if not _is_of_place(path))

    @cached_property
    def _lots_found(self) -> set[int]:
        """The lots whose entry number or purchase order holds the text."""
        if SEARCH not in self.asked:
            return set()
        text = self.asked[SEARCH]
        papers = Q(entry_number__icontains=text) | Q(purchase_order__icontains=text)
        return set(Lot.objects.of(self.operator).filter(papers).values_list("pk", flat=True))

    @cached_property
    def _rigs_found(self) -> set[int]:
        """The rigs whose serial number begins so, or that bear or bore the identifier; one more than few at most."""
        if SEARCH not in self.asked:
            return set()
        text = self.asked[SEARCH]
        begins = Rig.objects.of(self.operator).filter(of_rig(text)).order_by()
        return set(begins.values_list("pk", flat=True)[: FEW + 1]) | rigs_called(self.operator, text)

    @cached_property
    def _lots_of_rigs_found(self) -> set[int]:
        rigs = Rig.objects.filter(pk__in=among(self._rigs_found)).order_by()
        return set(rigs.values_list("lot_id", flat=True))

    @property
    def _found(self) -> Q:
        lots = Q(lot_id__in=among(self._lots_found))
        if len(self._rigs_found) <= FEW:
            return Q(pk__in=among(self._rigs_found)) | lots
        return of_rig(self.asked[SEARCH]) | lots


def _is_of_place(path: str) -> bool:
    return path == "site" or path.startswith("lot__")


def _all(parts: Iterator[Q]) -> Q:
    whole = Q()
    for part in parts:
        whole &= part
    return whole


def _errors(asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A sentence for each value that cannot be meant."""
    for kind, rows in ((PlaceFilters, Holding.objects.none()), (OwnFilters, Rig.objects.none())):
        given = {name: value for name, value in asked.items() if name in kind.base_filters}
        for name, sentences in kind(given, queryset=rows).errors.items():
            yield name, " ".join(map(str, sentences))
    for name in KNOWN:
        if asked.get(name, "site") not in FIELDS_OF_FACTS:
            yield name, f"There is no fact '{asked[name]}'; choose one of the list."
    yield from days_in_order(asked)


def days_in_order(asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A sentence for each first day that lies after the last."""
    for name in asked:
        through = asked.get(f"{name.removesuffix('_from')}_through", "")
        if name.endswith("_from") and through and asked[name] > through:
            yield name, f"The first day, {asked[name]}, lies after the last, {through}."


def values_in(operator: Operator, field_name: str) -> list[Any]:
    """The values that the lots of an operator have for a field, in order, without what nobody gave."""
    found = Lot.objects.of(operator).order_by().values_list(field_name, flat=True).distinct()
    return sorted(value for value in found if value)
