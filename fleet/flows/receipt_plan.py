"""What a receipt would do: which units on order it takes, and what they come to; nothing is written yet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.flows.known_fleet import KnownRig, LotKey, OnRecord
from fleet.flows.upload_plan import PlannedRig
from fleet.sheets.reading import RowProblem


class Received(NamedTuple):
    """Units of one row that is on order, as they are after the receipt."""

    row: OnRecord
    rig: KnownRig
    lot: LotKey


@dataclass(kw_only=True)
class ReceiptPlan:
    """What is received of what, with all problems found; `fleet_version` is that of the fleet it was made for.

    `units_on_order` are those of the purchase order before the receipt.
    """

    fleet_version: int
    purchase_order: str
    units_on_order: int = 0
    received: list[Received] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)
    site_countries: dict[str, str] = field(default_factory=dict)
    models: dict[int, str] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """How many machines are received."""
        return sum(each.rig.quantity for each in self.received)

    @property
    def units_left(self) -> int:
        """How many machines stay on order."""
        return self.units_on_order - self.units

    @property
    def by_lot(self) -> dict[LotKey, int]:
        """How many machines come into each lot."""
        units: Counter[LotKey] = Counter()
        for each in self.received:
            units[each.lot] += each.rig.quantity
        return dict(units)

    @property
    def left_in(self) -> dict[int, int]:
        """How many machines stay of each row that units were taken of, by the id of the row."""
        left: dict[int, int] = {}
        for row, rig, _ in self.received:
            left[row.rig_id] = left.get(row.rig_id, row.rig.quantity) - rig.quantity
        return left

    @property
    def planned(self) -> Iterator[PlannedRig]:
        """The moves of units, as the holdings count them: all received units come, and leave what is on order."""
        rows = {each.row.rig_id: each.row for each in self.received}
        left = self.left_in
        for row in rows.values():
            if left[row.rig_id]:
                yield PlannedRig(row, row.lot, row.rig._replace(quantity=left[row.rig_id]))
        gone = {rig_id for rig_id, units in left.items() if not units}
        for each in self.received:
            before = each.row if each.row.rig_id in gone else None
            gone.discard(each.row.rig_id)
            yield PlannedRig(before, each.lot, each.rig)

    @property
    def digest(self) -> str:
        """The same for plans that would write the same over the same rigs."""
        digest, lots = hashlib.sha256(), {lot: lot.digest for lot in self.by_lot}
        for row, rig, lot in self.received:
            digest.update(repr((row.rig_id, row.version, lots[lot], *rig)).encode())
        return digest.hexdigest()
