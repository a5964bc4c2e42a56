"""Lists a page at a time, by a cursor that stays right while rows are added."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination

PAGE_SIZE = 100
LARGEST_PAGE = 1_000


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
        said = request.query_params.get(self.page_size_query_param)
        if said is None:
            return PAGE_SIZE
        if not (said.isascii() and said.isdigit() and len(said) <= 9 and 1 <= int(said) <= LARGEST_PAGE):
            sentence = f"'{said}' is no page size; write a number from 1 to {LARGEST_PAGE:,}."
            raise ValidationError({"page_size": [sentence]}, code="page_size_unfit")
        return int(said)

    def decode_cursor(self, request: Any) -> Cursor | None:
        """The place asked for. Raises ValidationError for a cursor that no answer gave."""
        try:
            cursor = super().decode_cursor(request)
            if cursor and cursor.position is not None:
                int(cursor.position)
        except Exception as wrong:
            sentence = "This is no cursor; take it from `next` or `previous` of an answer."
            raise ValidationError({"cursor": [sentence]}, code="cursor_unknown") from wrong
        return cursor


class PagesInOrder(Pages):
    """The same, oldest first."""

    ordering = "pk"
