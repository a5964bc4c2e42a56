"""One moment of a database, held still for a reader while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from ledger.row_security.acting import acting_for_all

OF_ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = 0",
)
NOTHING_HIDDEN = "SET LOCAL row_security = off"
"""A row that a policy of the database would hide is an error then, never a row that is missing in silence. Where the
product knows of such policies, its commands act for every operator, and nothing is hidden from them."""


@contextmanager
def one_moment(connection: Any) -> Iterator[None]:
    """Every query in the block sees the database as it was at the first of them. Nobody waits for it: on SQLite it is
    a reader of the write-ahead log, never a transaction that would write."""
    if connection.vendor == "postgresql":
        first, *others = OF_ONE_MOMENT if settings.ROW_LEVEL_SECURITY else (*OF_ONE_MOMENT, NOTHING_HIDDEN)
        with transaction.atomic(using=connection.alias):
            with connection.connection.cursor() as drivers_own:  # before any query, also of for whom one acts
                drivers_own.execute(first)
            with acting_for_all(), connection.cursor() as cursor:
                for said in others:
                    cursor.execute(said)
                yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
