"""Screening for programs: a name against the lists in force, and the hits of a vendor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api.addresses import OperatorAddress
from fleet.models.keys import Scope
from ledger.api.filters import Filters, OneOf
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody
from risk.api.screening_answers import hit_answer, record_answer
from risk.api.screening_shapes import HitTold, NameTaken, WordsTold
from risk.engine.reviews import HitState
from risk.engine.screening import ScreenedParty
from risk.flows.screen_name import screen_party
from risk.models import ScreeningHit
from vendors.api.records import VendorAddress

REASONS = ["'BitRiver Rus LLC' is like the aka name 'BITRIVER RUS' (1.00).", "Both are of RU."]
ALIKE = {
    "list": "US-OFAC-SDN",
    "entity_id": "36458",
    "name": "OOO BITRIVER RUS",
    "matched_name": "BITRIVER RUS",
    "strength": "1.00",
    "band": "act",
    "programs": ["RUSSIA-EO14024"],
    "listed_on": None,
    "citations": [],
    "reasons": REASONS,
}
ON_RECORD: dict[str, Any] = {
    "id": 12,
    "party": None,
    "relation": None,
    **ALIKE,
    "vendor_name": "BitRiver Rus LLC",
    "state": "confirmed",
    "binds": True,
    "changed_because": None,
    "edition": "ofac_sdn 2 as of 2022-04-21",
    "sha256": "bfc177cb43090000000000000000000000000000000000000000000000000000",
    "words": [
        {
            "vendor": "bitriver",
            "listed": "bitriver",
            "similarity": "1.00",
            "weight": "1.72",
            "why": "the same word",
        }
    ],
    "decision": {
        "decision": "confirmed",
        "reason": "The tax number is the same.",
        "at": "2026-11-28T15:00:00Z",
        "is_in_force": True,
    },
}
FOUND = [
    OpenApiExample("A listed party", value={"query": "BitRiver Rus LLC", "hits": [ALIKE]}, response_only=True)
]
HITS = [
    OpenApiExample(
        "A vendor's hits", value={"next": None, "previous": None, "results": [ON_RECORD]}, response_only=True
    )
]
A_NAME = OpenApiExample("A name", value={"name": "BitRiver Rus LLC", "country": "RU"}, request_only=True)


class Screening(OperatorAddress, ActsOnce):
    """A name against the government lists in force."""

    reads: str | None = Scope.VENDORS_READ
    writes: str | None = Scope.VENDORS_READ
    parser_classes = [JsonBody]
    statuses = {"no_list_loaded": 409}

    @extend_schema(
        operation_id="screen_name",
        summary="Which listed parties a name is like; nothing is recorded",
        request=NameTaken,
        examples=[A_NAME],
        responses=OpenApiResponse(WordsTold, examples=FOUND),
    )
    def post(self, request: Any, **named: Any) -> HttpResponse:
        """Ask. 409 while no list is loaded: that nobody was found would read as clean."""
        return super().post(request, **named)  # type: ignore[return-value]

    def act(self, *args: Any, **named: Any) -> Response:
        """Raises ValidationError for a field that is wrong, and where no list can be asked."""
        said = self.read(NameTaken)
        countries = frozenset([said["country"]] if "country" in said else [])
        party = ScreenedParty(names=(said["name"],), countries=countries)
        hits = screen_party(party, list_code=said.get("list"))
        return Response({"query": said["name"], "hits": [hit_answer(hit) for hit in hits]})


class HitFilters(Filters):
    """By how a hit stands."""

    state = OneOf([each.value for each in HitState], field_name="state", code="state_unknown")


class VendorHits(Listed, VendorAddress):
    """The hits of a vendor of the register, or of the operator's own."""

    reads: str | None = Scope.VENDORS_READ
    writes: str | None = Scope.VENDORS_READ
    filters = HitFilters

    @extend_schema(
        operation_id="list_vendor_hits",
        summary="A vendor's screening hits, newest first, with what was decided",
        parameters=list_parameters(HitFilters),
        responses=OpenApiResponse(page_of("HitPage", HitTold), examples=HITS),
    )
    def get(self, request: Any, vendor_id: int) -> Response:
        """A page of hits. 404 for another operator's private vendor."""
        self.vendor(vendor_id)
        hits = ScreeningHit.objects.visible_to(self.own).filter(vendor_id=vendor_id)
        hits = hits.select_related("record__came_with").prefetch_related("decisions")
        return self.listed(hits, lambda page: map(record_answer, page))
