"""Identifiers that rigs had: written as a set when others take their place, and taken back by an undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from fleet.flows.upload_plan import PlannedRig
from fleet.models import Rig, RigIdentifier, Upload
from fleet.selectors import in_chunks

if TYPE_CHECKING:
    from fleet.flows.upload_writing import Deed

KINDS = tuple(RigIdentifier.Kind)


def keep_former(deed: Deed, changed: Iterable[PlannedRig]) -> None:
    """Put on record what rigs were called until now, where they are called otherwise from now on."""
    former = [each for each in changed if each.before and each.before.rig[:2] != each.rig[:2]]
    since = _since(deed, [each.before.rig_id for each in former if each.before])
    rows = [row for each in former for row in _given_up(deed, each, since)]
    RigIdentifier.objects.bulk_create(rows, batch_size=1000)


def forget_former(upload: Upload, rig_ids: Iterable[int]) -> None:
    """What an upload gave up is in use again where the upload is taken back."""
    for some in in_chunks(rig_ids):
        RigIdentifier.objects.of(upload.operator).filter(upload=upload, rig_id__in=some).delete()


def _given_up(
    deed: Deed, each: PlannedRig, since: dict[tuple[int, str], datetime | None]
) -> Iterator[RigIdentifier]:
    """Each identifier that had a value and has another."""
    if each.before is None:
        return
    for kind, old, new in zip(KINDS, each.before.rig[:2], each.rig[:2], strict=True):
        if old and old != new:
            rig_id = each.before.rig_id
            yield RigIdentifier(
                operator=deed.operator,
                rig_id=rig_id,
                kind=kind,
                value=old,
                used_from=since.get((rig_id, kind)) or since.get((rig_id, "")),
                used_until=deed.at,
                upload=deed.upload,
            )


def _since(deed: Deed, rig_ids: list[int]) -> dict[tuple[int, str], datetime | None]:
    """Since when each kind of identifier was in use, by rig and kind; with the kind "" since the rig is known."""
    since: dict[tuple[int, str], datetime | None] = {}
    for some in in_chunks(rig_ids):
        made = Rig.objects.of(deed.operator).filter(pk__in=some).values_list("pk", "made_by__applied_at")
        since |= {(rig_id, ""): at for rig_id, at in made}
        earlier = RigIdentifier.objects.of(deed.operator).filter(rig_id__in=some).order_by()
        last = earlier.values_list("rig_id", "kind").annotate(last=Max("used_until"))
        since |= {(rig_id, kind): at for rig_id, kind, at in last}
    return since
