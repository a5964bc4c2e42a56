"""Where the facts of a lot come from, and what became of it: deeds that moved its rigs, and what was found when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from fleet.models import Lot, Rig, RigChange, User
from risk.dashboard.words import counted
from risk.models import Exposure

CHANGES_READ = 500  # of a lot whose rigs were moved one by one, the newest
DEEDS_SHOWN = 50
FINDINGS_SHOWN = 20
UNDONE = "undone"  # the state of an upload, a receipt and an edit alike
DEED = ("upload_id", "receipt_id", "edit_id", "by_id", "through", "is_of_rows", "is_undo", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which deed gave a fact, in words, where it is told, and when."""

    deed: str
    address: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDeed:
    """What one deed did to the rigs of a lot."""

    source: Source
    what: str


def sources_of(lot: Lot) -> tuple[dict[str, Source], Source | None]:
    """The deed that gave each fact which was given later and stands, and the one that brought most of the rigs."""
    moved_in = RigChange.objects.filter(lot_after=lot, is_undo=False).exclude(lot_before=F("lot_after"))
    taken_back = Q(upload__state=UNDONE) | Q(receipt__state=UNDONE) | Q(edit__state=UNDONE)
    changes = moved_in.exclude(taken_back).select_related("by")
    given: dict[str, Source] = {}
    for change in changes.order_by("-pk")[:CHANGES_READ]:
        for name in change.after.keys() - given.keys():
            given[name] = _source(change)
    return given, _brought_by(lot)


def deeds_of(lot: Lot) -> tuple[LotDeed, ...]:
    """What brought rigs into the lot, took them out or changed them in it, newest first; a deed is one line."""
    touching = RigChange.objects.filter(Q(lot_before=lot) | Q(lot_after=lot))
    came = Count("pk", filter=Q(lot_after=lot) & ~Q(lot_before=lot))
    went = Count("pk", filter=Q(lot_before=lot) & ~Q(lot_after=lot))
    rows = touching.order_by().values(*DEED).annotate(all=Count("pk"), came=came, went=went)
    newest = list(rows.order_by("-at")[:DEEDS_SHOWN])
    people = User.objects.in_bulk({row["by_id"] for row in newest if row["by_id"]})
    deeds = [LotDeed(source=_source(_change_of(row, people)), what=_what(row)) for row in newest]
    return (*deeds, *_made(lot))


def findings_of(lot: Lot) -> list[Exposure]:
    """What was found on the lot, newest first."""
    found = Exposure.objects.filter(lot=lot).select_related("edition").defer("facts")
    return list(found.order_by("-assessed_at", "-pk")[:FINDINGS_SHOWN])


def _makers(lot: Lot) -> QuerySet[Any, Any]:
    """The uploads that made the rigs which are in the lot, with how many."""
    made = Rig.objects.filter(lot=lot, made_by__isnull=False).order_by()
    return made.values("made_by_id", "made_by__file_name", "made_by__applied_at").annotate(rigs=Count("pk"))


def _brought_by(lot: Lot) -> Source | None:
    most = _makers(lot).order_by("-rigs", "made_by_id").first()
    return _of_upload(most) if most else None


def _made(lot: Lot) -> Iterator[LotDeed]:
    for row in _makers(lot).order_by("-made_by_id")[:DEEDS_SHOWN]:
        yield LotDeed(
            source=_of_upload(row), what=f"made {counted(row['rigs'], 'record')} that are in this lot"
        )


def _of_upload(row: dict[str, Any]) -> Source:
    return Source(
        deed=f"upload {row['made_by_id']}, {row['made_by__file_name']}",
        address=reverse("admin:upload", args=[row["made_by_id"]]),
        at=row["made_by__applied_at"],
    )


def _change_of(row: dict[str, Any], people: dict[int, User]) -> RigChange:
    change = RigChange(**{name: row[name] for name in DEED})
    change.by = people.get(row["by_id"]) if row["by_id"] else None
    return change


def _source(change: RigChange) -> Source:
    told = f"{change.author}, taken back" if change.is_undo else change.author
    return Source(deed=told, address=address_of(change), at=change.at)


def address_of(change: RigChange) -> str:
    """Where a deed is told; empty where it has no page."""
    pages = (("upload", change.upload_id), ("receipt", change.receipt_id), ("edit", change.edit_id))
    return next((reverse(f"admin:{page}", args=[pk]) for page, pk in pages if pk), "")


def _what(row: dict[str, Any]) -> str:
    inside = row["all"] - row["came"] - row["went"]
    told = [
        f"{counted(number, 'record')} {verb}"
        for number, verb in ((row["came"], "came in"), (row["went"], "moved out"), (inside, "changed"))
        if number
    ]
    return ", ".join(told)
