"""The findings on single lots, for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from ledger.api.pages import PAGE_PARAMETERS, PAGING, PagesInOrder, page_of
from risk.api import note_examples as examples
from risk.api.answers import explanation_answer, finding_answer
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import ExplanationTold, FindingTold, LotsAsked
from risk.models import Exposure

COLUMNS = {
    "band": "band",
    "sanction_level": "sanction_level",
    "country_of_origin": "origin",
    "maker": "lot__model__maker__name",
    "model": "lot__model__name",
    "entry_number": "lot__entry_number",
    "purchase_order": "lot__purchase_order",
}


class ExposureLots(ExposureAddress):
    """The lots of a fleet, each with its finding."""

    query_parameters = (*PAGING, *COLUMNS, "is_unknown")

    @extend_schema(
        operation_id="list_exposure_lots",
        summary="Each lot's finding, in brief",
        parameters=[*PAGE_PARAMETERS, LotsAsked],
        responses=OpenApiResponse(page_of("FindingPage", FindingTold), examples=examples.FINDINGS),
    )
    def get(self, request: Any) -> Response:
        """As last assessed, oldest finding first; a lot that was never assessed is not among them."""
        asked = self.asked(LotsAsked)
        wanted = {COLUMNS[name]: value for name, value in asked.items() if name in COLUMNS}
        if "is_unknown" in asked:
            wanted["rate__isnull"] = asked["is_unknown"]
        rows = Exposure.objects.current().filter(lot__operator=self.operator, **wanted)
        pages = PagesInOrder()
        found = pages.paginate_queryset(
            rows.select_related("edition", "lot__model__maker").defer("facts"), request, self
        )
        return pages.get_paginated_response([finding_answer(finding) for finding in found or []])


class ExposureLot(ExposureAddress):
    """One lot's finding, explained."""

    @extend_schema(
        operation_id="explain_lot",
        summary="One lot: its facts, its duty lines, its sanction findings, its doubt",
        responses=OpenApiResponse(ExplanationTold, examples=examples.EXPLANATION),
    )
    def get(self, request: Any, lot_id: int) -> Response:
        """In the words of the reasons, as the command `explain`."""
        rows = Exposure.objects.current().filter(lot__operator=self.operator)
        finding = rows.select_related("edition", "explanation").filter(lot_id=lot_id).first()
        if finding is None:
            raise Http404(f"There is no finding on a lot {lot_id}.")
        return Response(explanation_answer(finding))
