"""Findings of a batch -> what became of the fleets that it settles -> its moves, one alert for each cause, events."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from ledger.models import tell
from risk.flows.alert_parts import Part, parts_of
from risk.flows.alert_rows import LOTS_NAMED, put_on_record
from risk.flows.claims import Claimed, Held
from risk.flows.fleet_changes import Change, changes_settled_by
from risk.flows.fleet_figures import WATCHED
from risk.flows.share_moves import keep_moves
from risk.flows.snapshots import as_text
from risk.flows.told_causes import told_causes
from risk.models import Alert, AlertKind, AssessmentRun

EXPOSURE_PATH = "/api/v1/exposure/"
LONGEST_CAUSE = 300

log = logging.getLogger(__name__)


def raise_alerts(held: Held, *, now: datetime) -> None:
    """Tell of what the findings of a batch changed, in the transaction that records them and before the batch is
    struck off what is owed. A fleet of which more is owed is looked at when that is settled.

    A fault of ours in the telling holds up no finding: what was told stays as it was, and the next change of the
    fleet tells all that differs from it.
    """
    if _is_a_look_at_another_day(held.claimed):
        return
    try:
        with transaction.atomic():
            _raise_alerts(held, now)
    except DatabaseError:
        raise
    except Exception:
        log.exception("What changed was not told of; the next change of the fleets will tell it.")


def _is_a_look_at_another_day(claimed: Claimed) -> bool:
    """A person asked how the fleet stands on a day; nobody is told of what is not so today."""
    runs = {run_id for run_id in claimed.run_by_lot.values() if run_id is not None}
    asked = AssessmentRun.objects.filter(pk__in=runs, kind=AssessmentRun.Kind.ASKED)
    return claimed.day is not None and asked.exists()


def _raise_alerts(held: Held, now: datetime) -> None:
    changes = changes_settled_by(held)
    keep_moves(changes, now=now)
    for change in changes:
        _tell_programs(change)
    told = [(change, parts) for change in changes if (parts := parts_of(change))]
    causes = told_causes({change.operator.pk: change.causes for change, _ in told})
    put_on_record(_alert(change, parts, causes[change.operator.pk], now) for change, parts in told)


def _alert(change: Change, parts: list[Part], cause: str, now: datetime) -> Alert:
    """One alert that tells all that one change did; the most pressing part gives it its kind."""
    return Alert(
        kind=parts[0].kind,
        operator=change.operator,
        about=f"change {change.number}",
        cause=cause[:LONGEST_CAUSE],
        sentence=" ".join([f"{cause[:1].upper()}{cause[1:]}.", *(part.sentence for part in parts)]),
        counts=[{"kind": part.kind.value, **part.counts} for part in parts],
        detail={
            "causes": dict(change.causes),
            "lots": [pk for part in parts for pk in part.lot_ids[:LOTS_NAMED]],
        },
        made_at=now,
    )


def _tell_programs(change: Change) -> None:
    """The shares that differ, and every threshold that was crossed."""
    if change.after != change.before:
        _tell(change, AlertKind.SHARE_MOVED, shares=_shares(change))
    for kind, crossed in change.crossings.items():
        _tell(
            change,
            AlertKind.THRESHOLD,
            share=kind.value,
            measure=change.rule.measure,
            side=crossed.side.name.lower(),
            before=as_text(crossed.before),
            after=as_text(crossed.after),
            threshold=as_text(crossed.threshold),
            lots=change.after.exposed[kind].lots,
            units=change.after.exposed[kind].units,
        )


def _tell(change: Change, kind: AlertKind, **body: Any) -> None:
    tell(
        kind=kind.value,
        about=f"exposure:{change.operator.pk}",
        operator_id=change.operator.pk,
        path=EXPOSURE_PATH,
        causes=sorted(change.causes),
        **body,
    )


def _shares(change: Change) -> dict[str, dict[str, Any]]:
    """Each exposed share by units, before and after, with the lots and units that are exposed now."""
    before, after = change.before.exposed, change.after.exposed
    return {
        kind.value: {
            "before": as_text(before[kind].shares["units"]),
            "after": as_text(after[kind].shares["units"]),
            "lots": after[kind].lots,
            "units": after[kind].units,
        }
        for kind in WATCHED
    }
