"""What every change of a vendor shares: who may, why, what goes on record, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ledger.models import record
from vendors.models import Vendor
from vendors.selectors import what_is_read
from vendors.signals import vendors_changed, vendors_renamed


@dataclass(slots=True)
class Deed:
    """One change on its way onto the record: `detail` fills while it is done."""

    detail: dict[str, Any] = field(default_factory=dict)


def subject_of(vendor: Vendor) -> str:
    """Under what the audit history of a vendor stands."""
    return f"vendor {vendor.pk}"


@contextmanager
def on_record(
    vendor: Vendor, deed: str, *, operator: Any, by: Any, why: str, through: str = "", **detail: Any
) -> Iterator[Deed]:
    """A transaction around a change; afterwards it is in the audit history, and whoever reads the vendor is told if
    it now reads differently.

    `operator`: whose the change is, None for the platform's. `through`: by which key it came, if by a program.
    """
    doing = Deed(detail)
    with transaction.atomic():
        before, was = what_is_read([vendor.pk]), Vendor.objects.values_list("name", flat=True)
        name_before = was.filter(pk=vendor.pk).first()
        yield doing
        told = {"why": why.strip(), **({"through": through} if through else {}), **doing.detail}
        record(
            deed=deed,
            subject=subject_of(vendor),
            by=by,
            operator_id=operator.pk if operator else None,
            **told,
        )
        # In the order in which uploads take rows: fleets first, what is owed then.
        if name_before not in (None, vendor.name):
            vendors_renamed.send(sender=Vendor, vendor_ids=[vendor.pk])
        if what_is_read([vendor.pk]) != before:
            vendors_changed.send(sender=Vendor, vendor_ids=[vendor.pk], cause=f"vendor {vendor.name}"[:200])


def refuse_without_reason(why: str) -> None:
    """Raises ValidationError beside the field `why`."""
    if not why.strip():
        raise ValidationError({"why": "Say why, for the history."})


def refuse_others(vendor: Vendor, operator: Any) -> None:
    """The register is the platform's, a private vendor its operator's. Raises ValidationError for anybody else's,
    and for a record that was merged."""
    if vendor.operator_id != (operator.pk if operator else None):
        whose = "the platform's" if vendor.operator_id is None else "an operator's"
        raise ValidationError(
            f"The record of {vendor} is {whose}; you cannot change it.", code="record_of_others"
        )
    refuse_merged(vendor)


def refuse_merged(vendor: Vendor) -> None:
    """Raises ValidationError for a tombstone."""
    if vendor.merged_into_id:
        sentence = f"{vendor} was merged into {vendor.survivor}; change that record."
        raise ValidationError(sentence, code="record_merged")


def laid_on(row: models.Model, said: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Lay values over a row; what differs, old and new, as the history tells it."""
    differs = {}
    for name, value in said.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            differs[name] = [_told(before), _told(value)]
    return differs


def _told(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def as_told(row: models.Model, names: tuple[str, ...]) -> dict[str, str]:
    """What a row says, as the history tells it; without what is empty."""
    return {name: str(getattr(row, name)) for name in names if getattr(row, name) not in (None, "")}
