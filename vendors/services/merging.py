"""Merge two records of one vendor, put on record what moved, and tell whoever must look anew."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ledger.models import record_all
from vendors.flows.merge_vendors import Merge, carry_out, planned_merge
from vendors.models import Vendor
from vendors.services.audited import refuse_without_reason, subject_of
from vendors.signals import vendors_changed, vendors_merged, vendors_renamed


def merge_vendors(
    *, merged: Vendor, into: Vendor, operator: Any, why: str, by: Any = None, through: str = ""
) -> Merge:
    """Make one record of two: the first becomes a tombstone whose slug leads to the second.

    `operator`: whose merge it is, None for the platform's; an operator may merge its own private records, also into
    the register, where only what it keeps for itself goes along. Returns what moved. Raises ValidationError for
    records of others and for two that cannot become one.
    """
    refuse_without_reason(why)
    _refuse_strangers(merged, into, operator)
    with transaction.atomic():
        _hold(merged, into)
        merge = planned_merge(merged, into)
        carry_out(merge)
        told = {"why": why.strip(), "moved": merge.counts, "stayed": merge.stays, "through": through}
        owner = operator.pk if operator else None
        pair = {"merged": merged.name, "into": into.name, "from_id": merged.pk, "into_id": into.pk}
        deed = {"deed": "vendors merged", "by": by, "operator_id": owner, "detail": {**pair, **told}}
        record_all([{**deed, "subject": subject_of(vendor)} for vendor in (merged, into)])
        vendors_merged.send(sender=Vendor, from_id=merged.pk, into_id=into.pk)
        vendors_renamed.send(sender=Vendor, vendor_ids=[into.pk])
        cause = f"vendor {merged.name} merged into {into.name}"[:200]
        if merged.operator_id == into.operator_id:
            vendors_changed.send(sender=Vendor, vendor_ids=[into.pk, merged.pk], cause=cause)
    return merge


def _hold(*vendors: Vendor) -> None:
    """Nobody else merges or changes these rows until this is done; they are read anew as they stand now."""
    list(Vendor.objects.select_for_update().filter(pk__in=[each.pk for each in vendors]).order_by("pk"))
    for each in vendors:
        each.refresh_from_db()


def _refuse_strangers(merged: Vendor, into: Vendor, operator: Any) -> None:
    owner = operator.pk if operator else None
    if merged.operator_id != owner or into.operator_id not in (owner, None):
        raise ValidationError("Only who keeps both records can merge them.", code="record_of_others")
