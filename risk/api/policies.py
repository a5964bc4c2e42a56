"""The law as the product knows it, for programs: published editions and their measures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.models.keys import Scope
from ledger.api.pages import PAGE_PARAMETERS, PAGING, Pages, PagesInOrder, page_of
from risk.api import note_examples as examples
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import EditionTold, MeasuresAsked, MeasureTold
from risk.models import Measure, PolicyEdition


class PolicyAddress(ExposureAddress):
    """An address that reads the law, which is the same for every operator."""

    reads = Scope.POLICY_READ
    writes = Scope.POLICY_READ


class Editions(PolicyAddress):
    """The editions that were published."""

    query_parameters = PAGING

    @extend_schema(
        operation_id="list_policy_editions",
        summary="Published policy editions, newest first",
        parameters=PAGE_PARAMETERS,
        responses=OpenApiResponse(page_of("EditionPage", EditionTold), examples=examples.EDITIONS),
    )
    def get(self, request: Any) -> Response:
        """A published edition is never changed; one that mends an error names the one that had it."""
        pages = Pages()
        rows = PolicyEdition.objects.published().select_related("restates")
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([_edition(each) for each in found])


class Measures(PolicyAddress):
    """The measures of an edition."""

    query_parameters = (*PAGING, "edition", "code", "family", "in_force_on")

    @extend_schema(
        operation_id="list_policy_measures",
        summary="The measures of an edition, each with its citation",
        parameters=[*PAGE_PARAMETERS, MeasuresAsked],
        responses=OpenApiResponse(page_of("MeasurePage", MeasureTold), examples=examples.MEASURES),
    )
    def get(self, request: Any) -> Response:
        """Of the current edition, or of the one that is named; `record` is the whole measure under the keys of a
        policy file."""
        asked = self.asked(MeasuresAsked)
        rows = Measure.objects.filter(edition=self.edition(asked.pop("edition", None)))
        if day := asked.pop("in_force_on", None):
            rows = rows.in_force_on(day)
        pages = PagesInOrder()
        found = pages.paginate_queryset(rows.filter(**asked), request, self) or []
        return pages.get_paginated_response([_measure(each) for each in found])


def _edition(edition: PolicyEdition) -> dict[str, Any]:
    verified, published = edition.verified_through, edition.published_at
    return {
        "edition": edition.number,
        "title": edition.title,
        "digest": edition.digest,
        "verified_through": verified.isoformat() if verified else None,
        "published_at": published.isoformat() if published else None,
        "reason": edition.reason,
        "restates": edition.restates.number if edition.restates else None,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    through = measure.effective_through
    return {
        "measure": measure.code,
        "family": measure.family,
        "title": measure.title,
        "authority": measure.authority,
        "rate_type": measure.rate_type,
        "rate_percent": measure.rate_percent or None,
        "effective_from": measure.effective_from.isoformat(),
        "effective_through": through.isoformat() if through else None,
        "confidence": measure.confidence,
        "legal_reference": measure.legal_reference,
        "record": measure.record,
    }
