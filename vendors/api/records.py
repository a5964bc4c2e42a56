"""Vendors: the register and the operator's own, found by any name or identifier; the operator's own, written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from fleet.api.addresses import OperatorAddress
from fleet.models import Operator
from fleet.models.keys import Scope
from ledger.api.etags import (
    IF_MATCH,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    refuse_unless_matching,
    told_with_etag,
)
from ledger.api.filters import Filters, OneOf
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import PagesInOrder, page_of
from ledger.api.parsers import JsonBody
from ledger.api.problems import Refused
from vendors.api import examples
from vendors.api.answers import vendor_answer, vendor_summaries
from vendors.api.shapes import VendorChanged, VendorListed, VendorTaken, VendorTold
from vendors.models import Vendor, VendorRole
from vendors.models.kinds import KINDS
from vendors.selectors import called_so
from vendors.services import add_to_record, change_vendor, register_vendor
from vendors.services.records import VENDOR_FIELDS

BY_PROGRAM = "sent by a program"
SINGLE = {"roles": "role", "notes": "text"}


class VendorAddress(OperatorAddress):
    """An address under `vendors/`."""

    reads: str | None = Scope.VENDORS_READ
    writes: str | None = Scope.VENDORS_WRITE
    parser_classes = [JsonBody]
    statuses = {"record_of_others": 403, "record_merged": 409}

    @property
    def own(self) -> Operator | None:
        """Whose private things the caller sees: the key's operator, or that of a person who works there. None for
        people of the platform, who keep the register."""
        person = self.caller.person
        if self.caller.key or person.memberships.filter(operator=self.operator).exists():
            return self.operator
        return None

    def vendor(self, vendor_id: int) -> Vendor:
        """Raises Http404 for what the caller may not see."""
        visible = Vendor.objects.visible_to(self.own).select_related("merged_into")
        vendor = visible.filter(pk=vendor_id).first()
        if vendor is None:
            raise Http404(f"There is no vendor {vendor_id}.")
        return vendor

    def told(self, vendor: Vendor, *, status: int = 200) -> Response:
        """The vendor as it is now."""
        answer = vendor_answer(self.vendor(vendor.pk), operator=self.own)
        place = {"Location": reverse("api:vendor", args=[vendor.pk])}
        return told_with_etag(self.request, answer, status=status, headers=place)

    def deed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Who does it, for whom and why, as the services take it."""
        why = str(given.get("why") or BY_PROGRAM)
        who = {"by": self.caller.person, "through": self.caller.through}
        return {"operator": self.own, "why": why, **who}

    def add_facts(self, vendor: Vendor, given: Mapping[str, Any], deed: Mapping[str, Any]) -> None:
        """Put the facts on record that are not there yet. Raises Refused that names the fact that is wrong."""
        for kind in KINDS:
            for number, sent in enumerate(given.get(kind, ())):
                said = {SINGLE[kind]: sent} if kind in SINGLE else dict(sent)
                if kind == "roles" and VendorRole.objects.filter(vendor=vendor, **said).exists():
                    continue
                with fields_named(f"{kind}.{number}."):
                    add_to_record(vendor=vendor, kind=kind, said=said, **deed)


@contextmanager
def fields_named(before: str = "") -> Iterator[None]:
    """A service's refusal of fields, told field by field."""
    try:
        yield
    except ValidationError as refusal:
        if not hasattr(refusal, "error_dict"):
            raise
        errors = [
            {"field": before + ("" if name == "__all__" else name), "code": "unfit", "sentence": sentence}
            for name, sentences in refusal.message_dict.items()
            for sentence in sentences
        ]
        told = " ".join(each["sentence"] for each in errors)
        raise Refused(told, code="refused", status=422, errors=errors) from None


class _Found(filters.CharFilter):
    """Vendors by a part of a name or any identifier, among those of the operator that asks."""

    def filter(self, qs: Any, value: str) -> Any:
        """By what the operator may see."""
        return qs.filter(called_so(value, operator=self.parent.request.parser_context["view"].own))


class VendorFilters(Filters):
    """By what a vendor is called, what it does and where it stands."""

    q = _Found(max_length=200, help_text="A part of any name, a slug, or any identifier.")
    role = OneOf(VendorRole.Role.values, field_name="roles__role", code="role_unknown")
    status = OneOf(Vendor.Status.values, field_name="status", code="status_unknown")
    home_country = filters.CharFilter("home_country", "iexact", max_length=2, help_text="ISO 3166-1 alpha-2.")


class Vendors(Listed, VendorAddress, ActsOnce):
    """All vendors that the caller may see."""

    filters, pages = VendorFilters, PagesInOrder

    @extend_schema(
        operation_id="list_vendors",
        summary="Vendors: the register and your own",
        parameters=list_parameters(VendorFilters),
        responses=OpenApiResponse(page_of("VendorPage", VendorListed), examples=examples.PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of vendors, in brief."""
        vendors = Vendor.objects.visible_to(self.own).standing().prefetch_related("roles")
        return self.listed(vendors, lambda page: vendor_summaries(page, operator=self.own))

    @extend_schema(
        operation_id="register_vendor",
        summary="Register a private vendor",
        request=VendorTaken,
        examples=[examples.NEW],
        responses={201: OpenApiResponse(VendorTold, examples=examples.VENDOR)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """A vendor that no other operator sees, with the facts that come with it; all of it or nothing."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Register it and put its facts on record. Raises Refused for staff who may not add to the register."""
        if self.own is None and not self.caller.person.has_perm("vendors.add_vendor"):
            sentence = "Only who keeps the register adds to it."
            raise Refused(sentence, code="record_of_others", status=403)
        given = self.read(VendorTaken)
        deed = self.deed(given)
        with fields_named():
            said = {name: given[name] for name in VENDOR_FIELDS if name in given}
            vendor = register_vendor(**said, **deed)
        self.add_facts(vendor, given, deed)
        return self.told(vendor, status=201)


class OneVendor(VendorAddress):
    """One vendor."""

    @extend_schema(
        operation_id="get_vendor",
        summary="One vendor with all that you may see of it",
        parameters=[IF_NONE_MATCH],
        responses={200: OpenApiResponse(VendorTold, examples=examples.VENDOR), **NOT_MODIFIED},
    )
    def get(self, request: Any, vendor_id: int) -> Response:
        """One that was merged says into which."""
        return self.told(self.vendor(vendor_id))

    @extend_schema(
        operation_id="change_vendor",
        summary="Change your own vendor, or add what is yours to any",
        request=VendorChanged,
        parameters=[IF_MATCH],
        examples=[examples.YOUR_ID],
        responses=OpenApiResponse(VendorTold, examples=examples.VENDOR),
    )
    def patch(self, request: Any, vendor_id: int) -> Response:
        """Values are changed, facts are added; all of it or nothing. Of a vendor of the register you may add
        identifiers, contacts and notes, which you alone see."""
        vendor, given = self.vendor(vendor_id), self.read(VendorChanged)
        deed = self.deed(given)
        said = {name: given[name] for name in VENDOR_FIELDS if name in given}
        with transaction.atomic():
            # Held first, so that of two who read the same the second is refused.
            Vendor.objects.select_for_update().get(pk=vendor.pk)
            refuse_unless_matching(request, vendor_answer(self.vendor(vendor.pk), operator=self.own))
            if said:
                with fields_named():
                    change_vendor(vendor=vendor, **said, **deed)
            self.add_facts(vendor, given, deed)
            response = self.told(vendor)
            self.put_on_record(request, response)
        return response
