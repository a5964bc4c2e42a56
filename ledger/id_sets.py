"""Many rows named in one statement: a set of ids is one parameter, however many they are."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def rows_of(ids: Collection[int]) -> tuple[str, list[Any]]:
    """A query whose rows are the ids, with its parameters."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", [list(ids)]
    return "SELECT value FROM json_each(%s)", [json.dumps(list(ids))]


def among(ids: Collection[int]) -> RawSQL:
    """For `filter(pk__in=among(ids))`."""
    # The ids are a parameter.
    return RawSQL(*rows_of(ids))  # noqa: S611  # nosec B611
