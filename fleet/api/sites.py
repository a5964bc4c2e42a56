"""Sites for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api import rig_examples as examples
from fleet.api.filters import SiteFilters
from fleet.api.resources import FleetList, FleetObject, rows_named
from fleet.api.rig_answers import site_answer
from fleet.api.rig_shapes import SiteListed, SiteSent
from fleet.models import Site
from fleet.services import change_site, register_site
from ledger.api.etags import IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import list_parameters
from ledger.api.pages import page_of
from ledger.api.sparse import FIELDS_PARAMETER


class Sites(FleetList, ActsOnce):
    """All sites of the operator."""

    filters, shape = SiteFilters, SiteListed

    @extend_schema(
        operation_id="list_sites",
        summary="Sites, in the order of their ids",
        parameters=[*list_parameters(SiteFilters), FIELDS_PARAMETER],
        responses=OpenApiResponse(page_of("SitePage", SiteListed), examples=examples.SITE_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of sites."""
        return self.page(Site.objects.of(self.operator), site_answer)

    @extend_schema(
        operation_id="register_site",
        summary="Make a site",
        request=SiteSent,
        examples=[examples.NEW_SITE],
        responses={201: OpenApiResponse(SiteListed, examples=examples.SITE)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """409 where there is one of that name, whatever its case and spaces."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Make it."""
        with rows_named():
            site = register_site(operator=self.operator, said=self.read(SiteSent), **self.deed)
        headers = {"Location": reverse("api:site", args=[site.pk])}
        return Response(site_answer(site), status=201, headers=headers)


class OneSite(FleetObject):
    """One site."""

    shape, named = SiteListed, "site"

    def rows(self) -> QuerySet[Site]:
        """The operator's sites."""
        rows: QuerySet[Site] = Site.objects.of(self.operator).select_related("operator")
        return rows

    def tell(self, row: Site) -> dict[str, Any]:
        """All of it."""
        return site_answer(row)

    @extend_schema(
        operation_id="get_site",
        summary="One site",
        parameters=[FIELDS_PARAMETER, IF_NONE_MATCH],
        responses={200: OpenApiResponse(SiteListed, examples=examples.SITE), **NOT_MODIFIED},
    )
    def get(self, request: Any, site_id: int) -> Response:
        """A site as it stands."""
        return self.answer(self.found(site_id))

    @extend_schema(
        operation_id="change_site",
        summary="Rename a site or correct its country",
        parameters=[IF_MATCH],
        request=SiteSent,
        examples=[examples.NEW_SITE],
        responses=OpenApiResponse(SiteListed, examples=examples.SITE),
    )
    def patch(self, request: Any, site_id: int) -> Response:
        """The country is that of import of later rows which name none; what is on record stays as it is."""

        def change() -> None:
            change_site(
                site=self.found(site_id),
                said=self.read(SiteSent),
                still=lambda: self.refuse_stale(site_id),
                **self.deed,
            )

        return self.changed(site_id, change, now=lambda: self.found(site_id))
