"""An applied upload taken back: the same difference, backwards. What somebody changed since stays, and is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.flows.former_identifiers import forget_former
from fleet.flows.former_sites import FormerSites
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import LOT_FIELDS, LotKey, OnRecord, rigs_on_record, typed_fact
from fleet.flows.upload_plan import PlannedRig
from fleet.flows.upload_writing import Deed, all_lots, lot_ids, overwrite, site_ids, take_turn
from fleet.models import Operator, Rig, RigChange, Upload
from fleet.models.upload import UploadState
from fleet.selectors import in_chunks
from fleet.signals import lots_changed
from ledger.models import record


@dataclass(kw_only=True)
class Undoing:
    """What an undo would do: rigs to delete, rigs to set back, rigs that stay and who changed them since."""

    delete: list[OnRecord] = field(default_factory=list)
    revert: list[PlannedRig] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    impossible: list[dict[str, str]] = field(default_factory=list)

    @property
    def report(self) -> dict[str, Any]:
        """In words and numbers, JSON-ready."""
        reverted = len(self.delete) + len(self.revert)
        return {"reverted": reverted, "kept": self.kept, "impossible": self.impossible}


def undo_upload(upload_id: int, *, at: datetime, by: Any = None) -> dict[str, Any]:
    """Take back what an upload changed; returns {"reverted", "kept", "impossible"}.

    Raises ValidationError for an upload that is not applied (or undone already). One transaction.
    """
    upload = Upload.objects.select_related("operator").get(pk=upload_id)
    if upload.state != UploadState.APPLIED:
        sentence = (
            f"Upload {upload.pk} is {upload.get_state_display()}; only an applied upload can be taken back."
        )
        raise ValidationError(sentence, code="upload_not_applied")
    with transaction.atomic():
        version = Operator.objects.values_list("fleet_version", flat=True).get(pk=upload.operator_id)
        take_turn(upload.operator, version)
        undoing = _decided(upload)
        touched = _recorded(
            upload, undoing, Deed(operator=upload.operator, at=at, upload=upload, by=by, is_undo=True)
        )
        if touched:
            lots_changed.send(sender=Upload, lot_ids=touched, cause=f"undo of upload {upload.pk}")
        _settle(upload, undoing, at, by)
    return undoing.report


def _decided(upload: Upload) -> Undoing:
    undoing = Undoing()
    made = Rig.objects.of(upload.operator).filter(made_by=upload).order_by("pk")
    for rig in rigs_on_record(upload.operator, [made]):
        if rig.version == 1:
            undoing.delete.append(rig)
        else:
            undoing.kept.append(named(rig))
    changes = {change.rig_id: change for change in upload.changes.filter(is_undo=False)}
    changed = Rig.objects.of(upload.operator).order_by("pk")
    queries = [changed.filter(pk__in=some) for some in in_chunks(sorted(changes))]
    sites = FormerSites(upload.operator)
    for rig in rigs_on_record(upload.operator, queries):
        _place(rig, changes[rig.rig_id], sites, undoing)
    return undoing


def _place(rig: OnRecord, change: RigChange, sites: FormerSites, undoing: Undoing) -> None:
    if rig.version != change.version:
        undoing.kept.append(named(rig))
    elif sites.knows(change):
        undoing.revert.append(as_before(rig, change, sites))
    else:
        undoing.impossible.append({"serial_number": rig.rig.name})


def as_before(rig: OnRecord, change: RigChange, sites: FormerSites) -> PlannedRig:
    """A rig as it was before a change that nobody has changed since, at the site of then as it is called now."""
    before = {name: value for name, value in change.before.items() if name not in LOT_FIELDS}
    before |= {"site": sites.name_before(change)} if "site" in before else {}
    lot_before = {
        name: typed_fact(name, value) for name, value in change.before.items() if name in LOT_FIELDS
    }
    return PlannedRig(before=rig, rig=rig.rig._replace(**before), lot=rig.lot._replace(**lot_before))


def _recorded(upload: Upload, undoing: Undoing, deed: Deed) -> list[int]:
    keys = _keys(undoing)
    lots = lot_ids(upload.operator, keys)
    for some in in_chunks([rig.rig_id for rig in undoing.delete]):
        Rig.objects.of(upload.operator).filter(pk__in=some).delete()
    overwrite(deed, undoing.revert, site_ids(upload.operator), lots)
    forget_former(upload, [each.before.rig_id for each in undoing.revert if each.before])
    touched = sorted(set(lots.values()))
    refresh_holdings(upload.operator, touched, at=deed.at)
    return touched


def _keys(undoing: Undoing) -> set[LotKey]:
    keys = {rig.lot for rig in undoing.delete}
    return keys | all_lots(undoing.revert)


def _settle(upload: Upload, undoing: Undoing, at: datetime, by: Any) -> None:
    upload.state, upload.undone_at, upload.undone_by = UploadState.UNDONE, at, by
    upload.undo_report = undoing.report
    upload.save()
    record(
        deed="upload undone",
        subject=f"upload {upload.pk}",
        by=by,
        operator_id=upload.operator_id,
        reverted=undoing.report["reverted"],
        kept=len(undoing.kept),
    )


def named(rig: OnRecord) -> dict[str, str]:
    """A rig that stays, and who changed it since."""
    last = RigChange.objects.filter(rig_id=rig.rig_id).select_related("by").order_by("-version").first()
    return {
        "serial_number": rig.rig.name,
        "changed_by": last.author if last else "",
    }
