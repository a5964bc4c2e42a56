"""The doubt of an operator's fleet, as last assessed."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.models import Operator
from fleet.selectors import holdings
from risk.engine.doubt import FleetDoubt, fleet_doubt
from risk.fleet_findings import held_rigs, standing_of
from risk.models import Exposure, PolicyEdition
from risk.selectors import threshold_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorDoubt:
    """What is unknown of a fleet, and the edition under which it is; None before the first is published."""

    operator: Operator
    edition: PolicyEdition | None
    doubt: FleetDoubt


def doubt_of_fleet(operator: Operator) -> OperatorDoubt:
    """What is unknown of the fleet by its current findings; a lot not yet assessed is unknown."""
    findings = Exposure.objects.current().filter(lot__operator=operator)
    standings = {row.lot_id: standing_of(row) for row in findings}
    held = held_rigs(holdings(operator), standings)
    return OperatorDoubt(
        operator=operator,
        edition=PolicyEdition.objects.current(),
        doubt=fleet_doubt(held, threshold=threshold_of(operator)),
    )
