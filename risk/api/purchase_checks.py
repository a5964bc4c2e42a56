"""The check before a purchase, for procurement systems: asked in JSON or cXML, kept, and turned into an order."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from fleet.api.answers import upload_summary
from fleet.models.keys import Scope
from ledger.api.filters import Filters, MomentFilter, OneOf, YesOrNo
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody
from ledger.api.problems import Refused
from risk.api import purchase_examples as examples
from risk.api.cxml import LARGEST_DOCUMENT, TEXT_XML, ApplicationXmlParser, CxmlParser, SpeaksCxml
from risk.api.exposures import ExposureAddress
from risk.api.purchase_answers import check_summary
from risk.api.purchase_records import checked_and_kept
from risk.api.purchase_shapes import CheckAsked, CheckTaken, OrderTaken, order_of
from risk.api.purchase_told import CheckListed, CheckTold, OrderTold
from risk.cxml.writing import answer as cxml_answer
from risk.engine.verdicts import PurchaseVerdict
from risk.models import PurchaseCheck
from risk.services import OrderRefused, order_purchase

JSON = "application/json"


class CheckAddress(ExposureAddress):
    """An address under `assessments/`."""

    reads: str | None = Scope.ASSESSMENTS_WRITE
    writes: str | None = Scope.ASSESSMENTS_WRITE

    def check(self, code: str) -> PurchaseCheck:
        """A check of the caller's operator. Raises Http404: another operator's does not exist here."""
        checks = PurchaseCheck.objects.of(self.operator).select_related("upload")
        check: PurchaseCheck | None = checks.filter(code=code).first()
        if check is None:
            raise Http404("There is no such check.")
        return check

    @property
    def key_prefix(self) -> str:
        """That of the caller's API key; empty where a person asks."""
        return self.caller.key.prefix if self.caller.key else ""

    def put_on_record(self, request: Any, response: Any) -> None:
        """The services put checks and orders on record themselves, with the key's prefix."""


class CheckFilters(Filters):
    """By the order, by what was answered, and when."""

    purchase_order = filters.CharFilter("purchase_order", "iexact", max_length=100)
    reference = filters.CharFilter("reference", max_length=200, help_text="As the order was sent with it.")
    verdict = OneOf([each.value for each in PurchaseVerdict], field_name="verdict", code="verdict_unknown")
    is_ordered = YesOrNo(field_name="upload", lookup_expr="isnull", exclude=True)
    made_since = MomentFilter("made_at", "gte", help_text="Checked at this moment or after it.")


