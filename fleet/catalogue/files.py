"""The shipped catalogue files, read into frozen values.

`models.csv` has one row a bin (a model at one rated hashrate), each with its source and how sure it is; where
two sources print different figures for one bin, both stand, told apart by `reading`. `aliases.csv` has the
other spellings seen in tools, price lists and machine APIs. A model that only aliases know belongs to the
catalogue too, without a bin: a fleet may hold it; its hashrate and algorithm are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast, get_args

from fleet.catalogue.tables import Row, rows_of

_MODELS = Path(__file__).with_name("models.csv")
_ALIASES = Path(__file__).with_name("aliases.csv")

ALIAS_ONLY = "alias-only"
"""The confidence of a model that is known by its name alone."""

# How sure a row is, from the surest to the least sure. "conflict": sources disagree and the note says how.
CONFIDENCES = (
    "official-cited",
    "multi-source",
    "same-cluster",
    "single-source",
    "unverified",
    "conflict",
    ALIAS_ONLY,
)

COOLINGS = ("air", "hydro", "immersion")

Reach = Literal["alone", "with maker", "hint"]
"""How far an alias reaches: it names a model alone, only beside its maker, or only proposes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueModel:
    """A rig model at one rated hashrate. `bin` is the rate as people write it ("104 TH/s", "9.5 GH/s").

    Hashrate in TH/s, power in W at the wall, efficiency in J/TH, `released` as a year or year and month;
    None is unknown. `reading` counts the figures printed for the same bin by sources that disagree.
    """

    maker: str
    model: str
    bin: str | None = None
    reading: int = 1
    hashrate_ths: Decimal | None = None
    power_w: int | None = None
    efficiency_j_per_th: Decimal | None = None
    algorithm: str | None = None
    cooling: str | None = None
    released: str | None = None
    source: str = ""
    confidence: str = "unverified"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueAlias:
    """One spelling of a model's name, and where it was seen.

    `variant` is what the spelling tells besides the model: a bin, a V-code, a firmware, a board.
    """

    alias: str
    maker: str
    model: str
    kind: str = ""
    variant: str = ""
    reach: Reach = "alone"
    source: str = ""
    note: str = ""


def read_models(path: Path = _MODELS) -> list[CatalogueModel]:
    """Every bin of models.csv, in file order. Raises BadRow with file and line."""
    models: list[CatalogueModel] = []
    taken: set[tuple[str, str, str | None, int]] = set()
    for row in rows_of(path):
        model = _model(row)
        key = (model.maker, model.model, model.bin, model.reading)
        if key in taken:
            row.fail(
                "reading", f"{model.model} {model.bin} stands above; give a second reading of it the number 2"
            )
        taken.add(key)
        models.append(model)
    return models


def read_aliases(path: Path = _ALIASES) -> list[CatalogueAlias]:
    """Every alias of aliases.csv, in file order. Raises BadRow with file and line."""
    return [_alias(row) for row in rows_of(path)]


def named_only(models: Iterable[CatalogueModel], aliases: Iterable[CatalogueAlias]) -> list[CatalogueModel]:
    """The models that only aliases know, each once, without a bin, with where the name was seen."""
    rated = {(m.maker, m.model) for m in models}
    found: dict[tuple[str, str], CatalogueModel] = {}
    for alias in aliases:
        key = (alias.maker, alias.model)
        if key not in rated and key not in found:
            found[key] = CatalogueModel(
                maker=alias.maker, model=alias.model, source=alias.source, confidence=ALIAS_ONLY
            )
    return list(found.values())


def _model(row: Row) -> CatalogueModel:
    hashrate = row.decimal("hashrate_ths")
    if (hashrate is None) != (row.text("bin") == ""):
        row.fail("bin", "bin and hashrate_ths are both given or both empty")
    return CatalogueModel(
        maker=row.name("maker"),
        model=row.name("model"),
        bin=row.text("bin") or None,
        reading=row.whole("reading") or row.fail("reading", "write 1, or 2 for a second reading of the bin"),
        hashrate_ths=hashrate,
        power_w=row.whole("power_w"),
        efficiency_j_per_th=row.decimal("efficiency_j_per_th"),
        algorithm=row.name("algorithm"),
        cooling=row.one_of("cooling", COOLINGS),
        released=row.name("released"),
        source=row.name("source"),
        confidence=row.one_of("confidence", CONFIDENCES),
        note=row.text("note"),
    )


def _alias(row: Row) -> CatalogueAlias:
    return CatalogueAlias(
        alias=row.verbatim("alias"),
        kind=row.name("kind"),
        maker=row.name("maker"),
        model=row.name("model"),
        variant=row.text("variant"),
        reach=cast(Reach, row.one_of("reach", get_args(Reach))),
        source=row.name("source"),
        note=row.text("note"),
    )
