"""What a change made of a fleet's exposed share, on record by its causes: one row a day for the same causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localtime

from risk.engine.alerts import points_between
from risk.engine.shares import MEASURES, Kind
from risk.flows.fleet_changes import Change
from risk.flows.fleet_figures import FleetFigures
from risk.flows.snapshots import as_share, as_text
from risk.models import ShareMove

Told = Mapping[str, Decimal | None]


def keep_moves(changes: Iterable[Change], *, now: datetime) -> None:
    """Put on record how the exposed share (tariff or sanction) of fleets moved, in the transaction of the findings.

    A change whose causes are one is that cause's; what several did together stays theirs together.
    """
    moved = [change for change in changes if _shares(change.after) != _shares(change.before)]
    day = localtime(now).date()
    rows = ShareMove.objects.filter(day=day, operator__in=[change.operator.pk for change in moved])
    known = {(row.operator_id, tuple(row.causes)): row for row in rows}
    new: list[ShareMove] = []
    again: list[ShareMove] = []
    for change in moved:  # each of another operator
        row = known.get((change.operator.pk, tuple(sorted(change.causes))))
        (again if row else new).append(_moved_on(row or _begun(change, day, now), change, now))
    ShareMove.objects.bulk_create(new)
    ShareMove.objects.bulk_update(again, ["after", "points", "last_at"])


def _shares(figures: FleetFigures) -> Told:
    return figures.exposed[Kind.ANY].shares


def _begun(change: Change, day: date, now: datetime) -> ShareMove:
    return ShareMove(
        operator=change.operator,
        day=day,
        causes=sorted(change.causes),
        before=_kept(_shares(change.before)),
        points=_kept(dict.fromkeys(MEASURES, Decimal(0))),
        first_at=now,
    )


def _moved_on(row: ShareMove, change: Change, now: datetime) -> ShareMove:
    """The move with this change added to it; what is not known of one is not known of both."""
    before, after = _shares(change.before), _shares(change.after)
    points = {name: points_between(before[name], after[name]) for name in MEASURES}
    so_far = {name: as_share(text) for name, text in row.points.items()}
    row.points = _kept({name: _sum(so_far[name], points[name]) for name in MEASURES})
    row.after, row.last_at = _kept(after), now
    return row


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _kept(shares: Told) -> dict[str, str | None]:
    return {name: as_text(share) for name, share in shares.items()}
