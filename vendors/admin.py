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
from vendors.selectors import what_is_read
from vendors.signals import vendors_changed, vendors_renamed


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
    fields = (
        "other_party",
        "kind",
        "relation",
        "share_low",
        "share_high",
        "since",
        "through",
        "source",
        "confidence",
    )
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

    list_display = ("name", "does", "home_country", "names", "models", "note")
    list_filter = ("roles__role", "status", "home_country")
    search_fields = ("name", "slug", "aliases__name", "ties__other_party")
    fields = ("name", "slug", "operator", "home_country", "status", "note")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AliasInline, TieInline, AssemblySiteInline, ContestedOriginInline, OtherStatementInline)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Vendor]:
        """A private vendor is seen by nobody but its operator."""
        own = Q(operator__memberships__user=request.user)
        vendors = super().get_queryset(request).filter(Q(operator__isnull=True) | own)
        return (
            vendors.filter(merged_into__isnull=True)
            .prefetch_related("roles")
            .annotate(
                alias_count=Count("aliases", distinct=True), model_count=Count("rig_models", distinct=True)
            )
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

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was read of the vendor before is remembered until all of it is saved."""
        before = Vendor.objects.filter(pk=obj.pk).values_list("name", flat=True).first()
        obj.as_it_was = (what_is_read([obj.pk]), before)
        obj.is_shipped = False
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What reads differently of a maker is told inside the same transaction, and all of it put on record."""
        super().save_related(request, form, formsets, change)
        vendor = form.instance
        was, name = vendor.as_it_was
        deed = "vendor changed" if change else "vendor registered"
        record(deed=deed, subject=f"vendor {vendor.pk}", by=request.user, operator_id=vendor.operator_id)
        if what_is_read([vendor.pk]) != was:
            vendors_changed.send(sender=Vendor, vendor_ids=[vendor.pk], cause=f"vendor {vendor.name}")
        if name not in (None, vendor.name):
            vendors_renamed.send(sender=Vendor, vendor_ids=[vendor.pk])

    @admin.display(description="roles")
    def does(self, vendor: Any) -> str:
        """What it does in the trade."""
        return ", ".join(str(role) for role in vendor.roles.all())

    @admin.display(description="other names", ordering="alias_count")
    def names(self, vendor: Any) -> int:
        """How many other names are on record."""
        return vendor.alias_count

    @admin.display(description="models", ordering="model_count")
    def models(self, vendor: Any) -> int:
        """How many rig models are on record."""
        return vendor.model_count
