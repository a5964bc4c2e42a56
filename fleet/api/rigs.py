"""Rigs for programs: found by any fact, made, corrected, moved and retired, and ten thousand rows in one request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import IO, Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from fleet.api import rig_examples as examples
from fleet.api.filters import RigFilters
from fleet.api.resources import FleetAddress, FleetList, FleetObject, field_problem, rows_named
from fleet.api.rig_answers import rig_answer, rig_detail, rigs_to_tell, rigs_told
from fleet.api.rig_shapes import BulkTold, RigChanged, RigListed, RigRow, RigTold
from fleet.flows.sent_rows import Outcome, WrittenRows
from fleet.flows.upload_choices import FixedValue, Mode, NewIdentifier
from fleet.models import Rig
from fleet.services import RowsWrong, correct_values, write_rows
from fleet.sheets.reading import RowProblem
from ledger.api.etags import IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody, json_read
from ledger.api.problems import Refused
from ledger.api.sparse import FIELDS_PARAMETER

MOST_ROWS = 10_000
LARGEST_ROWS = 25 * 1024 * 1024
MODES = ("atomic", "partial")
IDENTIFIERS = OpenApiParameter(
    "identifiers",
    str,
    enum=list(NewIdentifier),
    default=NewIdentifier.ASK,
    description="What a rig is that seems to be one on record under a new serial number or MAC address.",
)


class Rigs(FleetList, ActsOnce):
    """All rigs of the operator."""

    filters, shape = RigFilters, RigListed
    sent_with = ("identifiers",)

    @extend_schema(
        operation_id="list_rigs",
        summary="Rigs, in the order of their ids",
        parameters=[*list_parameters(RigFilters), FIELDS_PARAMETER],
        responses=OpenApiResponse(page_of("RigPage", RigListed), examples=examples.RIG_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of rigs; a page in the depth of a million costs what the first one does."""
        return self.page(rigs_to_tell(self.operator), rig_answer, partial(rigs_told, self.operator))

    @extend_schema(
        operation_id="add_rig",
        summary="Put a rig on record",
        parameters=[IDENTIFIERS],
        request=RigRow,
        examples=[examples.NEW_RIG],
        responses={201: OpenApiResponse(RigTold, examples=examples.RIG)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Held to what a row of a sheet is held to. 409 where it is on record already: then correct it."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Add it."""
        identifiers = one_of(request, "identifiers", list(NewIdentifier))
        with rows_named():
            written = write_rows(
                operator=self.operator,
                rows=[self.sent()],
                mode=Mode.CREATE,
                identifiers=identifiers or None,
                **self.deed,
            )
        rig = self._made(written)
        headers = {"Location": reverse("api:rig", args=[rig.pk])}
        return Response(rig_detail(rig), status=201, headers=headers)

    def _made(self, written: WrittenRows) -> Rig:
        outcome, rig_id = written.outcomes[0]
        if outcome is not Outcome.CREATED:
            sentence = f"It is on record already{f' as rig {rig_id}' if rig_id else ''}; correct that one."
            raise Refused(sentence, code="rig_on_record", status=409)
        rigs = rigs_to_tell(self.operator)
        if rig_id is None:  # so many without an identifier: the newest of its lot, while nobody else writes
            rigs = rigs.filter(lot_id__in=written.lot_ids, serial_number=None, mac_address=None)
            return rigs.latest("pk")
        return rigs.get(pk=rig_id)


class OneRig(FleetObject):
    """One rig."""

    shape, named = RigTold, "rig"

    def row(self, pk: int) -> Rig | None:
        """The operator's rig."""
        return next(iter(rigs_told(self.operator, [pk])), None)

    def tell(self, row: Rig) -> dict[str, Any]:
        """With what it was called before."""
        return rig_detail(row)

    @extend_schema(
        operation_id="get_rig",
        summary="One rig",
        parameters=[FIELDS_PARAMETER, IF_NONE_MATCH],
        responses={200: OpenApiResponse(RigTold, examples=examples.RIG), **NOT_MODIFIED},
    )
    def get(self, request: Any, rig_id: int) -> Response:
        """A rig as it stands."""
        return self.answer(self.found(rig_id))

    @extend_schema(
        operation_id="change_rig",
        summary="Correct, move, retire or sell a rig",
        parameters=[IF_MATCH],
        request=RigChanged,
        examples=[examples.RIG_MOVED],
        responses=OpenApiResponse(RigTold, examples=examples.RIG),
    )
    def patch(self, request: Any, rig_id: int) -> Response:
        """What is left out stays; null clears. A rig whose facts change moves to the lot of these facts. A later
        sheet that says otherwise does not undo it."""

        def change() -> None:
            correct_values(
                operator=self.operator,
                rig_ids=[rig_id],
                said=self.sent(),
                still=lambda: self.refuse_stale(rig_id),
                **self.deed,
            )

        return self.changed(rig_id, change, now=lambda: self.found(rig_id))


class JsonLines(BaseParser):
    """A JSON value a line."""

    media_type = "application/x-ndjson"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The values. Raises ParseError that names the line."""
        rows = []
        for number, line in enumerate(stream.read().splitlines(), start=1):
            if line.strip():
                rows.append(_line(number, line))
        return rows


class Bulk(FleetAddress, ActsOnce):
    """Many rows at once."""

    reads = None
    parser_classes = [JsonBody, JsonLines]
    query_parameters = ("mode", "identifiers", "fixed")
    largest_body = LARGEST_ROWS

    @extend_schema(
        operation_id="write_rigs",
        summary="Put up to 10,000 rows of rigs into the fleet",
        parameters=[
            OpenApiParameter(
                "mode",
                str,
                enum=MODES,
                default="atomic",
                description="`atomic`: one wrong row refuses all. `partial`: the right rows are taken.",
            ),
            IDENTIFIERS,
            OpenApiParameter(
                "fixed",
                str,
                enum=list(FixedValue),
                default=FixedValue.KEEP,
                description="Values that somebody corrected and a row gives otherwise.",
            ),
        ],
        request={"application/json": RigRow(many=True), "application/x-ndjson": RigRow(many=True)},
        examples=[examples.ROWS],
        responses=OpenApiResponse(BulkTold, examples=examples.BULK),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """A list of rows, or one a line; each is new, changes a rig on record or says what stands there already. They
        are held to what the rows of a sheet are held to, and written as those are. With a wrong row, 422 with one
        problem a wrong row in `errors` and nothing written, unless `mode=partial`. More than 10,000: 413."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Write them."""
        rows = _rows(request.data)
        choices: dict[str, Any] = {
            "identifiers": one_of(request, "identifiers", list(NewIdentifier)) or None,
            "fixed": one_of(request, "fixed", list(FixedValue)) or None,
        }
        is_partial = one_of(request, "mode", MODES) == "partial"
        try:
            written = write_rows(
                operator=self.operator, rows=rows, is_partial=is_partial, **choices, **self.deed
            )
        except RowsWrong as refusal:
            errors = one_a_row(refusal.problems)
            sentence = (
                f"{len(errors)} of {len(rows)} rows are wrong; nothing was written. "
                f"The first, row {errors[0]['index']}: {errors[0]['sentence']}"
            )
            raise Refused(sentence, code="rows_wrong", status=422, errors=errors) from None
        return Response(bulk_answer(written))


def bulk_answer(written: WrittenRows) -> dict[str, Any]:
    """What became of rows: how many, and each by its index."""
    outcomes = [outcome for outcome, _ in written.outcomes]
    return {
        "rows": len(outcomes),
        **{str(outcome): outcomes.count(outcome) for outcome in Outcome},
        "results": [
            {"index": index, "outcome": outcome, "rig": rig_id}
            for index, (outcome, rig_id) in enumerate(written.outcomes)
        ],
        "problems": one_a_row(written.problems),
        "warnings": one_a_row(written.warnings),
    }


def one_a_row(problems: Iterable[RowProblem]) -> list[dict[str, Any]]:
    """The first problem of each row, by its index."""
    first: dict[int, RowProblem] = {}
    for problem in problems:
        first.setdefault(problem.row, problem)
    return [{"index": index, **field_problem(first[index])} for index in sorted(first)]


def one_of(request: Any, name: str, words: Sequence[str]) -> str:
    """The word that a parameter has, empty without one. Raises Refused for one that is none."""
    said = str(request.query_params.get(name, ""))
    if said and said not in words:
        sentence = f"'{said}' is no {name}; there are: {', '.join(words)}."
        errors = [{"field": name, "code": f"{name}_unknown", "sentence": sentence}]
        raise Refused(sentence, code=f"{name}_unknown", status=400, errors=errors)
    return said


def _rows(sent: Any) -> list[Any]:
    """Raises Refused for what is no list of rows, and for too many."""
    if not isinstance(sent, list) or not sent:
        sentence = "Send a JSON list of rows, or rows line by line as application/x-ndjson."
        raise Refused(sentence, code="rows_missing", status=400)
    if len(sent) > MOST_ROWS:
        many = f"These are {len(sent):,} rows; {MOST_ROWS:,} are taken at once."
        sentence = f"{many} Send them in parts, or as a file to uploads/."
        raise Refused(sentence, code="too_many_rows", status=413)
    return sent


def _line(number: int, line: bytes) -> Any:
    try:
        return json_read(line.decode)
    except ParseError as wrong:
        raise ParseError(f"Line {number}: {wrong.detail}", code=str(wrong.get_codes())) from None
