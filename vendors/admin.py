"""The vendor register as people keep it: names, ties, assembly sites and the like, each with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, TextField
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from ledger.models import record
from vendors.models import AssemblySite, ContestedOrigin, Ownership, Vendor, VendorAlias, VendorStatement
from vendors.signals import vendors_changed


class StatementsInline(TabularInline):
    """Statements of one kind, under a tab of their own; sources fit in one line each."""

    extra = 0
    tab = True
    hide_title = True
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextInputWidget}}


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
    fields = ("name", "slug", "role", "home_country", "website", "note")
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
