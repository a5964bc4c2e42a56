"""What could be claimed, what comes back, what is unknown, and how the share moved: for programs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from risk.api import note_examples as examples
from risk.api.exposures import ExposureAddress
from risk.api.note_shapes import DayAsked, DoubtsTold, HistoryAsked, HistoryTold, RefundsTold, ReserveTold
from risk.dashboard.doubts import doubts_answer
from risk.dashboard.history import history_answer
from risk.dashboard.reserve_answer import refunds_answer, reserve_answer
from risk.flows.doubt_of_fleet import doubt_of_fleet
from risk.flows.refunds import refunds
from risk.flows.reserve_note import reserve_note
from risk.flows.share_through_time import FIRST_DAY, share_through_time


class History(ExposureAddress):
    """The share through time."""

    query_parameters = ("from", "to", "edition")

    @extend_schema(
        operation_id="get_exposure_history",
        summary="Today's fleet under the law of every day since July 2018, and what is coming",
        parameters=[HistoryAsked],
        responses=OpenApiResponse(HistoryTold, examples=examples.HISTORY),
    )
    def get(self, request: Any) -> Response:
        """The steps of the exposed share, with the measures that begin and end at each."""
        asked = self.asked(HistoryAsked)
        through = share_through_time(
            self.operator,
            edition=self.edition(asked.get("edition")),
            today=timezone.localdate(),
            first=asked.get("from") or FIRST_DAY,
            last=asked.get("to"),
        )
        return Response(history_answer(through))


class Doubts(ExposureAddress):
    """What is unknown."""

    @extend_schema(
        operation_id="get_doubts",
        summary="What is unknown of the fleet, and which facts would settle most of it",
        responses=OpenApiResponse(DoubtsTold, examples=examples.DOUBTS),
    )
    def get(self, request: Any) -> Response:
        """For each missing fact the range of outcomes, and the shortest list of facts to collect."""
        return Response(doubts_answer(doubt_of_fleet(self.operator), timezone.localdate()))


class Reserve(ExposureAddress):
    """What a dispute over origin could cost."""

    query_parameters = ("on", "edition")

    @extend_schema(
        operation_id="get_reserve",
        summary="What a dispute over origin could cost: low, likely, high",
        parameters=[DayAsked],
        responses=OpenApiResponse(ReserveTold, examples=examples.RESERVE),
    )
    def get(self, request: Any) -> Response:
        """By lot, entry, maker and site, with the assumptions of each column and the clocks that run."""
        asked = self.asked(DayAsked)
        on = asked.get("on") or timezone.localdate()
        note = reserve_note(self.operator, on=on, edition=self.edition(asked.get("edition")))
        return Response(reserve_answer(note))


class Refunds(ExposureAddress):
    """What comes back."""

    query_parameters = ("on", "edition")

    @extend_schema(
        operation_id="get_refunds",
        summary="What could come back, by entry and measure, with the route and the days left",
        parameters=[DayAsked],
        responses=OpenApiResponse(RefundsTold, examples=examples.REFUNDS),
    )
    def get(self, request: Any) -> Response:
        """Lines by entry and measure; the lots without an entry number stand apart."""
        asked = self.asked(DayAsked)
        on = asked.get("on") or timezone.localdate()
        found = refunds(self.operator, on=on, edition=self.edition(asked.get("edition")))
        return Response(refunds_answer(found))
