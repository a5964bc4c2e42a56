"""The audit trail as people read it: every deed, newest first, and nothing in it can be changed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from ledger.audit import AuditEntryQuerySet
from ledger.models import AuditEntry


class AsksFirst(ModelAdmin):
    """Asks who comes before it looks a row up: Django's page of a row's history would say first whether there is one,
    and so tell a stranger which rows exist."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's, for those who may see the shelf at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(AuditEntry)
class AuditEntryAdmin(AsksFirst):
    """Read only."""

    list_display = ("at", "by", "deed_shown", "subject_shown", "operator_id")
    list_filter = ("deed",)
    list_select_related = ("by",)
    search_fields = ("subject", "deed", "by__username")
    fields = readonly_fields = ("at", "by", "operator_id", "deed_shown", "subject_shown", "detail")
    date_hierarchy = "at"
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """What an operator keeps of vendors is read by those who work there alone, so are its deeds on it."""
        own = request.user.memberships.values("operator_id")  # type: ignore[union-attr]
        return AuditEntry.objects.filter(pk__in=super().get_queryset(request)).read_by_platform(own)

    @admin.display(description="deed", ordering="deed")
    def deed_shown(self, entry: AuditEntry) -> str:
        """In the words of today."""
        return entry.shown_deed

    @admin.display(description="subject", ordering="subject")
    def subject_shown(self, entry: AuditEntry) -> str:
        """In the words of today."""
        return entry.shown_subject

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """As Django's, and what is found in the words of before."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            worded = cast(AuditEntryQuerySet, queryset).worded("subject", search_term.strip())
            found = queryset.filter(Q(pk__in=found.values("pk")) | Q(pk__in=worded.values("pk")))
        return found, has_duplicates

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deeds put themselves on record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