class Checks(SpeaksCxml, Listed, CheckAddress, ActsOnce):
    """All checks of the operator."""

    parser_classes = [JsonBody, CxmlParser, ApplicationXmlParser]
    largest_body = LARGEST_DOCUMENT

    filters, sent_with = CheckFilters, ("on",)

    @extend_schema(
        operation_id="list_assessments",
        summary="Purchases that were checked, newest first",
        parameters=list_parameters(CheckFilters),
        responses=OpenApiResponse(page_of("CheckPage", CheckListed), examples=examples.CHECK_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of checks, in brief."""
        checks = PurchaseCheck.objects.of(self.operator).select_related("edition").defer("told", "asked")
        return self.listed(checks, lambda page: map(check_summary, page))

    @extend_schema(
        operation_id="assess_purchase",
        summary="Before a purchase: landed cost, who is paid, the exposure that follows, and a verdict",
        parameters=[CheckAsked],
        request={JSON: CheckTaken, TEXT_XML: OpenApiTypes.STR},
        examples=examples.ASKED,
        responses={
            (201, JSON): OpenApiResponse(CheckTold, "Checked, and kept.", examples=examples.CHECKED),
            (201, TEXT_XML): OpenApiResponse(OpenApiTypes.STR, "The same as cXML."),
        },
    )
    def post(self, request: Any, **named: Any) -> HttpResponse:
        """Up to 500 lines. What is not known of a line leaves it in doubt, with the nearest names; it is no error.
        cXML (PunchOutOrderMessage, OrderRequest) is answered by cXML, refusals too.
        """
        return super().post(request, **named)  # type: ignore[return-value]

    def act(self, request: Any, **_: Any) -> HttpResponse:
        """Raises ValidationError that names every field of every line that is wrong."""
        asked, now, today = self.asked(CheckAsked), timezone.now(), timezone.localdate()
        check = checked_and_kept(
            self.operator,
            order_of(self._said(request.data)),
            edition=self.edition(),
            on=asked.get("on") or today,
            today=today,
            at=now,
            by=self.caller.person,
            key_prefix=self.key_prefix,
        )
        headers = {"Location": reverse("api:assessment", args=[check.code])}
        if self.is_cxml:
            told = cxml_answer(check.answer, at=now, payload_id=request.data["payload_id"])
            return HttpResponse(told, status=201, content_type=TEXT_XML, headers=headers)
        return HttpResponse(check.told, status=201, content_type=JSON, headers=headers)

    def _said(self, data: Any) -> dict[str, Any]:
        if not self.is_cxml:
            return self.read(CheckTaken)
        if "order" not in data:
            raise ParseError("The document is empty.", code="cxml_malformed")
        taken = CheckTaken(data=data["order"])
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)


class OneCheck(CheckAddress):
    """One check."""

    @extend_schema(
        operation_id="get_assessment",
        summary="One check, word for word as it was answered",
        responses=OpenApiResponse(CheckTold, examples=examples.CHECKED),
    )
    def get(self, request: Any, check_id: str) -> HttpResponse:
        """The answer as it was given, whatever law, lists and fleet have become since."""
        return HttpResponse(self.check(check_id).told, content_type=JSON)


class CheckOrder(CheckAddress, ActsOnce):
    """The order that a check became."""

    parser_classes = [JsonBody]
    writes: str | None = Scope.FLEET_WRITE
    statuses = {
        "check_stale": 409,
        "check_refuses": 409,
        "check_asks": 409,
        "purchase_order_on_record": 409,
        "purchase_order_missing": 400,
    }

    @extend_schema(
        operation_id="get_assessment_order",
        summary="Whether a check was ordered, and by which upload",
        responses=OpenApiResponse(OrderTold, examples=examples.ORDERED),
    )
    def get(self, request: Any, check_id: str) -> Response:
        """404 for a check that was not ordered."""
        check = self.check(check_id)
        if check.upload is None:
            raise Http404("This check was not ordered.")
        return Response(_order_answer(check))

    @extend_schema(
        operation_id="order_assessment",
        summary="Put the rigs of a check on order",
        request=OrderTaken,
        examples=[examples.AN_ORDER],
        responses={
            202: OpenApiResponse(OrderTold, "Being put on order by this upload.", examples=examples.ORDERED),
            200: OpenApiResponse(OrderTold, "It was ordered before.", examples=examples.ORDERED),
        },
    )
    def post(self, request: Any, **named: Any) -> HttpResponse:
        """By an upload like any other: poll it, undo it there. A check that refuses is 409; one that asks needs
        `because`. The second time says what the first has made.
        """
        return super().post(request, **named)  # type: ignore[return-value]

    def act(self, request: Any, check_id: str, **_: Any) -> Response:
        """Raises Refused with the lines that stand in the way."""
        said = self.read(OrderTaken)
        check = self.check(check_id)
        try:
            upload, is_new = order_purchase(
                check=check,
                today=timezone.localdate(),
                number=said.get("purchase_order", ""),
                because=said.get("because", ""),
                by=self.caller.person,
                key_prefix=self.key_prefix,
            )
        except OrderRefused as refusal:
            status = self.statuses.get(str(refusal.code), 422)
            errors = [
                {"field": f"lines.{line}.model", "code": str(refusal.code), "sentence": sentence}
                for line, sentence in refusal.lines.items()
            ]
            sentence = " ".join(refusal.messages)
            raise Refused(sentence, code=str(refusal.code), status=status, errors=errors) from None
        check.upload = upload
        headers = {"Location": reverse("api:upload", args=[upload.pk])}
        return Response(_order_answer(check), status=202 if is_new else 200, headers=headers)


def _order_answer(check: PurchaseCheck) -> dict[str, Any]:
    upload = check.upload
    if upload is None:
        raise ValueError("A check without an upload was not ordered.")
    number = upload.choices["constants"]["purchase_order"]
    return {"id": check.code, "purchase_order": number, **upload_summary(upload)}
