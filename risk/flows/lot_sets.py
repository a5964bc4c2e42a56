"""Many lots named in one statement: a set of ids is one parameter, however many they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def rows_of(ids: Sequence[int]) -> tuple[str, list[Any]]:
    """A query whose rows are the ids, with its parameters."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", [list(ids)]
    return "SELECT value FROM json_each(%s)", [json.dumps(list(ids))]


def among(ids: Sequence[int]) -> RawSQL:
    """For `filter(lot_id__in=among(ids))`."""
    return RawSQL(*rows_of(ids))  # noqa: S611 - the ids are a parameter
