"""The exposed share for programs, and what would become of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from fleet.api.addresses import OperatorAddress
from fleet.models.keys import Scope
from ledger.api.idempotency import ActsOnce
from ledger.api.parsers import JsonBody
from ledger.api.problems import Refused
from risk.api import examples
from risk.api.answers import exposure_answer, what_if_answer
from risk.api.shapes import ExposureAsked, ExposureTold, ScenarioTaken, WhatIfTold
from risk.flows.share_on import share_on
from risk.flows.what_if import what_if
from risk.models import PolicyEdition
from risk.scenarios import ScenarioRefused, read_scenario
from risk.selectors import current_edition, exposed_share


class ExposureAddress(OperatorAddress):
    """An address that reads the exposed share; nothing under it changes a fleet."""

    reads: str | None = Scope.EXPOSURE_READ
    writes: str | None = Scope.EXPOSURE_READ

    def edition(self, number: int | None = None) -> PolicyEdition:
        """The published edition of a number, or the current one; raises as `edition_of`."""
        return edition_of(number)


def edition_of(number: int | None = None) -> PolicyEdition:
    """The published edition of a number, or the current one. Raises ValidationError for a number that no published
    edition has, Refused before the first is published."""
    published = PolicyEdition.objects.published()
    edition = published.filter(number=number).first() if number else current_edition()
    if edition is None and number:
        sentence = f"No policy edition {number} is published."
        raise serializers.ValidationError({"edition": [sentence]}, code="edition_unknown")
    if edition is None:
        raise Refused("No policy edition is published yet.", code="no_policy_edition", status=409)
    return edition


class Exposure(ExposureAddress):
    """How much of the fleet is exposed."""

    query_parameters = ("on", "by")

    @extend_schema(
        operation_id="get_exposure",
        summary="The exposed share of the fleet",
        parameters=[ExposureAsked],
        responses=OpenApiResponse(ExposureTold, examples=examples.EXPOSED),
    )
    def get(self, request: Any) -> Response:
        """As last assessed; of another day, today's fleet under the law of that day."""
        asked, today = self.asked(ExposureAsked), timezone.localdate()
        on, by = asked.get("on") or today, asked.get("by")
        if on == today:
            return Response(exposure_answer(exposed_share(self.operator, on=today, by=by)))
        return Response(
            exposure_answer(share_on(self.operator, on=on, edition=self.edition(), today=today, by=by))
        )


class WhatIf(ExposureAddress, ActsOnce):
    """What a supposition would make of the fleet."""

    parser_classes = [JsonBody]

    @extend_schema(
        operation_id="what_if",
        summary="The exposed share before and after a supposition; nothing is recorded",
        request=ScenarioTaken,
        examples=[examples.A_DUTY],
        responses=OpenApiResponse(WhatIfTold, examples=examples.BOTH_SIDES),
    )
    def post(self, request: Any, **named: Any) -> HttpResponse:
        """Ask."""
        return super().post(request, **named)  # type: ignore[return-value]

    def act(self, *args: Any, **named: Any) -> Response:
        """Raises ValidationError for a field that is wrong, Refused for what cannot be supposed."""
        said = self.read(ScenarioTaken)
        today = timezone.localdate()
        on = said.pop("on", None) or today
        edition = self.edition()
        try:
            supposed = what_if(self.operator, read_scenario(said), edition=edition, on=on, today=today)
        except ScenarioRefused as refusal:
            raise Refused(str(refusal), code="scenario_refused", status=422) from None
        return Response(what_if_answer(supposed))
