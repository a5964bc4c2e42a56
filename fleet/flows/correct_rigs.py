"""A person's correction of rigs on record: the same writing as an upload's, with the person in the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from fleet.flows.known_fleet import LOT_FIELDS, RIG_FIELDS, OnRecord, rigs_on_record
from fleet.flows.upload_plan import PlannedRig, UploadPlan
from fleet.flows.upload_writing import Deed, write
from fleet.models import Operator, Rig
from fleet.selectors import in_chunks
from fleet.signals import lots_changed
from ledger.models import record
from risk.engine.terms.rigs import RigStatus

CORRECTABLE = frozenset({*RIG_FIELDS, *LOT_FIELDS}) - {"quantity", "bin_id", "model_id", "has_arrived"}


def correct_rigs(deed: Deed, rig_ids: Iterable[int], values: Mapping[str, Any], *, why: str) -> int:
    """Lay values (by their names in the fleet) over rigs; returns how many of them changed.

    One transaction. Raises FleetMoved when somebody else changed the fleet meanwhile.
    """
    operator = deed.operator
    version = Operator.objects.values_list("fleet_version", flat=True).get(pk=operator.pk)
    queries = [Rig.objects.of(operator).filter(pk__in=some) for some in in_chunks(rig_ids)]
    corrected = [_corrected(rig, values) for rig in rigs_on_record(operator, queries)]
    change = [
        each
        for each in corrected
        if each.before and (each.rig, each.lot) != (each.before.rig, each.before.lot)
    ]
    if not change:
        return 0
    plan = UploadPlan(layout="", columns={}, ignored_columns=[], rows=0, fleet_version=version, change=change)
    with transaction.atomic():
        if counted := write(deed, plan).counted:
            lots_changed.send(sender=Rig, lot_ids=counted, cause=f"a correction of {len(change)} rigs")
        told = {name: str(value) for name, value in values.items()}
        record(
            deed="rigs corrected",
            subject=f"operator {operator.pk}",
            by=deed.by,
            operator_id=operator.pk,
            rigs=[each.before.rig_id for each in change if each.before][:1000],
            values=told,
            why=why,
        )
    return len(change)


def _corrected(rig: OnRecord, values: Mapping[str, Any]) -> PlannedRig:
    told_of_rig = {name: value for name, value in values.items() if name in RIG_FIELDS}
    told_of_lot = {name: value for name, value in values.items() if name in LOT_FIELDS}
    after = rig.rig._replace(**told_of_rig)
    lot = rig.lot._replace(**told_of_lot, has_arrived=RigStatus(after.status).has_arrived)
    return PlannedRig(before=rig, rig=after, lot=lot)
