"""A list for programs: which rows are asked for by the query, and a page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from ledger.api.filters import Filters, narrowed, parameters_of
from ledger.api.pages import PAGE_PARAMETERS, PAGING, Pages


class Listed:
    """What a view with a list is. `filters` narrow the list, `beside` names what else its query may
    say, `sent_with` what goes beside a POST; everything else is refused."""

    filters: type[Filters] = Filters
    pages: type[Pages] = Pages
    beside: tuple[str, ...] = ()
    sent_with: tuple[str, ...] = ()
    request: Any

    def may_be_asked(self) -> tuple[str, ...]:
        """What the query may say, by the verb."""
        if self.request.method == "POST":
            return self.sent_with
        return (*PAGING, *self.beside, *self.filters.base_filters)

    def asked_for(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the query asks for. Raises ValidationError that names every parameter that is wrong."""
        return narrowed(self.filters, self.request, rows)

    def listed(self, rows: QuerySet[Any], tell: Callable[[Sequence[Any]], Iterable[Any]]) -> Response:
        """A page of the rows that are asked for, as `tell` tells them."""
        pages = self.pages()
        page = pages.paginate_queryset(self.asked_for(rows), self.request, self) or []  # type: ignore[arg-type]
        return pages.get_paginated_response(list(tell(page)))


def list_parameters(filters: type[Filters] = Filters) -> list[OpenApiParameter]:
    """What the query of a list may say, for the schema."""
    return [*PAGE_PARAMETERS, *parameters_of(filters)]
