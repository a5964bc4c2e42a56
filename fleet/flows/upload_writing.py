"""Writes a plan into the fleet: sites, lots, rigs, history and holdings, set by set, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import F

from fleet.flows.bulk_rows import insert_rows, overwrite_rows
from fleet.flows.former_identifiers import keep_former
from fleet.flows.history_digest import HistoryDigest, digested, plain_text, put_on_record
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import LOT_FIELDS, RIG_FIELDS, LotKey, difference
from fleet.flows.upload_plan import PlannedRig, UploadPlan
from fleet.models import BulkEdit, Lot, Operator, Receipt, Rig, RigChange, Site, Upload
from fleet.selectors import in_chunks

TOLD = tuple(name for name in RIG_FIELDS if name != "site")
MADE = ("made_by_id", "receipt_id")
OVERWRITTEN = ("operator_id", "lot_id", "site_id", "version", "is_missing", "updated_at", *TOLD)
COLUMNS = (*MADE, *OVERWRITTEN)
HISTORY = (
    *("operator_id", "rig_id", "upload_id", "receipt_id", "edit_id", "by_id", "through", "at", "version"),
    *("is_undo", "is_of_rows", "lot_before_id", "lot_after_id", "site_before_id", "before", "after"),
)
DIGESTED = tuple(map(HISTORY.index, ("rig_id", "version", "before", "after")))
_told = attrgetter(*TOLD)
_counted = attrgetter(
    *("quantity", "site", "status", "bin_id", "hashrate_ghs", "power_w", "customs_value_cents")
)


class FleetMoved(Exception):
    """Somebody changed the fleet since the plan was made; it must be planned anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What the history says of a change: upload, receipt, edit or person, when, and whether it takes one back.

    `through` names the program that did it for the operator; `is_of_rows`: it sent rows, as a sheet has them.
    """

    operator: Operator
    at: datetime
    upload: Upload | None = None
    receipt: Receipt | None = None
    edit: BulkEdit | None = None
    by: Any = None
    through: str = ""
    is_undo: bool = False
    is_of_rows: bool = False

    @property
    def has_seen_rigs(self) -> bool:
        """Whether its rigs stood in a sheet, on a receipt or among sent rows; a correction has seen none."""
        return bool(self.upload or self.receipt or self.is_of_rows)

    @property
    def made_by(self) -> tuple[int | None, int | None]:
        """What rigs that it makes come from: the ids of upload and receipt."""
        return self.upload.pk if self.upload else None, self.receipt.pk if self.receipt else None


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of lots, sorted: those whose rigs were written, and of these the `counted`, which hold otherwise than then.

    A finding rests on nothing else of a rig than what is counted.
    """

    lots: list[int]
    counted: list[int]


def write(deed: Deed, decided: UploadPlan) -> Touched:
    """Write a plan; returns the lots that it touched.

    Raises FleetMoved when the fleet is no longer the one that the plan was made for.
    """
    if not (decided.planned or decided.flagged):
        return Touched([], [])
    counted = list(filter(_is_counted_anew, decided.planned))
    take_turn(deed.operator, decided.fleet_version, is_counted=bool(counted))
    sites = sites_with(deed.operator, decided.site_countries)
    overwritten = decided.change + decided.retire
    lots = lot_ids(deed.operator, all_lots(decided.planned))
    if decided.create:
        create(deed, decided.create, sites, lots)
    overwrite(deed, overwritten, sites, lots)
    keep_former(deed, decided.change)
    for some in in_chunks(decided.flagged):
        Rig.objects.of(deed.operator).filter(pk__in=some).update(is_missing=True, updated_at=deed.at)
    touched = Touched(_lots_of(decided.planned, lots), _lots_of(counted, lots))
    refresh_holdings(deed.operator, touched.counted, at=deed.at)
    return touched


def _lots_of(planned: Iterable[PlannedRig], lots: dict[LotKey, int]) -> list[int]:
    return sorted({lots[key] for key in all_lots(planned)})


def _is_counted_anew(each: PlannedRig) -> bool:
    """Whether holdings count the rig otherwise than before; another rack, or a note, moves none."""
    return (
        each.before is None or each.lot != each.before.lot or _counted(each.rig) != _counted(each.before.rig)
    )


def take_turn(operator: Operator, planned_on: int, *, is_counted: bool = True) -> None:
    """Make the fleet one version newer, if it is still the one that was planned on; not `is_counted`: no holding will
    differ.

    One conditional update: of two writers of one fleet the second waits for the first and then learns that
    it must plan anew; writers of different fleets never meet.
    """
    mine = Operator.objects.filter(pk=operator.pk, fleet_version=planned_on)
    uncounted = F("uncounted_changes") + (0 if is_counted else 1)
    if not mine.update(fleet_version=F("fleet_version") + 1, uncounted_changes=uncounted):
        raise FleetMoved


