"""Values that a person corrected: a sheet that gives them otherwise does not silently undo the correction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from fleet.flows.known_fleet import LOT_FIELDS, RIG_FIELDS, KnownRig, LotKey, OnRecord
from fleet.models import Operator, RigChange
from fleet.models.operator import OwnedQuerySet
from fleet.selectors import in_chunks
from risk.engine.terms.rigs import RigStatus

MANY = 5_000  # rigs of which to ask for the corrections of all is quicker


class Fixed(NamedTuple):
    """What a person, or a program for one, set a field to, who, and when; the value as JSON keeps it."""

    value: Any
    by: str
    at: datetime


class Kept(NamedTuple):
    """A value that stays although the sheet gives another."""

    field: str
    said: Any
    fixed: Fixed


class FixedValues:
    """The corrections of an operator's people, the newest of each field of each rig; `load` comes first."""

    def __init__(self, operator: Operator) -> None:
        self._operator, self._has_all = operator, False
        self._by_rig: dict[int, dict[str, Fixed]] = {}

    def load(self, rig_ids: Sequence[int]) -> None:
        """Ask for the corrections of these rigs; of all rigs where these are many."""
        taken_back = RigChange.objects.filter(rig=OuterRef("rig"), edit=OuterRef("edit"), is_undo=True)
        changes = RigChange.objects.of(self._operator).filter(
            Q(by__isnull=False) | ~Q(through=""),
            ~Exists(taken_back),
            upload__isnull=True,
            receipt__isnull=True,
            is_of_rows=False,
        )
        if self._has_all:
            return
        if len(rig_ids) > MANY:
            self._has_all = True
            self._remember(changes)
            return
        for some in in_chunks(rig_ids):
            self._remember(changes.filter(rig_id__in=some))

    def _remember(self, changes: OwnedQuerySet) -> None:
        rows = changes.order_by("version").values_list("rig_id", "after", "by__username", "through", "at")
        for rig_id, after, by, through, at in rows:
            fields = self._by_rig.setdefault(rig_id, {})
            fields |= {name: Fixed(value, by or through, at) for name, value in after.items()}

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
