"""Many rows named in one statement: a set of ids, or of texts, is one parameter, however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

ROWS = {
    "postgresql": "SELECT unnest(%s::bigint[])",
    "sqlite": "SELECT value FROM json_each(%s)",
}
"""By the kind of database, the query whose rows are the ids of one parameter."""
TEXT_ROWS = {
    "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb)",
    "sqlite": "SELECT value FROM json_each(%s)",
}
"""The same of texts."""


def rows_of(ids: Iterable[int]) -> tuple[str, list[Any]]:
    """A query whose rows are the ids, with its parameters."""
    return ROWS[connection.vendor], [as_parameter(ids)]


def as_parameter(ids: Iterable[int]) -> str:
    """The ids as the parameter of such a query."""
    # One text: a driver that is given a list looks at each number of it, several times as long as the database does.
    parted = ",".join(map(int.__repr__, ids))
    return f"{{{parted}}}" if connection.vendor == "postgresql" else f"[{parted}]"


def among(ids: Iterable[int]) -> RawSQL:
    """For `filter(pk__in=among(ids))`."""
    # The ids are a parameter.
    return RawSQL(*rows_of(ids))  # noqa: S611  # nosec B611


def among_texts(texts: Iterable[str]) -> RawSQL:
    """For `filter(name__in=among_texts(texts))`. With a parameter for each, a statement of twenty thousand takes the
    ORM and the driver longer to write than the database to answer."""
    # The texts are a parameter.
    return RawSQL(TEXT_ROWS[connection.vendor], [json.dumps(list(texts))])  # noqa: S611  # nosec B611
