"""Customs entries for programs: what each cost as computed, and what the sheets say was paid."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.models.keys import Scope
from fleet.services import record_liquidations
from ledger.api.idempotency import ActsOnce
from ledger.api.pages import ListPages
from ledger.api.parsers import JsonBody
from risk.api import note_examples as examples
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import EntriesAsked, EntriesTold, LiquidationsTaken, LiquidationsTold
from risk.dashboard.entries_answer import entries_answer, entry_answer, landed_answer
from risk.engine.entries import CustomsEntry
from risk.flows.entries import customs_entries
from risk.flows.landed_cost import landed_rigs


class Entries(ExposureAddress, ActsOnce):
    """The entries of a fleet."""

    writes = Scope.FLEET_WRITE
    parser_classes = [JsonBody]

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """Filters and pages for the list; nothing for what is sent."""
        if self.request.method == "POST":
            return ()
        return ("number", "on", "edition", "rigs", "cursor", "page_size")

    @extend_schema(
        operation_id="list_entries",
        summary="Customs entries: duty and fees computed, and what was paid",
        parameters=[EntriesAsked],
        responses=OpenApiResponse(EntriesTold, examples=examples.ENTRIES),
    )
    def get(self, request: Any) -> Response:
        """By number and day, a page at a time; `rigs` adds what each rig cost to land."""
        asked = self.asked(EntriesAsked)
        edition = self.edition(asked.get("edition"))
        on = asked.get("on") or timezone.localdate()
        found = customs_entries(self.operator, on=on, edition=edition, number=asked.get("number") or None)
        page = ListPages(found, key=lambda entry: entry.key.order, request=request)
        told = [self._told(entry, with_rigs=asked["rigs"]) for entry in page.rows]
        whole = {**entries_answer((), edition=edition), "operator": self.operator.slug, "on": on.isoformat()}
        del whole["entries"]
        return Response({**whole, "next": page.next, "previous": page.previous, "results": told})

    @extend_schema(
        operation_id="record_liquidations",
        summary="Record on which day customs liquidated entries",
        request=LiquidationsTaken,
        examples=[examples.LIQUIDATED],
        responses=OpenApiResponse(LiquidationsTold, examples=examples.RECORDED),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """All of them or none; a day takes the place of the usual cycle in the clocks of its entry."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Raises ValidationError with a sentence for each entry that is wrong."""
        said = self.read(LiquidationsTaken)
        days = {each["entry_number"]: each["liquidated_on"] for each in said["liquidations"]}
        recorded = record_liquidations(
            operator=self.operator,
            days=days,
            source=said["source"],
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.caller.person,
        )
        return Response({"recorded": recorded, "unchanged": len(days) - recorded})

    def _told(self, entry: CustomsEntry, *, with_rigs: bool) -> dict[str, Any]:
        if not with_rigs:
            return entry_answer(entry)
        rigs = [landed_answer(rig) for rig in landed_rigs(self.operator, entry)]
        return {**entry_answer(entry), "rigs": rigs}
