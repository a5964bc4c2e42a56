"""One moment of a database, held still for a reader while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

OF_ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL row_security = off",  # a row that a policy hides is an error here, never a row that is missing
    "SET LOCAL statement_timeout = 0",
)


@contextmanager
def one_moment(connection: Any) -> Iterator[None]:
    """Every query in the block sees the database as it was at the first of them. Nobody waits for it: on SQLite it is
    a reader of the write-ahead log, never a transaction that would write."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for said in OF_ONE_MOMENT:
                cursor.execute(said)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
