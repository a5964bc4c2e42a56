"""A fleet that moved between check and apply: nobody applies what nobody was shown."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from fleet.flows.upload_plan import UploadPlan
from fleet.models import Rig, RigChange, Upload

NAMED = 5


def refuse_drift(upload: Upload, decided: UploadPlan) -> None:
    """Raises ValidationError (`fleet_drifted`) where the plan is no longer the one that was shown; it names the
    rigs of the sheet that moved, and what the sheet would do now.
    """
    if decided.digest == upload.plan_digest:
        return
    Upload.objects.filter(pk=upload.pk).update(claimed_until=None)
    counts = (
        f"{decided.new} new, {decided.changed} changed, {decided.unchanged} unchanged, {decided.wrong} wrong"
    )
    sentence = (
        f"The fleet has changed since the check{_moved(upload, decided)}. The sheet would now give: {counts}. "
        "Check it again."
    )
    raise ValidationError(sentence, code="fleet_drifted")


def _moved(upload: Upload, decided: UploadPlan) -> str:
    """The rigs of the sheet that somebody added or changed since the check, in words."""
    since = upload.checked_at or upload.uploaded_at
    changes = RigChange.objects.of(upload.operator).filter(at__gte=since)
    added = Rig.objects.of(upload.operator).filter(made_by__applied_at__gte=since)
    moved = set(changes.values_list("rig_id", flat=True)) | set(added.values_list("pk", flat=True))
    named = sorted(moved & decided.found)
    rigs = Rig.objects.of(upload.operator).filter(pk__in=named[:NAMED]).order_by("pk")
    names = ", ".join(str(rig) for rig in rigs)
    more = f" and {len(named) - NAMED} others" if len(named) > NAMED else ""
    return f": {names}{more} moved" if names else ""
