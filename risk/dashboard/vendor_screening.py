"""How a vendor stands with screening, in words for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from risk.dashboard.screening_page import STATE_WORDS
from risk.engine.reviews import HitState
from risk.models import ScreeningHit, VendorScreening
from vendors.models import Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorScreened:
    """When the vendor was last asked about, None where it waits for its first turn; whether it waits for another; and
    its hits by state, those that await a decision first."""

    at: datetime | None
    is_owed: bool
    waiting: int
    hits: tuple[tuple[str, int], ...]


def vendor_screened(vendor: Vendor, *, operator: Any) -> VendorScreened:
    """As an operator may see it; with None, as the platform does. Two queries."""
    last = VendorScreening.objects.filter(vendor=vendor).select_related("run").first()
    hits = ScreeningHit.objects.visible_to(operator).filter(vendor=vendor).order_by()
    counts = dict(hits.values_list("state").annotate(Count("pk")))
    states = sorted(map(HitState, counts), key=lambda state: (not state.awaits_decision, state.value))
    return VendorScreened(
        at=last.run.finished_at if last and last.run else None,
        is_owed=last is None or last.owed_at is not None,
        waiting=sum(counts[state] for state in states if state.awaits_decision),
        hits=tuple((STATE_WORDS[state], counts[state]) for state in states),
    )
