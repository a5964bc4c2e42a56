"""Writes a plan into the fleet: sites, lots, rigs and holdings, set by set, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from fleet.flows.bulk_rows import insert_rows, overwrite_rows
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import LOT_FIELDS, RIG_FIELDS, LotKey
from fleet.flows.upload_plan import PlannedRig, UploadPlan, distinct_lots
from fleet.models import Lot, Operator, Rig, Site
from fleet.selectors import in_chunks

TOLD = tuple(name for name in RIG_FIELDS if name != "site")
COLUMNS = ("operator_id", "lot_id", "site_id", *TOLD)


def write(operator: Operator, decided: UploadPlan) -> list[int]:
    """Write new and changed rigs; returns the ids of the lots whose rigs moved, sorted."""
    planned = decided.create + decided.change
    if not planned:
        return []
    sites = _sites(operator, decided.site_countries)
    lots = _lots(operator, distinct_lots(planned))
    left = _lots_left(decided.change)
    insert_rows(Rig, COLUMNS, (_row(operator, each, sites, lots) for each in decided.create))
    changed = ((each.rig_id, *_row(operator, each, sites, lots)) for each in decided.change)
    overwrite_rows(Rig, ("id", *COLUMNS), changed)
    touched = sorted(left | {lots[each.lot] for each in planned})
    refresh_holdings(operator, touched)
    return touched


def _sites(operator: Operator, new: dict[str, str]) -> dict[str, int]:
    made = [Site(operator=operator, name=name, country=country) for name, country in new.items()]
    Site.objects.bulk_create(made)
    return dict(Site.objects.of(operator).values_list("name", "pk"))


def _lots(operator: Operator, keys: Iterable[LotKey]) -> dict[LotKey, int]:
    """The ids of lots by their facts; those that are not on record are made."""
    by_digest = {key.digest: key for key in keys}
    known = _lot_ids(operator, by_digest)
    made = [
        Lot(operator=operator, facts_digest=digest, **{name: getattr(key, name) for name in LOT_FIELDS})
        for digest, key in by_digest.items()
        if digest not in known
    ]
    Lot.objects.bulk_create(made, batch_size=1000)
    ids = known | _lot_ids(operator, [lot.facts_digest for lot in made])
    return {key: ids[digest] for digest, key in by_digest.items()}


def _lot_ids(operator: Operator, digests: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in in_chunks(digests):
        found |= dict(
            Lot.objects.of(operator).filter(facts_digest__in=some).values_list("facts_digest", "pk")
        )
    return found


def _lots_left(changed: Iterable[PlannedRig]) -> set[int]:
    """The lots in which the changed rigs stand now; they may leave them."""
    left: set[int] = set()
    for some in in_chunks([each.rig_id for each in changed if each.rig_id]):
        left |= set(Rig.objects.filter(pk__in=some).values_list("lot_id", flat=True))
    return left


def _row(
    operator: Operator, planned: PlannedRig, sites: dict[str, int], lots: dict[LotKey, int]
) -> tuple[Any, ...]:
    """The values of one rig, in the order of COLUMNS."""
    site_id = sites[planned.rig.site] if planned.rig.site else None
    return (operator.pk, lots[planned.lot], site_id, *_told(planned.rig))


_told = attrgetter(*TOLD)
