"""Purchases that are checked, limited and ordered; a refusal is raised before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from fleet.flows.purchase_orders import folded, units_of_order
from fleet.models import Operator, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload
from ledger.models import record
from risk.engine.exposure import ENGINE_VERSION
from risk.engine.kept_facts import as_plain, from_plain
from risk.engine.verdicts import PurchaseLimit, PurchaseVerdict, limit_from
from risk.flows.check_purchase import check_purchase
from risk.flows.checked_order import CheckedOrder
from risk.flows.order_sheet import choices_for, order_sheet
from risk.models import (
    PolicyEdition,
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
    check.told = orjson.dumps(answered(check)).decode()
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
    """Make these the operator's limits on purchases: (kind, measure, verdict) in their order.

    Shipped limits of other kinds hold beside them.
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
        _lock(operator.pk)
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
    *,
    check: PurchaseCheck,
    today: date,
    number: str = "",
    because: str = "",
    by: Any = None,
    key_prefix: str = "",
) -> tuple[Upload, bool]:
    """Put the rigs of a checked order on order, by an upload like any other; the upload, and whether it is new.

    Once: while that upload waits or stands, it is returned. Raises OrderRefused where the same question would be
    decided otherwise `today`, where the verdict refuses, where it asks and nobody says why to order all the same,
    for a model that nobody knows, and for a number that has rigs.
    """
    with transaction.atomic():
        _lock(check.operator_id)
        check = (
            PurchaseCheck.objects.select_for_update(of=("self",)).select_related("operator").get(pk=check.pk)
        )
        if check.upload is not None and check.upload.state not in _ORDERED_NOTHING:
            return check.upload, False
        number = " ".join((number or check.purchase_order).split())
        if not number:
            raise OrderRefused("Give the number of the purchase order.", code="purchase_order_missing")
        _refuse_stale(check, today)
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
            key=key_prefix,
        )
    return upload, True


_ORDERED_NOTHING = (UploadState.REFUSED, UploadState.CANCELLED, UploadState.UNDONE, UploadState.FAILED)


def _lock(operator_id: int) -> None:
    """Whoever sets the limits of this operator, or puts something on order for it, waits until this is done."""
    Operator.objects.select_for_update(no_key=True).get(pk=operator_id)


def _refuse_stale(check: PurchaseCheck, today: date) -> None:
    """Decide the same order again for its day; refuse where law, lists, limits or parties answer otherwise."""
    edition = PolicyEdition.objects.current()
    if edition is None:
        raise OrderRefused("No policy edition is published any more; check again.", code="check_stale")
    order = from_plain(AskedOrder, check.asked)
    again = check_purchase(check.operator, order, edition=edition, on=check.asked_on, today=today)
    then, now = _stood_on(check), _stands_on(again)
    if moved := [name for name in now if then[name] != now[name]]:
        sentence = f"Since check {check.code} there is another answer on: {', '.join(moved)}; check again."
        raise OrderRefused(sentence, code="check_stale")


def _stood_on(check: PurchaseCheck) -> dict[str, object]:
    """What decided a check, as its record tells it; the fleet aside, which moves with every other order."""
    told = check.answer
    return {
        "the law": check.edition_id,
        "the lists": check.list_editions,
        "the engine": check.engine_version,
        "the limits": [limit["words"] for limit in told["rests_on"]["limits"]],
        "the verdict": check.verdict,
        "what decides": [(each["limit"], each["verdict"], each["line"]) for each in told["because"]],
        "the parties": [
            [
                (
                    party["vendor"],
                    party["level"],
                    [(each["list"], each["entity_id"], each["is_confirmed"]) for each in party["listings"]],
                )
                for party in line["sanction"]["parties"]
            ]
            for line in told["lines"]
        ],
    }


def _stands_on(checked: CheckedOrder) -> dict[str, object]:
    """The same of an order that is decided now."""
    return {
        "the law": checked.edition.pk,
        "the lists": checked.list_editions,
        "the engine": ENGINE_VERSION,
        "the limits": [limit.words for limit in checked.limits],
        "the verdict": checked.decided.verdict.value,
        "what decides": [
            (each.limit.words, each.verdict.value, each.line) for each in checked.decided.because
        ],
        "the parties": [
            [
                (
                    party.vendor_id,
                    party.sanction.level.value,
                    [(each.list_code, each.entity_id, each.is_confirmed) for each in party.facts.listings],
                )
                for party in line.parties
            ]
            for line in checked.lines
        ],
    }


def _refuse_order(check: PurchaseCheck, number: str, because: str) -> None:
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
    if other := _ordered_under(check.operator, number):
        sentence = (
            f"Purchase order {number} is that of check {other}, which was put on order; give another number."
        )
        raise OrderRefused(sentence, code="purchase_order_on_record")
    if units := units_of_order(check.operator, number):
        sentence = f"Purchase order {number} has {units:,} rigs on record already; give another number."
        raise OrderRefused(sentence, code="purchase_order_on_record")


def _ordered_under(operator: Operator, number: str) -> str:
    """The code of the check that was put on order under a number and still waits or stands; empty: none."""
    ordered = PurchaseCheck.objects.of(operator).filter(upload__isnull=False)
    open_or_applied = ordered.exclude(upload__state__in=_ORDERED_NOTHING)
    for code, choices in open_or_applied.values_list("code", "upload__choices"):
        if folded(choices["constants"]["purchase_order"]) == folded(number):
            return str(code)
    return ""
