"""What is known of each model: its name, its bins, and the rates that its aliases mention besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from fleet.catalogue.files import CONFIDENCES, CatalogueAlias, CatalogueModel
from fleet.catalogue.rates import take_rates


class ModelName(NamedTuple):
    """A model by its maker and the name that the catalogue gives it."""

    maker: str
    model: str


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model, its rows, and every rate that it is known with, in TH/s: its bins' and its aliases'."""

    name: ModelName
    core: str
    rows: tuple[CatalogueModel, ...] = ()
    rated_ths: frozenset[Decimal] = frozenset()

    @property
    def cooling(self) -> str | None:
        """How it is cooled, where all its bins agree."""
        kinds = {row.cooling for row in self.rows}
        return kinds.pop() if len(kinds) == 1 else None

    def rows_at(self, stated: Iterable[Decimal]) -> list[CatalogueModel]:
        """The rows of the bins at one of the stated rates; two where sources disagree about a bin."""
        wanted = set(stated)
        return [row for row in self.rows if wanted & _ths_in(row.bin or "")]

    def confidence(self, rows: Sequence[CatalogueModel]) -> str:
        """The least sure of the rows, or of all bins where there are none."""
        return max((row.confidence for row in rows or self.rows), key=CONFIDENCES.index)


def known_models(
    models: Iterable[CatalogueModel], aliases: Iterable[CatalogueAlias], core_of: Callable[[str], str]
) -> dict[ModelName, KnownModel]:
    """Every model once, with its rows and rates; `core_of` gives the core of a model's name."""
    rows: dict[ModelName, list[CatalogueModel]] = defaultdict(list)
    rated: dict[ModelName, set[Decimal]] = defaultdict(set)
    for model in models:
        name = ModelName(model.maker, model.model)
        rows[name].append(model)
        rated[name] |= _ths_in(model.bin or "")
    for alias in aliases:
        if alias.reach != "hint":
            rated[ModelName(alias.maker, alias.model)] |= _ths_in(alias.variant)
    return {
        name: KnownModel(name, core_of(name.model), tuple(bins), frozenset(rated[name]))
        for name, bins in rows.items()
    }


def _ths_in(label: str) -> set[Decimal]:
    """The rates in a bin's label or an alias's variant, in TH/s; a stored rate may have been rounded."""
    return {rate.possible_ths[0] for rate in take_rates(label.casefold())[1] if rate.unit}
