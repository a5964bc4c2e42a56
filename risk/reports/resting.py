"""What a report on a fleet rests on, read at the moment of writing."""

from __future__ import annotations

from django.utils.timezone import localtime

from risk.dashboard.fleet_view import FleetView
from risk.models import PolicyEdition
from risk.models.exposure import by_edition
from risk.reports.document import Basis
from risk.selectors import list_editions_of, progress_of


def basis_of(fleet: FleetView) -> Basis:
    """Edition and lists of the findings, when the last one was made, what is owed, and the fleet's size."""
    edition, progress = PolicyEdition.objects.current(), progress_of(fleet.operator)
    assessed_at = max((row.assessed_at for row in fleet.findings.values()), default=None)
    return Basis(
        edition=edition.number if edition else None,
        verified_through=edition.verified_through if edition else None,
        lists=tuple(by_edition(list_editions_of(fleet.operator))),
        assessed_at=localtime(assessed_at) if assessed_at else None,
        owed_lots=progress.owed_lots,
        set_aside_lots=progress.set_aside_lots,
        lots=fleet.shares.lots,
        rigs=fleet.shares.fleet.units,
    )
