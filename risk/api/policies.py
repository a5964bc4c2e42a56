"""The law as the product knows it, for programs: published editions and their measures."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.models.keys import Scope
from ledger.api.filters import DayFilter, Filters, WholeNumber
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import PagesInOrder, page_of
from risk.api import note_examples as examples
from risk.api.exposures import ExposureAddress, edition_of
from risk.api.note_shapes import EditionTold, MeasureTold
from risk.models import Measure, PolicyEdition
from risk.models.policy import MeasureQuerySet


class PolicyAddress(ExposureAddress):
    """An address that reads the law, which is the same for every operator."""

    reads = Scope.POLICY_READ
    writes = Scope.POLICY_READ


class Editions(Listed, PolicyAddress):
    """The editions that were published."""

    @extend_schema(
        operation_id="list_policy_editions",
        summary="Published policy editions, newest first",
        parameters=list_parameters(),
        responses=OpenApiResponse(page_of("EditionPage", EditionTold), examples=examples.EDITIONS),
    )
    def get(self, request: Any) -> Response:
        """A published edition is never changed; one that mends an error names the one that had it."""
        rows = PolicyEdition.objects.published().select_related("restates")
        return self.listed(rows, lambda page: map(_edition, page))


def _of_edition(rows: MeasureQuerySet, _: str, number: Any) -> MeasureQuerySet:
    return rows.filter(edition=edition_of(int(number)))


def _in_force(rows: MeasureQuerySet, _: str, day: date) -> MeasureQuerySet:
    return rows.in_force_on(day)


class MeasureFilters(Filters):
    """By edition, and what a measure is."""

    edition = WholeNumber(method=_of_edition, min_value=1, help_text="The current one where it is left out.")
    code = filters.CharFilter("code", max_length=60, help_text="As the measure has it, US-301-CN-L2.")
    family = filters.CharFilter("family", max_length=120)
    in_force_on = DayFilter(method=_in_force, help_text="Those that have begun on the day and not ended.")


class Measures(Listed, PolicyAddress):
    """The measures of an edition."""

    filters, pages = MeasureFilters, PagesInOrder

    @extend_schema(
        operation_id="list_policy_measures",
        summary="The measures of an edition, each with its citation",
        parameters=list_parameters(MeasureFilters),
        responses=OpenApiResponse(page_of("MeasurePage", MeasureTold), examples=examples.MEASURES),
    )
    def get(self, request: Any) -> Response:
        """Of the current edition, or of the one that is named; `record` is the whole measure under the keys of a
        policy file."""
        rows = Measure.objects.all()
        if "edition" not in request.query_params:
            rows = rows.filter(edition=self.edition())
        return self.listed(rows, lambda page: map(_measure, page))


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
