"""One rig: what is on record of it, what it was called before, and who changed what."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse

from config.pages.visit import Visit
from fleet.models import Rig, RigChange
from fleet.selectors import in_names
from risk.dashboard.words import fact_in_words

CHANGES_SHOWN = 200


class Changed(NamedTuple):
    """One deed: its moment and author, and old and new of what it changed, in words."""

    change: RigChange
    facts: list[tuple[str, Any, Any]]


def rig_page(visit: Visit, rig_id: int) -> HttpResponse:
    """Raises Http404 for another operator's rig: it does not exist here."""
    rigs = Rig.objects.of(visit.operator).select_related(
        "lot__model__maker", "site", "bin", "made_by", "receipt"
    )
    rig = rigs.filter(pk=rig_id).first()
    if rig is None:
        raise Http404("There is no such rig.")
    changes = rig.changes.select_related("by").order_by("-version")
    return visit.render(
        "console/rig.html",
        rig=rig,
        former=rig.former_identifiers.order_by("-used_until"),
        history=[_in_words(change) for change in changes[:CHANGES_SHOWN]],
    )


def _in_words(change: RigChange) -> Changed:
    before, after = in_names((change.before, change.after))
    return Changed(change, [(fact_in_words(name), old, after.get(name)) for name, old in before.items()])
