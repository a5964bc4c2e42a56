"""Purchases that are checked, limited and ordered; a refusal is raised before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from fleet.flows.purchase_orders import units_of_order
from fleet.models import Operator, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload
from ledger.models import record
from risk.engine.exposure import ENGINE_VERSION
from risk.engine.facts import as_plain, from_plain
from risk.engine.verdicts import PurchaseLimit, PurchaseVerdict, limit_from
from risk.flows.checked_order import CheckedOrder
from risk.flows.order_sheet import choices_for, order_sheet
from risk.models import (
    PurchaseCheck,
    PurchaseRule,
)
from risk.scenarios import AskedOrder


def keep_purchase_check(
    *,
    checked: CheckedOrder,
    answered: Callable[[PurchaseCheck], dict[str, Any]],
    at: datetime,
    by: Any = None,
    key_prefix: str = "",
) -> PurchaseCheck:
    """Put an answer about a purchase on record, word for word as `answered` gives it of the record."""
    decided, order = checked.decided, checked.order
    first, landed = decided.decided_by, checked.landed_cost
    check = PurchaseCheck(
        operator=checked.operator,
        asked=as_plain(order),
        asked_on=checked.on,
        edition=checked.edition,
        list_editions=checked.list_editions,
        engine_version=ENGINE_VERSION,
        digest=checked.digest,
        verdict=decided.verdict.value,
        decided_by=first.sentence[:300] if first else "",
        purchase_order=order.purchase_order or "",
        reference=order.reference or "",
        lines=len(order.lines),
        units=sum(line.units for line in order.lines),
        landed_cents=landed.cents if landed else None,
        made_at=at,
        made_by=by,
        made_with=key_prefix,
    )
    check.told = json.dumps(answered(check), ensure_ascii=False, separators=(",", ":"))
    with transaction.atomic():
        check.save()
        record(
            deed="purchase checked",
            subject=f"check {check.code}",
            by=by,
            operator_id=check.operator_id,
            verdict=check.verdict,
            digest=check.digest,
            key=key_prefix,
        )
    return check


def set_purchase_limits(
    *, operator: Operator, limits: Iterable[tuple[str, str, str]], by: Any
) -> tuple[PurchaseLimit, ...]:
    """Make these the operator's limits on purchases: (kind, measure, verdict) in their order; none: the shipped ones.

    Raises ValidationError with every limit that is none, or stands there twice; nothing is written then.
    """
    read, wrong = [], []
    for number, said in enumerate(limits, start=1):
        try:
            read.append(limit_from(*said))
        except ValueError as complaint:
            wrong.append(f"Limit {number}: {complaint}")
    if len({(limit.kind, limit.measure) for limit in read}) < len(read):
        wrong.append("One limit stands there twice.")
    if wrong:
        raise ValidationError(wrong, code="limit_unfit")
    rows = [
        PurchaseRule(
            operator=operator, kind=each.kind, measure=each.measure, verdict=each.verdict, place=place
        )
        for place, each in enumerate(read)
    ]
    with transaction.atomic():
        before = [str(rule) for rule in PurchaseRule.objects.of(operator).order_by("place", "pk")]
        PurchaseRule.objects.of(operator).delete()
        PurchaseRule.objects.bulk_create(rows)
        record(
            deed="purchase limits set",
            subject=f"operator {operator.pk}",
            by=by,
            operator_id=operator.pk,
            before=before,
            after=[limit.words for limit in read],
        )
    return tuple(read)


class OrderRefused(ValidationError):
    """A checked order that was not put on order; `lines` are those that stand in the way, each with its sentence."""

    def __init__(self, sentence: str, *, code: str, lines: Mapping[int, str] | None = None) -> None:
        super().__init__(sentence, code=code)
        self.lines = lines or {}


def order_purchase(
    *, check: PurchaseCheck, number: str = "", because: str = "", by: Any = None
) -> tuple[Upload, bool]:
    """Put the rigs of a checked order on order, by an upload like any other; the upload, and whether it is new.

    Once: while that upload waits or stands, it is returned. Raises OrderRefused where the verdict refuses, where it
    asks and nobody says why to order all the same, for a model that nobody knows, and for a number that has rigs.
    """
    with transaction.atomic():
        check = (
            PurchaseCheck.objects.select_for_update(of=("self",)).select_related("operator").get(pk=check.pk)
        )
        if check.upload is not None and check.upload.state not in _ORDERED_NOTHING:
            return check.upload, False
        number = " ".join((number or check.purchase_order).split())
        _refuse_order(check, number, because)
        order = from_plain(AskedOrder, check.asked)
        sheet = ContentFile(order_sheet(order).encode())
        upload = accept_upload(
            operator=check.operator,
            file=sheet,
            file_name=f"{check.code}.csv",
            by=by,
            choices=choices_for(number),
        )
        PurchaseCheck.objects.filter(pk=check.pk).update(upload=upload)
        record(
            deed="checked purchase ordered",
            subject=f"check {check.code}",
            by=by,
            operator_id=check.operator_id,
            purchase_order=number,
            upload=upload.pk,
            verdict=check.verdict,
            why=because.strip(),
        )
    return upload, True


_ORDERED_NOTHING = (UploadState.REFUSED, UploadState.CANCELLED, UploadState.UNDONE, UploadState.FAILED)


def _refuse_order(check: PurchaseCheck, number: str, because: str) -> None:
    if not number:
        raise OrderRefused("Give the number of the purchase order.", code="purchase_order_missing")
    if check.verdict == PurchaseVerdict.REFUSE:
        sentence = f"Check {check.code} refuses this order: {check.decided_by}"
        raise OrderRefused(sentence, code="check_refuses")
    unknown = {
        line["line"]: line["model"]["sentence"] for line in check.answer["lines"] if line["model"]["sentence"]
    }
    if unknown:
        sentence = f"{len(unknown)} lines have no model of the catalogue; name it and check the order again."
        raise OrderRefused(sentence, code="model_unknown", lines=unknown)
    if check.verdict == PurchaseVerdict.ASK and not because.strip():
        sentence = (
            f"Check {check.code} asks: {check.decided_by} Say in `because` why it is ordered all the same."
        )
        raise OrderRefused(sentence, code="check_asks")
    if units := units_of_order(check.operator, number):
        sentence = f"Purchase order {number} has {units:,} rigs on record already; give another number."
        raise OrderRefused(sentence, code="purchase_order_on_record")
