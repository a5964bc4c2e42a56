"""The exposed share of every operator before and after a draft is published: assessed, nothing recorded."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fleet.models import Operator
from fleet.selectors import holdings
from risk.book import considered
from risk.engine.shares import Standing
from risk.engine.sittings import Sitting
from risk.fleet_findings import standing_of
from risk.flows.gather_lots import LotToAssess
from risk.flows.share_on import assess_one, exposure_of, standing, standing_lots
from risk.models import Exposure, PolicyEdition
from risk.selectors import FleetExposure, exposed_share

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPreview:
    """What a draft would do to one operator: the share, how many findings would differ, how many lots fail."""

    operator: Operator
    before: FleetExposure
    after: FleetExposure
    lots: int
    lots_moved: int
    lots_set_aside: int


def preview_edition(
    edition: PolicyEdition, *, on: date, today: date | None = None
) -> Iterator[EditionPreview]:
    """One preview for each operator, by name; the operators of an empty fleet are among them.

    Equal to the last digit to what the front page shows once the edition is published and its lots are
    assessed on that day. Of another day than `today` the share before is worked out too, under the current
    edition; of today it is the one on record.
    """
    sitting = Sitting(considered(edition), on)
    is_recorded = today is None or on == today
    current = None if is_recorded else PolicyEdition.objects.current()
    operators = Operator.objects.order_by("name")
    return (_preview(operator, edition, current, sitting, today) for operator in operators)


def _preview(
    operator: Operator,
    edition: PolicyEdition,
    current: PolicyEdition | None,
    sitting: Sitting,
    today: date | None,
) -> EditionPreview:
    """Gather and decide, as for every assessment; what is recorded is only read."""
    lots, recorded, on = list(standing_lots(operator, known_on=today)), _recorded(operator), sitting.on
    before = exposed_share(operator, on=on)
    if current:
        recorded, _ = _decided(lots, {}, Sitting(considered(current), on))
        before = exposure_of(operator, holdings(operator), recorded, edition=current, on=on)
    standings, set_aside = _decided(lots, recorded, sitting)
    return EditionPreview(
        operator=operator,
        before=before,
        after=exposure_of(operator, holdings(operator), standings, edition=edition, on=on),
        lots=len(standings),
        lots_moved=sum(recorded.get(lot_id) != after for lot_id, after in standings.items()),
        lots_set_aside=set_aside,
    )


def _recorded(operator: Operator) -> dict[int, Standing]:
    rows = Exposure.objects.current().filter(lot__operator=operator)
    return {row.lot_id: standing_of(row) for row in rows}


def _decided(
    lots: Iterable[LotToAssess], recorded: dict[int, Standing], sitting: Sitting
) -> tuple[dict[int, Standing], int]:
    """The standing of each lot. One on which the engine fails keeps what is on record, as it would afterwards."""
    standings, set_aside = {}, 0
    for lot in lots:
        try:
            standings[lot.lot_id] = standing(lot, assess_one(lot, sitting))
        except Exception:
            log.exception("Lot %s could not be assessed under a draft.", lot.lot_id)
            set_aside += 1
            if lot.lot_id in recorded:
                standings[lot.lot_id] = recorded[lot.lot_id]
    return standings, set_aside
