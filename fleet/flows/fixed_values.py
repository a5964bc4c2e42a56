"""Values that a person corrected: a sheet that gives them otherwise does not silently undo the correction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from fleet.flows.known_fleet import LOT_FIELDS, RIG_FIELDS, KnownRig, LotKey, OnRecord
from fleet.models import Operator, RigChange
from risk.engine.terms.rigs import RigStatus


class Fixed(NamedTuple):
    """What a person set a field to, who, and when; the value as JSON keeps it."""

    value: Any
    by: str
    at: datetime


class Kept(NamedTuple):
    """A value that stays although the sheet gives another."""

    field: str
    said: Any
    fixed: Fixed


class FixedValues:
    """The corrections of an operator's people, the newest of each field of each rig."""

    def __init__(self, operator: Operator) -> None:
        self._by_rig: dict[int, dict[str, Fixed]] = {}
        changes = RigChange.objects.of(operator).filter(
            upload__isnull=True, receipt__isnull=True, by__isnull=False
        )
        rows = changes.order_by("version").values_list("rig_id", "after", "by__username", "at")
        for rig_id, after, by, at in rows:
            fields = self._by_rig.setdefault(rig_id, {})
            fields |= {name: Fixed(value, by, at) for name, value in after.items()}

    def of(self, rig_id: int) -> dict[str, Fixed]:
        """What people corrected of one rig, by field."""
        return self._by_rig.get(rig_id, {})

    def laid_on(self, before: OnRecord, rig: KnownRig, lot: LotKey) -> tuple[KnownRig, LotKey, list[Kept]]:
        """The rig and the lot that a row comes to, with the corrected values as they stand on record."""
        kept = list(self._kept(before, rig, lot))
        rig = rig._replace(
            **{each.field: getattr(before.rig, each.field) for each in kept if each.field in RIG_FIELDS}
        )
        lot = lot._replace(
            **{each.field: getattr(before.lot, each.field) for each in kept if each.field in LOT_FIELDS}
        )
        return rig, lot._replace(has_arrived=RigStatus(rig.status).has_arrived), kept

    def _kept(self, before: OnRecord, rig: KnownRig, lot: LotKey) -> Iterator[Kept]:
        """A correction holds for as long as its value is the one on record."""
        for name, fixed in self.of(before.rig_id).items():
            if name == "has_arrived":
                continue
            standing, said = (before.rig, rig) if name in RIG_FIELDS else (before.lot, lot)
            value = getattr(standing, name)
            if getattr(said, name) != value and fixed.value == _plain(value):
                yield Kept(name, getattr(said, name), fixed)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