def hold_turn(operator: Operator) -> int:
    """The version of the fleet, which nobody else makes newer before the caller's transaction ends."""
    mine = Operator.objects.filter(pk=operator.pk).select_for_update(no_key=True)
    return int(mine.values_list("fleet_version", flat=True).get())


def lot_ids(operator: Operator, keys: Iterable[LotKey]) -> dict[LotKey, int]:
    """The ids of lots by their facts; those that are not on record are made."""
    by_digest = {key.digest: key for key in keys}
    known = _known_lots(operator, by_digest)
    made = [
        Lot(operator=operator, facts_digest=digest, **{name: getattr(key, name) for name in LOT_FIELDS})
        for digest, key in by_digest.items()
        if digest not in known
    ]
    Lot.objects.bulk_create(made, batch_size=1000)
    ids = known | _known_lots(operator, [lot.facts_digest for lot in made])
    return {key: ids[digest] for digest, key in by_digest.items()}


def create(deed: Deed, planned: Iterable[PlannedRig], sites: dict[str, int], lots: dict[LotKey, int]) -> None:
    """Put new rigs on record."""
    at = _moment(deed)
    insert_rows(Rig, COLUMNS, ((*deed.made_by, *_row(deed, each, sites, lots, at)) for each in planned))


def overwrite(deed: Deed, planned: list[PlannedRig], sites: dict[str, int], lots: dict[LotKey, int]) -> None:
    """Overwrite rigs on record and put what differed into the history."""
    at = _moment(deed)
    rows = ((each.before.rig_id, *_row(deed, each, sites, lots, at)) for each in planned if each.before)
    only = OVERWRITTEN if deed.has_seen_rigs else [name for name in OVERWRITTEN if name != "is_missing"]
    overwrite_rows(Rig, ("id", *OVERWRITTEN), rows, only=only)
    written = HistoryDigest()
    insert_rows(RigChange, HISTORY, digested(_history(deed, planned, sites, lots), written, DIGESTED))
    if written.rows:
        put_on_record(deed, written)


def all_lots(planned: Iterable[PlannedRig]) -> set[LotKey]:
    """The lots that rigs go to, and those that they leave."""
    return {key for each in planned for key in ((each.lot, each.before.lot) if each.before else (each.lot,))}


def sites_with(operator: Operator, new: dict[str, str]) -> dict[str, int]:
    """The ids of an operator's sites by their name, after new ones (names and countries) are made."""
    Site.objects.bulk_create(
        [Site(operator=operator, name=name, country=country) for name, country in new.items()]
    )
    return site_ids(operator)


def site_ids(operator: Operator) -> dict[str, int]:
    """The ids of an operator's sites by their name."""
    return dict(Site.objects.of(operator).values_list("name", "pk"))


def _known_lots(operator: Operator, digests: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in in_chunks(digests):
        known = Lot.objects.of(operator).filter(facts_digest__in=some)
        found |= dict(known.values_list("facts_digest", "pk"))
    return found


def _row(
    deed: Deed, planned: PlannedRig, sites: dict[str, int], lots: dict[LotKey, int], at: Any
) -> tuple[Any, ...]:
    """The values of one rig, in the order of OVERWRITTEN. What is seen again is no longer missing."""
    site_id = sites[planned.rig.site] if planned.rig.site else None
    version = planned.before.version + 1 if planned.before else 1
    return (deed.operator.pk, lots[planned.lot], site_id, version, False, at, *_told(planned.rig))


def _history(
    deed: Deed, planned: Iterable[PlannedRig], sites: dict[str, int], lots: dict[LotKey, int]
) -> Iterator[tuple[Any, ...]]:
    by_id = deed.by.pk if deed.by else None
    edit_id = deed.edit.pk if deed.edit else None
    at = _moment(deed)  # as the ORM writes it, so that it can be asked for
    for each in planned:
        if each.before is None:
            continue
        before, after = difference(each.before.rig, each.rig)
        lot_before, lot_after = difference(each.before.lot, each.lot)
        yield (
            *(deed.operator.pk, each.before.rig_id, *deed.made_by, edit_id, by_id, deed.through, at),
            *(each.before.version + 1, deed.is_undo, deed.is_of_rows),
            *(lots[each.before.lot], lots[each.lot], sites.get(each.before.rig.site)),
            *(plain_text(before | lot_before), plain_text(after | lot_after)),
        )


def _moment(deed: Deed) -> Any:
    """The deed's moment as rows that pass the ORM by have to give it."""
    return connection.ops.adapt_datetimefield_value(deed.at)
