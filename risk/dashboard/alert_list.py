"""Alerts as people read them: the list, and what one of them counts, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from fleet.models import Operator
from risk.dashboard.words import NOT_KNOWN, about_dollars, counted, percent, whole
from risk.flows.alert_parts import points_in_words
from risk.models import Alert, AlertKind
from risk.models.outbound import AlertQuerySet

PAGE_SIZE = 50
# By which part of the list of lots the lots of a part are found, where there is one.
LOTS_OF_KIND: Mapping[str, Mapping[str, str]] = {AlertKind.LOT_BLOCKED: {"sanction": "blocked"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One thing that an alert tells, in words; `query` finds its lots in the list of lots."""

    what: str
    lots: str
    rigs: str
    value: str
    share: str
    points: str
    query: str


def alerts_shown(operator: Operator, *, works_there: bool, keeps_register: bool) -> AlertQuerySet:
    """The alerts of an operator; those of its private vendors only to those who work there, those of the register
    only to those who keep it."""
    private = Q() if works_there else ~Q(kind=AlertKind.HITS_OPENED)
    own = Q(operator=operator) & private
    return Alert.objects.filter(own | Q(operator__isnull=True) if keeps_register else own)


def parts_in_words(alert: Alert) -> list[PartLine]:
    """Each part of an alert with its counts; "–" where a part has none, "not known" where nobody knows."""
    return [_part(counts) for counts in alert.counts]


def _part(counts: Mapping[str, Any]) -> PartLine:
    return PartLine(
        what=_what(counts),
        lots=_before_and_now(counts, "lots", "lot"),
        rigs=_before_and_now(counts, "units", "rig"),
        value=_value(counts),
        share=_share(counts),
        points=points_in_words(Decimal(counts["points"])) if counts.get("points") else "–",
        query=urlencode(_query(counts)),
    )


def _what(counts: Mapping[str, Any]) -> str:
    kind = AlertKind(counts["kind"]).label
    return f"{kind} ({counts['share']}, by {counts['measure']})" if "share" in counts else kind


def _before_and_now(counts: Mapping[str, Any], name: str, thing: str) -> str:
    if name not in counts:
        return "–"
    before = counts.get(f"{name}_before")
    now = counted(counts[name], thing)
    return now if before is None else f"{whole(before)} → {now}"


def _value(counts: Mapping[str, Any]) -> str:
    if "value_cents" not in counts:
        return "–"
    return NOT_KNOWN if counts["value_cents"] is None else about_dollars(counts["value_cents"])


def _share(counts: Mapping[str, Any]) -> str:
    if "after" not in counts:
        return "–"
    before, after = (None if counts[side] is None else Decimal(counts[side]) for side in ("before", "after"))
    return f"{percent(before)} → {percent(after)}"


def _query(counts: Mapping[str, Any]) -> Mapping[str, str]:
    if counts["kind"] in (AlertKind.THRESHOLD, AlertKind.SHARE_MOVED):
        return {"kind": counts["share"]}
    return LOTS_OF_KIND.get(counts["kind"], {})
