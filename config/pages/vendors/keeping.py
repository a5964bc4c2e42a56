"""Whose records a visitor sees and may change: the platform's register, and one operator's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from config.pages.visit import Visit
from fleet.models import Operator
from fleet.models.operator import OperatorRole
from vendors.models import Vendor
from vendors.models.kinds import Kind


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a visit may see and change. `own` is the operator whose private things are seen: the one that is shown, if
    the person works there. Platform staff see no operator's private things."""

    visit: Visit
    own: Operator | None
    is_manager: bool

    @property
    def keeps_register(self) -> bool:
        """Whether the person changes the platform's records."""
        return self.visit.keeps_register and self.visit.person.has_perm("vendors.change_vendor")

    @property
    def may_register(self) -> bool:
        """Whether the person may add a vendor, to the register or to the own operator's."""
        return self.is_manager or (
            self.visit.keeps_register and self.visit.person.has_perm("vendors.add_vendor")
        )

    @property
    def registers_for(self) -> Operator | None:
        """Whose a new vendor is: the register's where the person keeps it, else the own operator's."""
        return None if self.keeps_register else self.own

    def vendor(self, vendor_id: int) -> Vendor:
        """Raises Http404 for another operator's private vendor: it does not exist here."""
        vendors = Vendor.objects.visible_to(self.own).select_related("operator", "kept_by", "merged_into")
        vendor = vendors.filter(pk=vendor_id).first()
        if vendor is None:
            raise Http404("There is no such vendor.")
        return vendor

    def may_change(self, vendor: Vendor) -> bool:
        """Whether the person may change the record and the facts on it."""
        if vendor.merged_into_id:
            return False
        if vendor.operator_id is None:
            return self.keeps_register
        return self.is_manager and self.own is not None and vendor.operator_id == self.own.pk

    def may_keep_beside(self, vendor: Vendor) -> bool:
        """Whether the person may keep documents, contacts, notes and identifiers at the vendor."""
        return self.may_change(vendor) or (self.is_manager and not vendor.merged_into_id)

    def keeper(self, vendor: Vendor) -> Operator | None:
        """For whom the person adds to a vendor's record: None for the platform."""
        return vendor.operator if self.may_change(vendor) else self.own

    def may_touch(self, vendor: Vendor, kind: Kind, row: Any) -> bool:
        """Whether a fact on a vendor's record is the person's to change."""
        if not kind.is_scoped:
            return self.may_change(vendor)
        keeper = self.keeper(vendor)
        return self.may_keep_beside(vendor) and row.operator_id == (keeper.pk if keeper else None)

    def refuse_unless(self, allowed: bool) -> None:
        """Raises PermissionDenied."""
        if not allowed:
            raise PermissionDenied("Only who keeps this record changes it.")


def keeping_of(visit: Visit) -> Keeping:
    """What a visit may see and change of vendors; one query."""
    role = None
    if visit.chosen is not None:
        role = visit.person.memberships.filter(operator=visit.chosen).values_list("role", flat=True).first()
    own = visit.chosen if role else None
    return Keeping(visit, own, is_manager=role == OperatorRole.MANAGER)
