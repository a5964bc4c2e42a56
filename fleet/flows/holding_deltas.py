"""By how much each holding would move if a plan were written: small, whatever the size of the sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fleet.flows.known_fleet import KnownRig, LotKey
from fleet.flows.upload_plan import PlannedRig
from fleet.models import RigBin, RigModel

Place = tuple[LotKey, str, str]
Measures = tuple[int | None, int | None]


def deltas_of(planned: Iterable[PlannedRig]) -> list[dict[str, Any]]:
    """A list of {lot, site, status, units, hashrate_ghs, …}, JSON-ready; amounts may be negative."""
    rated = _Rated()
    sums: dict[Place, list[int]] = {}
    for lot, rig, sign in _moves(planned):
        place = sums.setdefault((lot, rig.site, rig.status), [0] * len(NAMES))
        for index, amount in enumerate(_amounts(rig, rated.of(lot, rig))):
            place[index] += sign * amount
    return [
        {"lot": _plain(lot), "site": site, "status": status, **dict(zip(NAMES, amounts, strict=True))}
        for (lot, site, status), amounts in sums.items()
        if any(amounts)
    ]


NAMES = (
    *("units", "hashrate_ghs", "units_with_hashrate", "power_w", "units_with_power"),
    *("value_cents", "units_with_value"),
)


class _Rated:
    """Hashrate and power of a rig: its own, else its bin's, else its model's, as holdings count them."""

    def __init__(self) -> None:
        self._bins = {
            pk: (ghs, w) for pk, ghs, w in RigBin.objects.values_list("pk", "hashrate_ghs", "power_w")
        }
        self._models = {
            pk: (ghs, w) for pk, ghs, w in RigModel.objects.values_list("pk", "hashrate_ghs", "power_w")
        }

    def of(self, lot: LotKey, rig: KnownRig) -> Measures:
        """Hashrate in GH/s and power in W, None where nobody says."""
        layers = [
            (rig.hashrate_ghs, rig.power_w),
            self._bins.get(rig.bin_id or 0),
            self._models.get(lot.model_id),
        ]
        given = [layer for layer in layers if layer]
        hashrate = next((ghs for ghs, _ in given if ghs is not None), None)
        return hashrate, next((w for _, w in given if w is not None), None)


def _moves(planned: Iterable[PlannedRig]) -> Iterator[tuple[LotKey, KnownRig, int]]:
    for each in planned:
        yield each.lot, each.rig, 1
        if each.before:
            yield each.before.lot, each.before.rig, -1


def _amounts(rig: KnownRig, measures: Measures) -> Iterator[int]:
    yield rig.quantity
    for each in (*measures, rig.customs_value_cents):
        yield 0 if each is None else each * rig.quantity
        yield 0 if each is None else rig.quantity


def _plain(lot: LotKey) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(lot._asdict(), default=str))
    return told
