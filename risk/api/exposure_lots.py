"""The findings on single lots, for programs."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from ledger.api.filters import Filters, OneOf, YesOrNo
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import PagesInOrder, page_of
from risk.api import note_examples as examples
from risk.api.answers import explanation_answer, finding_answer
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import ExplanationTold, FindingTold
from risk.engine.findings import SanctionLevel
from risk.models import Exposure


class FindingFilters(Filters):
    """By what was found of a lot, and by what it is."""

    band = filters.CharFilter("band", max_length=10)
    sanction_level = OneOf([level.value for level in SanctionLevel], field_name="sanction_level")
    country_of_origin = filters.CharFilter("origin", max_length=2, help_text="The origin assessed.")
    maker = filters.CharFilter("lot__model__maker__name", max_length=200)
    model = filters.CharFilter("lot__model__name", max_length=200)
    entry_number = filters.CharFilter("lot__entry_number", max_length=200)
    purchase_order = filters.CharFilter("lot__purchase_order", max_length=200)
    is_unknown = YesOrNo(
        field_name="rate", lookup_expr="isnull", help_text="Only lots whose rate is (not) known."
    )


class ExposureLots(Listed, ExposureAddress):
    """The lots of a fleet, each with its finding."""

    filters, pages = FindingFilters, PagesInOrder

    @extend_schema(
        operation_id="list_exposure_lots",
        summary="Each lot's finding, in brief",
        parameters=list_parameters(FindingFilters),
        responses=OpenApiResponse(page_of("FindingPage", FindingTold), examples=examples.FINDINGS),
    )
    def get(self, request: Any) -> Response:
        """As last assessed, oldest finding first; a lot that was never assessed is not among them."""
        rows = Exposure.objects.current().filter(lot__operator=self.operator)
        told_of = rows.select_related("edition", "lot__model__maker").defer("facts")
        return self.listed(told_of, lambda page: map(finding_answer, page))


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
