"""What the next screening run has to do, read off what caused it: editions, vendors, versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from risk.engine.hits import REVIEW_THRESHOLD
from risk.engine.names import NORMALISER_VERSION
from risk.flows.asked_parties import vendors_to_ask
from risk.flows.lists_in_force import Key, keys_differing
from risk.models import ListEdition, NameWeights, ScreeningHit, ScreeningRun, VendorScreening
from risk.models.screening import HitQuerySet

Kind = ScreeningRun.Kind
MOST_GROWN = 10
"""The difference in listed parties, in percent, from which words are counted anew, and so everybody is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one run has to do.

    `weights` None: words are counted anew. `differing` are the entries that a run over lists asks about; `waiting`
    says since when the vendors wait that do, as it stood before they were gathered.
    """

    kind: ScreeningRun.Kind
    cause: str
    last: ScreeningRun | None
    editions: tuple[ListEdition, ...]
    weights: NameWeights | None
    vendor_ids: tuple[int, ...] = ()
    differing: frozenset[Key] = frozenset()
    waiting: Mapping[int, datetime] = field(default_factory=dict)


def what_is_owed(*, full: bool = False) -> Owed | None:
    """What the next run has to do; None where everything is screened or nothing can be."""
    editions = tuple(ListEdition.objects.in_force())
    if not editions:
        return None
    last = ScreeningRun.objects.last_run()
    cause = _cause_to_count(last, editions)
    if last is None or cause or full or last.threshold != REVIEW_THRESHOLD:
        told = cause or ("it was asked for" if full else f"the threshold is {REVIEW_THRESHOLD}")
        weights = None if last is None or cause else last.weights
        waiting = _waiting()
        return Owed(
            kind=Kind.FULL, cause=told, last=last, editions=editions, weights=weights, waiting=waiting
        )
    newer = [each for each in editions if last.editions[each.format]["id"] != each.pk]
    if newer:
        return _owed_by_lists(last, editions, newer)
    waiting, vendor_ids = _waiting(), tuple(vendors_owed())
    cause = f"{len(vendor_ids)} new or changed vendors"
    return (
        Owed(
            kind=Kind.VENDORS,
            cause=cause,
            last=last,
            editions=editions,
            weights=last.weights,
            vendor_ids=vendor_ids,
            waiting=waiting,
        )
        if vendor_ids
        else None
    )


def vendors_owed() -> list[int]:
    """The vendors that were never screened, or that are asked about in other words since."""
    waiting = vendors_to_ask().filter(Q(screening__isnull=True) | Q(screening__owed_at__isnull=False))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _waiting() -> dict[int, datetime]:
    rows = VendorScreening.objects.filter(owed_at__isnull=False).values_list("vendor_id", "owed_at")
    return {vendor_id: since for vendor_id, since in rows if since}


def _cause_to_count(last: ScreeningRun | None, editions: Sequence[ListEdition]) -> str:
    """Why words have to be counted anew, and so everybody asked; empty where they need not."""
    if last is None:
        return "the first run"
    if last.normaliser_version != NORMALISER_VERSION:
        return f"names are compared by version {NORMALISER_VERSION}"
    counted = last.weights.editions
    if new := sorted({each.format for each in editions} - set(counted)):
        return f"the first edition of {', '.join(new)}"
    before, now = sum(counted.values()), sum(sum(each.rows.values()) for each in editions)
    return f"{now:,} listed parties, not {before:,}" if abs(now - before) * 100 > before * MOST_GROWN else ""


def _owed_by_lists(last: ScreeningRun, editions: tuple[ListEdition, ...], newer: list[ListEdition]) -> Owed:
    before = ListEdition.objects.in_bulk([last.editions[each.format]["id"] for each in newer])
    differing = {
        key for each in newer for key in keys_differing(before.get(last.editions[each.format]["id"]), each)
    }
    cause = "; ".join(str(each) for each in newer)[:300]
    return Owed(
        kind=Kind.LISTS,
        cause=cause,
        last=last,
        editions=editions,
        weights=last.weights,
        differing=frozenset(differing),
    )


def known_hits(owed: Owed) -> HitQuerySet:
    """The hits on record that the run asked about anew."""
    if owed.kind is Kind.FULL:
        return ScreeningHit.objects.all()
    if owed.kind is Kind.VENDORS:
        return ScreeningHit.objects.filter(vendor_id__in=owed.vendor_ids)
    by_list: dict[str, list[str]] = defaultdict(list)
    for list_code, number in owed.differing:
        by_list[list_code].append(number)
    on_record = ScreeningHit.objects.filter(list_code__in=by_list).values_list("pk", "list_code", "entity_id")
    pks = [pk for pk, list_code, number in on_record if (list_code, number) in owed.differing]
    return ScreeningHit.objects.filter(pk__in=pks)
