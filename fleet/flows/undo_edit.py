"""An applied edit taken back as a whole; what was changed since stays, and is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.flows.edit_rigs import Clock, claimed_edit
from fleet.flows.former_sites import FormerSites
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import OnRecord, rigs_on_record
from fleet.flows.undo_upload import as_before, named
from fleet.flows.upload_plan import PlannedRig
from fleet.flows.upload_writing import Deed, all_lots, lot_ids, overwrite, site_ids, take_turn
from fleet.models import BulkEdit, Operator, Rig
from fleet.models.bulk_edit import EditState
from fleet.selectors import in_chunks
from fleet.signals import lots_changed
from ledger.models import record

NAMED = 200


@dataclass(kw_only=True)
class Undoing:
    """What an undo would do: rigs to set back, rigs that stay because somebody changed them since, and rigs whose
    former site is on record by a name alone that no site has any more."""

    revert: list[PlannedRig] = field(default_factory=list)
    kept: list[OnRecord] = field(default_factory=list)
    impossible: list[OnRecord] = field(default_factory=list)

    @property
    def report(self) -> dict[str, Any]:
        """In words and numbers, as an upload's; of those that stay the first are named."""
        return {
            "reverted": len(self.revert),
            "kept": [named(rig) for rig in self.kept[:NAMED]],
            "kept_count": len(self.kept),
            "impossible": [{"serial_number": rig.rig.name} for rig in self.impossible[:NAMED]],
        }


def undo_edit(edit_id: int, *, at: datetime, by: Any = None) -> dict[str, Any]:
    """Take back what an edit changed; returns {"reverted", "kept", "kept_count", "impossible"}.

    Raises ValidationError for one that is not applied (or undone already), and FleetMoved where somebody else
    changes the fleet at this moment. One transaction.
    """
    with transaction.atomic():
        edit = BulkEdit.objects.select_related("operator").get(pk=edit_id)
        version = Operator.objects.values_list("fleet_version", flat=True).get(pk=edit.operator_id)
        take_turn(edit.operator, version)
        edit.refresh_from_db()
        _refuse_unless_applied(edit)
        undoing = _decided(edit)
        deed = Deed(operator=edit.operator, at=at, edit=edit, by=by, is_undo=True)
        if touched := _recorded(undoing, deed):
            lots_changed.send(sender=BulkEdit, lot_ids=touched, cause=f"undo of edit {edit.pk}")
        report = undoing.report
        _settle(edit, report, at, by)
    return report


def undo_asked_edit(edit_id: int, *, clock: Clock) -> None:
    """Take back an edit that a worker was asked to take back; a second run changes nothing. Raises FleetMoved."""
    if edit := claimed_edit(edit_id, EditState.UNDOING, clock()):
        BulkEdit.objects.filter(pk=edit.pk).update(
            progress={"stage": "taking back", "done": 0, "total": edit.changed}
        )
        undo_edit(edit.pk, at=clock(), by=edit.undone_by)


def _refuse_unless_applied(edit: BulkEdit) -> None:
    if edit.state not in (EditState.APPLIED, EditState.UNDOING):
        raise not_applied(edit)


def not_applied(edit: BulkEdit) -> ValidationError:
    """What is said of an edit that cannot be taken back."""
    sentence = f"Edit {edit.pk} is {edit.get_state_display()}; only what was applied can be taken back."
    return ValidationError(sentence, code="edit_not_applied")


def _decided(edit: BulkEdit) -> Undoing:
    undoing = Undoing()
    changes = {change.rig_id: change for change in edit.changes.filter(is_undo=False)}
    rigs = Rig.objects.of(edit.operator).order_by("pk")
    queries = [rigs.filter(pk__in=some) for some in in_chunks(sorted(changes))]
    sites = FormerSites(edit.operator)
    for rig in rigs_on_record(edit.operator, queries):
        change = changes[rig.rig_id]
        if rig.version != change.version:
            undoing.kept.append(rig)
        elif sites.knows(change):
            undoing.revert.append(as_before(rig, change, sites))
        else:
            undoing.impossible.append(rig)
    return undoing


def _recorded(undoing: Undoing, deed: Deed) -> list[int]:
    lots = lot_ids(deed.operator, all_lots(undoing.revert))
    overwrite(deed, undoing.revert, site_ids(deed.operator), lots)
    touched = sorted(set(lots.values()))
    refresh_holdings(deed.operator, touched, at=deed.at)
    return touched


def _settle(edit: BulkEdit, report: dict[str, Any], at: datetime, by: Any) -> None:
    edit.state, edit.undone_at, edit.undone_by, edit.undo_report = EditState.UNDONE, at, by, report
    edit.progress, edit.claimed_until, edit.refusal = {}, None, ""
    edit.save(
        update_fields=[
            *("state", "undone_at", "undone_by", "undo_report", "progress", "claimed_until", "refusal"),
        ]
    )
    record(
        deed="edit of rigs undone",
        subject=f"edit {edit.pk}",
        by=by,
        operator_id=edit.operator_id,
        reverted=report["reverted"],
        kept=report["kept_count"],
    )
