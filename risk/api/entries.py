"""Customs entries for programs: what each cost as computed, and what the sheets say was paid."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from ledger.api.pages import ListPages
from risk.api import note_examples as examples
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import EntriesAsked, EntriesTold
from risk.dashboard.entries_answer import entries_answer, entry_answer, landed_answer
from risk.engine.entries import CustomsEntry
from risk.flows.entries import customs_entries
from risk.flows.landed_cost import landed_rigs


class Entries(ExposureAddress):
    """The entries of a fleet."""

    query_parameters = ("number", "on", "edition", "rigs", "cursor", "page_size")

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

    def _told(self, entry: CustomsEntry, *, with_rigs: bool) -> dict[str, Any]:
        if not with_rigs:
            return entry_answer(entry)
        rigs = [landed_answer(rig) for rig in landed_rigs(self.operator, entry)]
        return {**entry_answer(entry), "rigs": rigs}
