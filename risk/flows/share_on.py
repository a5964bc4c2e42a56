"""The exposed share on any day, under any edition: gathered and decided like every assessment, not recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from fleet.models import Lot, Operator
from fleet.selectors import Holdings, holdings, in_chunks
from risk.book import considered
from risk.engine.exposure import ExposureResult
from risk.engine.shares import Standing, fleet_shares, grouped
from risk.engine.sittings import Sitting
from risk.engine.suppositions import SupposedSitting
from risk.fleet_findings import held_rigs
from risk.flows.gather_lots import LotToAssess, gather
from risk.models import PolicyEdition
from risk.selectors import GROUPINGS, FleetExposure, list_editions_of, threshold_of


def share_on(
    operator: Operator, *, on: date, edition: PolicyEdition, today: date | None = None, by: str | None = None
) -> FleetExposure:
    """Today's fleet under the law of a day as an edition knew it. Given `today`, lists that are fresh then count."""
    sitting = Sitting(considered(edition), on)
    standings = {
        lot.lot_id: standing(lot, assess_one(lot, sitting)) for lot in standing_lots(operator, known_on=today)
    }
    return exposure_of(operator, holdings(operator), standings, edition=edition, on=on, by=by)


def exposure_of(
    operator: Operator,
    counted: Iterable[Holdings],
    standings: Mapping[int, Standing],
    *,
    edition: PolicyEdition,
    on: date,
    by: str | None = None,
) -> FleetExposure:
    """The exposed share of what is held, from findings that are on no record."""
    held, threshold = held_rigs(counted, standings), threshold_of(operator)
    return FleetExposure(
        operator=operator,
        assessed_on=on,
        edition=edition,
        list_editions=list_editions_of(operator),
        whole=fleet_shares(held, threshold=threshold),
        groups=grouped(held, GROUPINGS[by], threshold=threshold) if by else None,
        owed_lots=0,
        assessed_at=None,
    )


def standing_lots(operator: Operator, *, known_on: date | None = None) -> Iterable[LotToAssess]:
    """The operator's lots that hold rigs, with all that the engine needs."""
    lots = Lot.objects.of(operator).filter(holdings__isnull=False).order_by("pk").distinct()
    return (
        lot
        for some in in_chunks(lots.values_list("pk", flat=True))
        for lot in gather(some, known_on=known_on)
    )


def assess_one(lot: LotToAssess, sitting: Sitting | SupposedSitting) -> ExposureResult:
    """The finding on one lot, kept on no record."""
    return sitting.assess(lot.facts, lot.vendor, lot.value)


def standing(lot: LotToAssess, result: ExposureResult) -> Standing:
    """What the shares need of a finding that is on no record."""
    return Standing(
        lot_id=lot.lot_id,
        maker=lot.facts.maker,
        model=lot.facts.model,
        country_of_origin=result.origin,
        country_of_assembly=lot.facts.country_of_assembly,
        rate=result.rate,
        best=result.best,
        worst=result.worst,
        sanction=result.sanction.level,
        is_screened=result.sanction.is_screened,
        band=result.band.value,
        duty_to_come=result.amounts.duty_to_come,
        contingent=result.amounts.contingent,
        refundable=result.amounts.refundable,
        replacement=result.amounts.replacement,
        doubted_facts=tuple(doubt.fact for doubt in result.doubts),
    )
