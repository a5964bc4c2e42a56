"""The vendor register to look things up in, row by row; it is changed on the pages of each record, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from vendors.models import AssemblySite, ContestedOrigin, Ownership, Vendor, VendorAlias, VendorStatement


class ToLookAt:
    """Nothing is added, changed or removed here: every change goes through a service, with who, when and why."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class StatementsInline(ToLookAt, TabularInline):
    """Statements of one kind, under a tab of their own."""

    extra = 0
    tab = True
    hide_title = True


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
class VendorAdmin(ToLookAt, ModelAdmin):
    """The shared register, and the private vendors of the person's own operators."""

    list_display = ("name", "does", "home_country", "names", "models", "note")
    list_filter = ("roles__role", "status", "home_country")
    search_fields = ("name", "slug", "aliases__name", "ties__other_party")
    fields = ("name", "slug", "operator", "home_country", "status", "kept_by", "note")
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

    def view_on_site(self, obj: Any) -> str:
        """The vendor's own page."""
        return reverse("admin:vendor_record", args=[obj.pk])

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
