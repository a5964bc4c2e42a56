"""The exposed share before and after a checked upload or receipt: the fleet as it would be, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fleet.flows.known_fleet import LotKey, key_from
from fleet.models import Lot, Operator, RigModel, Upload
from fleet.selectors import Holdings, facts_of, holdings, in_chunks
from risk.book import considered
from risk.engine.facts import LotFacts
from risk.engine.shares import Measured, fleet_shares
from risk.engine.sittings import Sitting
from risk.engine.terms.rigs import RigStatus
from risk.fleet_findings import held_rigs
from risk.flows.gather_lots import NO_RIGS, LotToAssess, lot_values
from risk.flows.share_on import assess_one, standing
from risk.flows.vendor_standing import screened_vendors
from risk.models import PolicyEdition
from risk.selectors import FleetExposure, exposed_share, threshold_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPreview:
    """What an upload or a receipt would do to the exposed share."""

    before: FleetExposure
    after: FleetExposure


def preview_upload(upload: Upload, *, on: date) -> UploadPreview | None:
    """The share now, and as it would be; None before the first policy edition is published.

    Equal to the last digit to what the front page shows once the upload is applied and assessed.
    """
    return preview_moves(upload.operator, upload.deltas, on=on)


def preview_moves(operator: Operator, deltas: list[dict[str, Any]], *, on: date) -> UploadPreview | None:
    """The same for any moves of holdings, as fleet.flows.holding_deltas gives them."""
    edition = PolicyEdition.objects.current()
    if edition is None:
        return None
    sitting = Sitting(considered(edition), on)
    ids = _lot_ids(operator, deltas)
    lots = _lots_on_record(operator) | _new_lots(ids)
    held = _moved(holdings(operator), deltas, ids, lots)
    standings = {lot.lot_id: standing(lot, assess_one(lot, sitting)) for lot in _to_assess(held, lots)}
    whole = fleet_shares(held_rigs(held, standings), threshold=threshold_of(operator))
    before = exposed_share(operator, on=on)
    return UploadPreview(before=before, after=replace(before, edition=edition, whole=whole, owed_lots=0))


@dataclass(frozen=True, slots=True)
class _Lot:
    """A lot of the fleet to be: on record, or (with a negative id) one that would be made."""

    lot_id: int
    maker_id: int
    facts: LotFacts


def _lot_ids(operator: Operator, deltas: list[dict[str, Any]]) -> dict[LotKey, int]:
    """The ids of the lots that are touched; those that would be made get negative ones."""
    digests = {key.digest: key for key in (key_from(delta["lot"]) for delta in deltas)}
    known: dict[LotKey, int] = {}
    for some in in_chunks(digests):
        rows = Lot.objects.of(operator).filter(facts_digest__in=some).values_list("facts_digest", "pk")
        known |= {digests[digest]: pk for digest, pk in rows}
    made = [key for key in digests.values() if key not in known]
    return known | {key: -number for number, key in enumerate(made, start=1)}


def _lots_on_record(operator: Operator) -> dict[int, _Lot]:
    lots = Lot.objects.of(operator).select_related("model__maker")
    return {lot.pk: _Lot(lot.pk, lot.model.maker_id, facts_of(lot)) for lot in lots}


def _new_lots(ids: dict[LotKey, int]) -> dict[int, _Lot]:
    new = {key: lot_id for key, lot_id in ids.items() if lot_id < 0}
    models = RigModel.objects.select_related("maker").in_bulk({key.model_id for key in new})
    lots = {lot_id: Lot(model=models[key.model_id], **key.facts) for key, lot_id in new.items()}
    return {lot_id: _Lot(lot_id, lot.model.maker_id, facts_of(lot)) for lot_id, lot in lots.items()}


def _moved(
    counted: Iterable[Holdings], deltas: list[dict[str, Any]], ids: dict[LotKey, int], lots: dict[int, _Lot]
) -> list[Holdings]:
    """The holdings with the deltas added; places that are left empty are no holdings any more."""
    by_place = {(each.lot_id, each.site, each.status): each for each in counted}
    for delta in deltas:
        lot_id = ids[key_from(delta["lot"])]
        place = (lot_id, delta["site"] or None, RigStatus(delta["status"]))
        change = Measured(**{name: delta[name] for name in Measured.__slots__})
        before = by_place.get(place) or _empty(lots[lot_id], place)
        by_place[place] = replace(before, rigs=before.rigs + change)
    return [each for each in by_place.values() if each.rigs.units]


def _empty(lot: _Lot, place: tuple[int, str | None, RigStatus]) -> Holdings:
    return Holdings(
        lot_id=lot.lot_id,
        maker=lot.facts.maker,
        model=lot.facts.model,
        country_of_origin=lot.facts.origin,
        country_of_assembly=lot.facts.country_of_assembly,
        site=place[1],
        status=place[2],
        rigs=Measured(),
    )


def _to_assess(held: list[Holdings], lots: dict[int, _Lot]) -> list[LotToAssess]:
    values = lot_values(held)
    vendors = screened_vendors({lot.maker_id for lot in lots.values()})
    return [
        LotToAssess(
            lot_id=lot_id,
            facts=lots[lot_id].facts,
            vendor=vendors[lots[lot_id].maker_id],
            value=values.get(lot_id) or NO_RIGS,
        )
        for lot_id in {each.lot_id for each in held}
    ]
