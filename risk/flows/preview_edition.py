"""The exposed share of every operator before and after a draft is published: assessed, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fleet.models import Operator
from fleet.selectors import holdings
from risk.book import considered
from risk.engine.outcomes import Considered
from risk.engine.shares import Standing, fleet_shares
from risk.flows.share_on import assess_one, standing, standing_lots
from risk.models import Exposure, PolicyEdition
from risk.selectors import FleetExposure, exposed_share, held_rigs, standing_of, threshold_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPreview:
    """What a draft would do to one operator's exposed share, and of how many lots the finding would differ."""

    operator: Operator
    before: FleetExposure
    after: FleetExposure
    lots: int
    lots_moved: int


def preview_edition(edition: PolicyEdition, *, on: date) -> Iterator[EditionPreview]:
    """One preview for each operator, by name; the operators of an empty fleet are among them.

    Equal to the last digit to what the front page shows once the edition is published and its lots are
    assessed on that day.
    """
    book = considered(edition)
    return (_preview(operator, edition, book, on) for operator in Operator.objects.order_by("name"))


def _preview(operator: Operator, edition: PolicyEdition, book: Considered, on: date) -> EditionPreview:
    """Gather and decide, as for every assessment; what is recorded is only read."""
    before = exposed_share(operator, on=on)
    standings = {lot.lot_id: standing(lot, assess_one(lot, book, on)) for lot in standing_lots(operator)}
    after = FleetExposure(
        operator=operator,
        assessed_on=on,
        edition=edition,
        list_editions=before.list_editions,
        whole=fleet_shares(held_rigs(holdings(operator), standings), threshold=threshold_of(operator)),
        groups=None,
        owed_lots=0,
        assessed_at=None,
    )
    return EditionPreview(
        operator=operator,
        before=before,
        after=after,
        lots=len(standings),
        lots_moved=_moved(operator, standings),
    )


def _moved(operator: Operator, standings: dict[int, Standing]) -> int:
    rows = Exposure.objects.current().filter(lot__operator=operator).defer("explanation")
    recorded = {row.lot_id: standing_of(row) for row in rows}
    return sum(recorded.get(lot_id) != after for lot_id, after in standings.items())
