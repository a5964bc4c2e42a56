"""The vendor register as people keep it: names, ties, assembly sites and the like, each with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, TextField
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from fleet.models import Operator
from fleet.models.operator import OperatorRole
from ledger.models import record
from vendors.models import AssemblySite, ContestedOrigin, Ownership, Vendor, VendorAlias, VendorStatement
from vendors.signals import vendors_changed


def may_keep(person: Any, vendor: Vendor | None) -> bool:
    """Platform staff keep the shared register, a manager the private vendors of the own operators."""
    if vendor is None or (person.is_platform_staff and vendor.operator_id is None):
        return True
    return vendor.operator_id in managed_by(person)


def managed_by(person: Any) -> set[int]:
    """The ids of the operators of which the person is a manager."""
    managed = person.memberships.filter(role=OperatorRole.MANAGER)
    return set(managed.values_list("operator_id", flat=True))


class StatementsInline(TabularInline):
    """Statements of one kind, under a tab of their own; sources fit in one line each."""

    extra = 0
    tab = True
    hide_title = True
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextInputWidget}}

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        """As for the vendor that the statement is about."""
        return super().has_add_permission(request, obj) and may_keep(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the vendor that the statement is about."""
        return super().has_change_permission(request, obj) and may_keep(request.user, obj)


class AliasInline(StatementsInline):
    """Other names."""

    model = VendorAlias
    fields = ("name", "kind", "since", "through", "source", "confidence")


class TieInline(StatementsInline):
    """Owners, sisters, common control."""

    model = Ownership
    fields = ("other_party", "kind", "relation", "share_percent", "since", "through", "source", "confidence")
    verbose_name, verbose_name_plural = "tie", "ties to other parties"


class AssemblySiteInline(StatementsInline):
    """Where the maker assembles."""

    model = AssemblySite
    fields = ("country", "place", "customer", "since", "through", "source", "confidence")


class ContestedOriginInline(StatementsInline):
    """Origins that customs asserts against what is declared."""

    model = ContestedOrigin
    fields = ("country", "first_date", "through_date", "source", "confidence", "note")


class OtherStatementInline(StatementsInline):
    """Whatever else a source says."""

    model = VendorStatement
    fields = ("kind", "told", "other_party", "since", "source", "confidence")


@admin.register(Vendor)
class VendorAdmin(ModelAdmin):
    """The shared register, and the private vendors of the person's own operators."""

    list_display = ("name", "role", "home_country", "names", "models", "note")
    list_filter = ("role", "home_country")
    search_fields = ("name", "slug", "aliases__name", "ties__other_party")
    fields = ("name", "slug", "operator", "role", "home_country", "website", "note")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AliasInline, TieInline, AssemblySiteInline, ContestedOriginInline, OtherStatementInline)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Vendor]:
        """A private vendor is seen by nobody but its operator."""
        own = Q(operator__memberships__user=request.user)
        vendors = super().get_queryset(request).filter(Q(operator__isnull=True) | own)
        return vendors.annotate(
            alias_count=Count("aliases", distinct=True), model_count=Count("rig_models", distinct=True)
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A manager changes private vendors only; the shared register is the platform's."""
        return super().has_change_permission(request, obj) and may_keep(request.user, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Private to an operator that the person manages; only platform staff may leave a vendor shared."""
        if db_field.name == "operator":
            options["queryset"] = Operator.objects.filter(pk__in=managed_by(request.user))
            options["required"] = not getattr(request.user, "is_platform_staff", False)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What reads differently of a maker is told inside the same transaction, and put on record."""
        super().save_related(request, form, formsets, change)
        vendor = form.instance
        deed = "vendor changed" if change else "vendor registered"
        record(deed=deed, subject=f"vendor {vendor.pk}", by=request.user, operator_id=vendor.operator_id)
        vendors_changed.send(sender=Vendor, vendor_ids=[vendor.pk], cause=f"vendor {vendor.name}")

    @admin.display(description="other names", ordering="alias_count")
    def names(self, vendor: Any) -> int:
        """How many other names are on record."""
        return vendor.alias_count

    @admin.display(description="models", ordering="model_count")
    def models(self, vendor: Any) -> int:
        """How many rig models are on record."""
        return vendor.model_count
