"""Forms of the register whose changes go on the audit with what stood there before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest

from ledger.audit import differing, record

THROUGH = "the register"


class OnRecord:
    """A shelf of the register, mixed into its ModelAdmin: `on_record` are the fields that the audit tells, by model;
    what is secret is not among them. Tables inside a form are told as rows of their own."""

    on_record: Mapping[str, tuple[str, ...]] = {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and say what was made or what differs."""
        before = told(type(obj)._base_manager.get(pk=obj.pk), self._fields(obj)) if change else {}
        with transaction.atomic():
            self.save_row(request, obj, form, change)
            self._record("changed" if change else "registered", request, obj, before)

    def save_row(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """How the row itself is saved."""
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows of a table inside the form, and say of each what became of it."""
        rows = formset.model._base_manager.filter(pk__in=[each.pk for each in formset.get_queryset()])
        standing = {
            each.pk: told(each, self._fields(each)) for each in rows
        }  # the form's own have its values
        with transaction.atomic():
            super().save_formset(request, form, formset, change)  # type: ignore[misc]
            for row in formset.new_objects:
                self._record("registered", request, row, {})
            for row, _ in formset.changed_objects:
                self._record("changed", request, row, standing[row.pk])
            for row in formset.deleted_objects:
                self._record_removal(request, row)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and say what it was."""
        with transaction.atomic():
            self._record_removal(request, obj)
            super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete the chosen rows, and say what each was."""
        with transaction.atomic():
            for each in queryset:
                self._record_removal(request, each)
            super().delete_queryset(request, queryset)  # type: ignore[misc]

    def _fields(self, row: models.Model) -> tuple[str, ...]:
        return self.on_record[row._meta.label_lower]

    def _record(self, deed: str, request: HttpRequest, row: Any, before: Mapping[str, Any]) -> None:
        if changed := differing(before, told(row, self._fields(row))):
            put_on_record(f"{row._meta.verbose_name} {deed}", row, by=request.user, changed=changed)

    def _record_removal(self, request: HttpRequest, row: Any) -> None:
        removed = differing(told(row, self._fields(row)), {})
        put_on_record(f"{row._meta.verbose_name} removed", row, by=request.user, changed=removed)


def told(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """What a row says, as the audit tells it: of another row its name."""
    return {name: value if _is_plain(value := getattr(row, name)) else str(value) for name in fields}


def put_on_record(deed: str, row: Any, *, by: Any, **detail: Any) -> None:
    """A change of one row by a form, at its operator where it has one."""
    is_operator = row._meta.label_lower == "fleet.operator"
    record(
        deed=deed,
        subject=f"{row._meta.verbose_name} {row.pk}",
        by=by,
        operator_id=row.pk if is_operator else getattr(row, "operator_id", None),
        through=THROUGH,
        **detail,
    )


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | str | list | dict)
