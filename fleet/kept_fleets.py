"""Everything that an operator holds, kept while it stands; of a fleet that moved only what differs is read anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fleet.models import Holding, Operator, RigModel
from fleet.selectors import Holdings, LotOfMaker, holdings_of, lots_of_makers
from ledger.id_sets import among
from ledger.latest import Latest
from risk.engine.shares import FIGURES

FLEETS_KEPT = 8

Row = tuple[Any, ...]
"""Of a holding: lot, model, site's name, status, figures."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptFleet:
    """The lots that hold rigs, in the order of their ids, and what they hold, at one `version` of the fleet.

    Lots and holdings that a change did not touch are the same objects as before it. `rows` are those of `held`, as
    they were read; `models` what the facts of lots take from their models.
    """

    version: int
    lots: Mapping[int, LotOfMaker]
    held: tuple[Holdings, ...]
    rows: tuple[Row, ...]
    models: Mapping[int, Row]


_FLEETS: Latest[int, KeptFleet] = Latest(FLEETS_KEPT)
_NONE = KeptFleet(version=-1, lots={}, held=(), rows=(), models={})


def kept_fleet(operator: Operator, version: int) -> KeptFleet:
    """The fleet at a version that was read a moment ago. No query while it stands, two when it moved, and two more
    for lots that it did not hold."""
    return _FLEETS.made(
        operator.pk, stands=lambda fleet: fleet.version == version, make=partial(_read, operator, version)
    )


def forget_fleets() -> None:
    """Read every fleet anew: for a database that went back in time."""
    _FLEETS.forget()


def _read(operator: Operator, version: int, before: KeptFleet | None) -> KeptFleet:
    before = before or _NONE
    found = Holding.objects.of(operator).order_by("pk")
    rows = tuple(found.values_list("lot_id", "lot__model_id", "site__name", "status", *FIGURES))
    models = _told_of_models({row[1] for row in rows})
    lots = _lots(rows, models, before)
    return KeptFleet(version=version, lots=lots, held=_held(rows, lots, before), rows=rows, models=models)


def _told_of_models(model_ids: Collection[int]) -> dict[int, Row]:
    told = ("name", "default_hts_code", "maker_id", "maker__name")
    models = RigModel.objects.filter(pk__in=among(model_ids)).values_list("pk", *told)
    return {row[0]: row[1:] for row in models}


def _lots(rows: Collection[Row], models: Mapping[int, Row], before: KeptFleet) -> dict[int, LotOfMaker]:
    """A lot's own facts never change; what it takes from its model can."""
    wanted = {row[0]: row[1] for row in rows}
    same = {pk for pk, told in models.items() if before.models.get(pk) == told}
    lots = {pk: before.lots[pk] for pk, model in wanted.items() if model in same and pk in before.lots}
    missing = wanted.keys() - lots.keys()
    lots.update((lot.lot_id, lot) for lot in (lots_of_makers(missing) if missing else ()))
    return dict(sorted(lots.items()))


def _held(rows: tuple[Row, ...], lots: Mapping[int, LotOfMaker], before: KeptFleet) -> tuple[Holdings, ...]:
    known = {
        row: held
        for row, held in zip(before.rows, before.held, strict=True)
        if before.lots[row[0]] is lots.get(row[0])
    }
    if rows == before.rows and len(known) == len(rows):
        return before.held
    return tuple(known.get(row) or holdings_of(lots[row[0]], row[2], row[3], row[4:]) for row in rows)
