"""Brings a table into step with shipped rows: adds, changes and removes only what differs, set by set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """How many rows were added, changed, removed and left."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            removed=self.removed + other.removed,
            unchanged=self.unchanged + other.unchanged,
        )


def reconcile(
    present: models.QuerySet[Any],
    wanted: Mapping[tuple[Any, ...], Mapping[str, Any]],
    *,
    key: tuple[str, ...],
    remove: models.QuerySet[Any] | None = None,
) -> Reconciled:
    """Make the table hold `wanted`: values by key. Rows of `remove` that nobody wants any more go.

    Inside the caller's transaction. Models with a history of their own are not for this: it writes in bulk.
    """
    model = present.model
    rows = {tuple(getattr(row, name) for name in key): row for row in present}
    added = [model(**{**v, **dict(zip(key, k, strict=True))}) for k, v in wanted.items() if k not in rows]
    changed = [row for k, row in rows.items() if k in wanted and _overwritten(row, wanted[k])]
    model._default_manager.bulk_create(added, batch_size=500)
    if changed:
        fields = sorted({name for values in wanted.values() for name in values})
        model._default_manager.bulk_update(changed, fields, batch_size=200)
    gone = (
        [row.pk for row in remove if tuple(getattr(row, n) for n in key) not in wanted]
        if remove is not None
        else []
    )
    for start in range(0, len(gone), 500):
        model._default_manager.filter(pk__in=gone[start : start + 500]).delete()
    kept = sum(k in wanted for k in rows)
    return Reconciled(
        added=len(added), changed=len(changed), removed=len(gone), unchanged=kept - len(changed)
    )


def _overwritten(row: models.Model, values: Mapping[str, Any]) -> bool:
    """Lay values over a row; whether any of them differed."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
