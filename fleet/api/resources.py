"""What the addresses of sites, lots and rigs share: a page of rows, one object with its ETag, a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from fleet.api.addresses import OperatorAddress
from fleet.models.keys import Scope
from fleet.services import RowsWrong
from fleet.sheets.reading import RowProblem
from ledger.api.etags import refuse_unless_matching, told_with_etag
from ledger.api.lists import Listed
from ledger.api.pages import PagesInOrder
from ledger.api.parsers import JsonBody
from ledger.api.problems import Refused
from ledger.api.sparse import FIELDS, fields_asked, only

PROBLEMS_SHOWN = 1_000
Tell = Callable[[Any], dict[str, Any]]


class FleetAddress(OperatorAddress):
    """An address of the fleet's own things, which programs read and change."""

    reads: str | None = Scope.FLEET_READ
    writes: str | None = Scope.FLEET_WRITE
    parser_classes = [JsonBody]
    statuses = {"fleet_busy": 409, "site_on_record": 409}

    @property
    def deed(self) -> dict[str, Any]:
        """Who changes something, through what and when, as the services take it."""
        return {"at": timezone.now(), "by": self.caller.person, "through": self.caller.through}

    def sent(self) -> Mapping[str, Any]:
        """The object that was sent. Raises ValidationError for what is none."""
        if not isinstance(self.request.data, dict) or not self.request.data:
            sentence = 'Send a JSON object with at least one field, like {"status": "stored"}.'
            raise ValidationError(sentence, code="object_missing")
        sent: Mapping[str, Any] = self.request.data
        return sent


class FleetList(Listed, FleetAddress):
    """A list of things of the fleet; `shape` has the fields that may be asked for."""

    shape: type[Serializer]
    beside = (FIELDS,)

    def page(
        self, rows: QuerySet[Any], tell: Tell, read: Callable[[list[int]], Iterable[Any]] | None = None
    ) -> Response:
        """One page of the rows that are asked for, in the order of their ids.

        The page is first found by ids alone, which an index has all of: rows are read only of what is told, by `read`
        where there is such.
        """
        fields = fields_asked(self.request, self.shape)
        asked, pages = self.asked_for(rows), PagesInOrder()
        bare = asked.select_related(None).prefetch_related(None).only("pk")
        found = [row.pk for row in pages.paginate_queryset(bare, self.request, self) or []]
        whole = {row.pk: row for row in read(found)} if read else rows.in_bulk(found)
        return pages.get_paginated_response([only(tell(whole[pk]), fields) for pk in found if pk in whole])


class FleetObject(FleetAddress):
    """One object: read with its ETag, changed by who knows it."""

    shape: type[Serializer]
    named: str

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """Which fields are told."""
        return () if self.request.method == "PATCH" else (FIELDS,)

    def rows(self) -> QuerySet[Any]:
        """The caller's own."""
        raise NotImplementedError

    def row(self, pk: int) -> Any:
        """That of the caller's own, or None."""
        return self.rows().filter(pk=pk).first()

    def tell(self, row: Any) -> dict[str, Any]:
        """All that is told of one."""
        raise NotImplementedError

    def found(self, pk: int) -> Any:
        """Raises Http404: another operator's does not exist here."""
        row = self.row(pk)
        if row is None:
            raise Http404(f"There is no {self.named} {pk}.")
        return row

    def answer(self, row: Any, **how: Any) -> Response:
        """The object as it is, with its ETag; 304 for a reader who has it."""
        fields, told = fields_asked(self.request, self.shape), self.tell(row)
        return told_with_etag(self.request, told, only(told, fields), **how)

    def refuse_stale(self, pk: int) -> None:
        """Raises Refused where who changes the object does not know it as it is."""
        refuse_unless_matching(self.request, self.tell(self.found(pk)))

    def changed(self, pk: int, change: Callable[[], Any], *, now: Callable[[], Any]) -> Response:
        """Change it and tell what it is now; all of it on record, or nothing."""
        self.refuse_stale(pk)
        with transaction.atomic(), rows_named():
            change()
            response = self.answer(now())
            self.put_on_record(self.request, response)
        return response


@contextmanager
def rows_named() -> Any:
    """A service's refusal of a row, told field by field."""
    try:
        yield
    except RowsWrong as refusal:
        problems = [field_problem(each) for each in refusal.problems[:PROBLEMS_SHOWN]]
        sentence = " ".join(refusal.messages)
        status = FleetAddress.statuses.get(str(refusal.code), 422)
        raise Refused(sentence, code=str(refusal.code), status=status, errors=problems) from None


def field_problem(problem: RowProblem) -> dict[str, Any]:
    """What is wrong with a field of the one row that was sent."""
    told = {"field": problem.column, "code": problem.code, "value": problem.value}
    return told | {"sentence": problem.sentence}
