"""Lists a page at a time, by a cursor that stays right while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.utils.urls import remove_query_param, replace_query_param

T = TypeVar("T")
PAGE_SIZE = 100
LARGEST_PAGE = 1_000
PAGING = ("cursor", "page_size")
PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where the page begins; follow `next` and `previous`."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
]


def page_of(name: str, row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of a page of rows."""
    fields = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }
    return type(name, (serializers.Serializer,), {"__doc__": "A page.", **fields})


class Pages(CursorPagination):
    """{"next", "previous", "results"}; `page_size` up to 1,000, and more is refused, not cut."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    page_size_query_description = f"Rows on a page, from 1 to {LARGEST_PAGE:,}; {PAGE_SIZE} if left out."
    cursor_query_description = "Where the page begins; follow `next` and `previous`."
    max_page_size = LARGEST_PAGE
    ordering = "-pk"

    def get_page_size(self, request: Any) -> int:
        """The size asked for. Raises ValidationError for one that is none, or over the limit."""
        return _page_size(request)

    def decode_cursor(self, request: Any) -> Cursor | None:
        """The place asked for. Raises ValidationError for a cursor that no answer gave."""
        try:
            cursor = super().decode_cursor(request)
            if cursor and cursor.position is not None:
                int(cursor.position)
            if cursor and (cursor.offset or cursor.position is None):
                raise ValueError  # keys are unique: no page of ours skips rows
        except Exception as wrong:
            raise _no_cursor() from wrong
        return cursor


class PagesInOrder(Pages):
    """The same, oldest first."""

    ordering = "pk"


class ListPages(Generic[T]):
    """A page of a list that is worked out and not read: `rows` in order of `key`, with the addresses beside it.

    A cursor is the key of the last row of the page before, so rows that come or go elsewhere move nothing.
    Raises ValidationError for a cursor that no answer gave, and for a page size that is none.
    """

    def __init__(self, rows: Sequence[T], *, key: Callable[[T], tuple[Any, ...]], request: Any) -> None:
        self._places = [_written(key(row)) for row in rows]
        order = [json.loads(place) for place in self._places]
        size, start = _page_size(request), _start(order, request.query_params.get("cursor"))
        self.rows = rows[start : start + size]
        address = request.build_absolute_uri()
        self.next = self._address(address, start + size) if start + size < len(rows) else None
        self.previous = self._address(address, max(start - size, 0)) if start else None

    def _address(self, address: str, start: int) -> str:
        if not start:
            return str(remove_query_param(address, "cursor"))
        cursor = base64.urlsafe_b64encode(self._places[start - 1].encode()).decode()
        return str(replace_query_param(address, "cursor", cursor))


def _written(key: tuple[Any, ...]) -> str:
    return json.dumps(key, default=str)


def _start(order: list[Any], cursor: str | None) -> int:
    """How many rows stand before the page."""
    if cursor is None:
        return 0
    try:
        return bisect_right(order, json.loads(base64.urlsafe_b64decode(cursor)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as wrong:
        raise _no_cursor() from wrong


def _page_size(request: Any) -> int:
    said = request.query_params.get("page_size")
    if said is None:
        return PAGE_SIZE
    if not (said.isascii() and said.isdigit() and len(said) <= 9 and 1 <= int(said) <= LARGEST_PAGE):
        sentence = f"'{said}' is no page size; write a number from 1 to {LARGEST_PAGE:,}."
        raise ValidationError({"page_size": [sentence]}, code="page_size_unfit")
    return int(said)


def _no_cursor() -> ValidationError:
    sentence = "This is no cursor; take it from `next` or `previous` of an answer."
    return ValidationError({"cursor": [sentence]}, code="cursor_unknown")
