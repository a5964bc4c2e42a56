"""Many rows named in one statement: a set of ids is one parameter, however many they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def rows_of(ids: Collection[int]) -> tuple[str, list[Any]]:
    """A query whose rows are the ids, with its parameters."""
    # One text: a driver that is given a list looks at each number of it, several times as long as the database does.
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", [f"{{{_parted(ids)}}}"]
    return "SELECT value FROM json_each(%s)", [f"[{_parted(ids)}]"]


def _parted(ids: Collection[int]) -> str:
    return ",".join(map(int.__repr__, ids))


def among(ids: Collection[int]) -> RawSQL:
    """For `filter(pk__in=among(ids))`."""
    # The ids are a parameter.
    return RawSQL(*rows_of(ids))  # noqa: S611  # nosec B611
