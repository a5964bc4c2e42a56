"""One rig: what is on record of it, what it was called and where it stood through time, and who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import Http404, HttpResponse

from config.pages.visit import Visit
from fleet.models import Rig, RigChange, RigIdentifier, Upload
from fleet.selectors import in_names
from risk.dashboard.columns import RIG_COLUMNS, told
from risk.dashboard.lot_history import address_of
from risk.dashboard.rig_facts import value_in_words
from risk.dashboard.words import fact_in_words

CHANGES_SHOWN = 200
Kind = RigIdentifier.Kind
SHOWN_FACTS = (
    *(
        "hashrate",
        "power",
        "customs_value",
        "duty_paid",
        "country_of_origin",
        "country_of_assembly",
        "hts_code",
    ),
    *("entry_date", "expected_entry_date", "entry_number", "purchase_order"),
)


class Changed(NamedTuple):
    """One deed: its moment and author, and old and new of what it changed, in words."""

    change: RigChange
    address: str
    facts: list[tuple[str, str, str]]


class Called(NamedTuple):
    """An identifier of the rig and the time in which it bore it; `until` is None for the one that it bears."""

    kind: str
    value: str
    since: datetime | None
    until: datetime | None
    upload: Upload | None


class Stay(NamedTuple):
    """Where the rig stood, from when until when, and which deed brought it there."""

    site: str
    rack: str
    position: str
    status: str
    since: datetime | None
    until: datetime | None
    by: str
    address: str


def rig_page(visit: Visit, rig_id: int) -> HttpResponse:
    """Raises Http404 for another operator's rig: it does not exist here."""
    rigs = Rig.objects.of(visit.operator).select_related(
        "lot__model__maker", "site", "bin", "made_by", "receipt"
    )
    rig = rigs.filter(pk=rig_id).first()
    if rig is None:
        raise Http404("There is no such rig.")
    changes = list(rig.changes.select_related("by").order_by("-version")[:CHANGES_SHOWN])
    return visit.render(
        "console/rig.html",
        rig=rig,
        facts=told(RIG_COLUMNS, SHOWN_FACTS, rig),
        names=_names_of(rig),
        stays=_moves_of(rig, changes),
        history=[_in_words(change) for change in changes],
        may_edit=visit.may("fleet.change_rig"),
    )


def _in_words(change: RigChange) -> Changed:
    before, after = in_names((change.before, change.after))
    facts = [
        (fact_in_words(name), value_in_words(name, old), value_in_words(name, after.get(name)))
        for name, old in before.items()
    ]
    return Changed(change, address_of(change), facts)


def _names_of(rig: Rig) -> list[Called]:
    """What the rig is called and was called, by kind, newest first."""
    former = list(rig.former_identifiers.select_related("upload").order_by("-used_until"))
    names = []
    for kind, value in ((Kind.SERIAL_NUMBER, rig.serial_number), (Kind.MAC_ADDRESS, rig.mac_address)):
        earlier = [each for each in former if each.kind == kind]
        came = rig.made_by.applied_at if rig.made_by else None
        began = earlier[0].used_until if earlier else came
        if value:
            names.append(Called(kind.label, value, began, None, None))
        names += [
            Called(kind.label, each.value, each.used_from, each.used_until, each.upload) for each in earlier
        ]
    return names


def _moves_of(rig: Rig, changes: list[RigChange]) -> list[Stay]:
    """Where the rig stood and in which status, newest first; worked out backwards from where it stands."""
    place = {"site": str(rig.site or ""), "rack": rig.rack, "position": rig.position, "status": rig.status}
    stays: list[Stay] = []
    until: datetime | None = None
    for change in changes:
        if moved := {name: change.before[name] for name in place if name in change.before}:
            stays.append(
                Stay(**place, since=change.at, until=until, by=change.author, address=address_of(change))
            )
            place, until = place | {name: value or "" for name, value in moved.items()}, change.at
    made = rig.made_by or rig.receipt
    since = rig.made_by.applied_at if rig.made_by else rig.receipt.received_at if rig.receipt else None
    return [*stays, Stay(**place, since=since, until=until, by=str(made or ""), address="")]
