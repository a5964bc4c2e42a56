"""Receipts for programs: goods that came against a purchase order, checked or received at once, and taken back."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from fleet.api import examples as shown
from fleet.api import receipt_examples as examples
from fleet.api.addresses import OperatorAddress
from fleet.api.receipt_answers import (
    receipt_answer,
    receipt_check_answer,
    receipt_summary,
    receipt_written,
    row_problems,
)
from fleet.api.receipt_shapes import ReceiptDone, ReceiptListed, ReceiptSent, ReceiptTaken, ReceiptTold
from fleet.api.shapes import UndoTold
from fleet.api.uploads import BESIDE_THE_FILE, switch
from fleet.models import Receipt
from fleet.models.keys import Scope
from fleet.models.receipt import ReceiptState
from fleet.services import ReceiptWrong, check_receipt, discard_receipt, receive_goods, take_back_receipt
from ledger.api.filters import Filters, OneOf
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody
from ledger.api.problems import Refused

PROBLEMS_SHOWN = 1_000


class ReceiptAddress(OperatorAddress):
    """An address under `receipts/`."""

    reads: str | None = Scope.FLEET_READ
    writes: str | None = Scope.FLEET_WRITE
    statuses = {
        "file_too_large": 413,
        "malware_unknown": 409,
        "fleet_busy": 409,
        "fleet_drifted": 409,
        "receipt_not_received": 409,
    }

    def receipt(self, receipt_id: int) -> Receipt:
        """A receipt of the caller's operator. Raises Http404: another operator's does not exist here."""
        receipt: Receipt | None = Receipt.objects.of(self.operator).filter(pk=receipt_id).first()
        if receipt is None:
            raise Http404(f"There is no receipt {receipt_id}.")
        return receipt


def _of_order(rows: QuerySet[Receipt], _: str, number: str) -> QuerySet[Receipt]:
    return rows.filter(purchase_order__iexact=" ".join(number.split()))


class ReceiptFilters(Filters):
    """By what a receipt is of, and how far it is."""

    purchase_order = filters.CharFilter(
        method=_of_order, max_length=100, help_text="In any case and spacing."
    )
    state = OneOf(ReceiptState, field_name="state", code="state_unknown")


class Receipts(Listed, ReceiptAddress, ActsOnce):
    """All receipts of the operator."""

    parser_classes = [MultiPartParser, JsonBody]
    largest_body = settings.UPLOAD_MAX_BYTES + BESIDE_THE_FILE

    filters, sent_with = ReceiptFilters, ("dry_run",)

    @extend_schema(
        operation_id="list_receipts",
        summary="Receipts, newest first",
        parameters=list_parameters(ReceiptFilters),
        responses=OpenApiResponse(page_of("ReceiptPage", ReceiptListed), examples=examples.RECEIPT_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of receipts, in brief; those that a person only checked are among them."""
        return self.listed(Receipt.objects.of(self.operator), lambda page: map(receipt_summary, page))

    @extend_schema(
        operation_id="receive_goods",
        summary="Receive goods against a purchase order",
        parameters=[OpenApiParameter("dry_run", bool, description="Say what it would do and write nothing.")],
        request={"multipart/form-data": ReceiptTaken, "application/json": ReceiptSent},
        examples=[examples.TAKEN],
        responses={
            201: OpenApiResponse(ReceiptDone, "Received.", examples=examples.RECEIVED),
            200: OpenApiResponse(
                ReceiptDone, "A dry run, or the same was received before.", examples=examples.NOT_WRITTEN
            ),
        },
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Units on order become entered, at once. What is wrong with the entry or with lines of the manifest is 422
        with all of it in `errors`, and nothing is written. The same receipt again is 200 with `same_as`.
        """
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Receive, or only say what would be received."""
        said = self._said(self.read(ReceiptTaken))
        try:
            return self._received(said, is_dry=switch(request, "dry_run"))
        except ReceiptWrong as refusal:
            problems = row_problems(refusal.problems[:PROBLEMS_SHOWN])
            sentence = " ".join(refusal.messages)
            raise Refused(sentence, code=str(refusal.code), status=422, errors=problems) from None

    def _received(self, said: dict[str, Any], *, is_dry: bool) -> Response:
        if is_dry:
            receipt, decided = check_receipt(**said)
            told = receipt_check_answer(receipt, decided, on=said["today"])
            discard_receipt(receipt=receipt)
            return Response(told)
        receipt, decided = receive_goods(**said, by=self.caller.person)
        headers = {"Location": reverse("api:receipt", args=[receipt.pk])}
        return Response(receipt_written(receipt, decided), status=201 if decided else 200, headers=headers)

    def _said(self, given: dict[str, Any]) -> dict[str, Any]:
        file = given.pop("file", None)
        came = {"file": file, "file_name": file.name} if file is not None else {}
        now = {"today": timezone.localdate(), "at": timezone.now()}
        return {"operator": self.operator, **now, **given, **came}


class OneReceipt(ReceiptAddress):
    """One receipt."""

    @extend_schema(
        operation_id="get_receipt",
        summary="One receipt",
        responses=OpenApiResponse(ReceiptTold, examples=examples.RECEIPT),
    )
    def get(self, request: Any, receipt_id: int) -> Response:
        """A receipt as it stands."""
        return Response(receipt_answer(self.receipt(receipt_id)))


class UndoingReceipt(ReceiptAddress, ActsOnce):
    """Take a receipt back."""

    reads = None

    @extend_schema(
        operation_id="undo_receipt",
        summary="Put what was received on order again",
        request=None,
        responses=OpenApiResponse(UndoTold, examples=shown.UNDO),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """What somebody changed since stays as it is, and is named. 409 for one that is not received."""
        return super().post(request, **named)

    def act(self, request: Any, receipt_id: int, **_: Any) -> Response:
        """Do it, at once."""
        receipt = self.receipt(receipt_id)
        return Response(take_back_receipt(receipt=receipt, at=timezone.now(), by=self.caller.person))
