"""Lots for programs: found by their facts, ordered as so many rigs without serial numbers, corrected as a whole."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from fleet.api import rig_examples as examples
from fleet.api.filters import LotFilters
from fleet.api.resources import FleetList, FleetObject, rows_named
from fleet.api.rig_answers import lot_answer, lots_to_tell
from fleet.api.rig_shapes import OF_A_LOT, LotChanged, LotTold, RigRow
from fleet.api.rigs import MOST_ROWS
from fleet.flows.sent_rows import Outcome
from fleet.flows.upload_choices import Mode
from fleet.models import Lot, Rig
from fleet.services import correct_values, write_rows
from ledger.api.etags import IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import list_parameters
from ledger.api.pages import page_of
from ledger.api.problems import Refused
from ledger.api.sparse import FIELDS_PARAMETER

OF_ONE_RIG = ("serial_number", "mac_address")


class Lots(FleetList, ActsOnce):
    """All lots of the operator."""

    filters, shape = LotFilters, LotTold

    @extend_schema(
        operation_id="list_lots",
        summary="Lots, in the order of their ids",
        parameters=[*list_parameters(LotFilters), FIELDS_PARAMETER],
        responses=OpenApiResponse(page_of("LotPage", LotTold), examples=examples.LOT_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of lots, each with where its rigs are."""
        return self.page(lots_to_tell(self.operator), lot_answer)

    @extend_schema(
        operation_id="add_lot",
        summary="Put rigs without serial numbers on record",
        request=RigRow,
        examples=[examples.NEW_LOT],
        responses={201: OpenApiResponse(LotTold, examples=examples.LOT)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """So many rigs alike, as a row of a sheet with a quantity: those on order above all. 409 where such rigs are
        on record already: another count of them goes through `rigs/bulk/` or `rigs/{id}/`."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Add them."""
        row = self.sent()
        if named := [name for name in OF_ONE_RIG if row.get(name) not in (None, "")]:
            sentence = "A lot is of rigs without an identifier; rigs with one go to rigs/."
            raise ValidationError({named[0]: [sentence]}, code="rig_named")
        with rows_named():
            written = write_rows(operator=self.operator, rows=[row], mode=Mode.CREATE, **self.deed)
        if written.outcomes[0].outcome is not Outcome.CREATED:
            sentence = "Such rigs are on record already; correct their count, or say what tells these apart."
            raise Refused(sentence, code="lot_on_record", status=409)
        lot = lots_to_tell(self.operator).get(pk__in=written.lot_ids)
        headers = {"Location": reverse("api:lot", args=[lot.pk])}
        return Response(lot_answer(lot), status=201, headers=headers)


class OneLot(FleetObject):
    """One lot."""

    shape, named = LotTold, "lot"

    def rows(self) -> QuerySet[Lot]:
        """The operator's lots."""
        return lots_to_tell(self.operator)

    def tell(self, row: Lot) -> dict[str, Any]:
        """With where its rigs are."""
        return lot_answer(row)

    @extend_schema(
        operation_id="get_lot",
        summary="One lot",
        parameters=[FIELDS_PARAMETER, IF_NONE_MATCH],
        responses={200: OpenApiResponse(LotTold, examples=examples.LOT), **NOT_MODIFIED},
    )
    def get(self, request: Any, lot_id: int) -> Response:
        """A lot as it stands."""
        return self.answer(self.found(lot_id))

    @extend_schema(
        operation_id="change_lot",
        summary="Correct the facts of all rigs of a lot",
        parameters=[IF_MATCH],
        request=LotChanged,
        examples=[examples.LOT_CORRECTED],
        responses=OpenApiResponse(LotTold, examples=examples.LOT),
    )
    def patch(self, request: Any, lot_id: int) -> Response:
        """A lot is its facts: with other facts its rigs are another lot, which is the answer (`lot` may be another
        id); the old one stays with no units. 409 for a lot without rigs, and for one of
        more than 10,000: those are corrected by an upload."""
        moved: list[int] = []
        rigs = Rig.objects.of(self.operator).filter(lot_id=lot_id).order_by("pk")

        def change() -> None:
            moved.extend(rigs.values_list("pk", flat=True)[: MOST_ROWS + 1])
            self._refuse_empty(moved)
            self._refuse_too_many(moved)
            correct_values(
                operator=self.operator,
                rig_ids=moved,
                said=self._said(),
                still=lambda: self.refuse_stale(lot_id),
                **self.deed,
            )

        return self.changed(lot_id, change, now=lambda: self.found(Rig.objects.get(pk=moved[0]).lot_id))

    def _said(self) -> dict[str, Any]:
        """Raises ValidationError for what is no fact of a lot."""
        said = dict(self.sent())
        if strange := [name for name in said if name not in OF_A_LOT]:
            sentence = f"A lot has no fact '{strange[0]}'; there are: {', '.join(OF_A_LOT)}."
            raise ValidationError({strange[0]: [sentence]}, code="field_unknown")
        return said

    def _refuse_empty(self, rig_ids: list[int]) -> None:
        if not rig_ids:
            sentence = "The lot has no rigs any more; they are in lots of other facts."
            raise Refused(sentence, code="lot_empty", status=409)

    def _refuse_too_many(self, rig_ids: list[int]) -> None:
        if len(rig_ids) > MOST_ROWS:
            sentence = (
                f"The lot has more than {MOST_ROWS:,} rigs, which is too many for one request; "
                "correct them by an upload, POST uploads/."
            )
            raise Refused(sentence, code="lot_too_large", status=409)
