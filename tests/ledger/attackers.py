"""Somebody who has the database itself: switches the audit's guard off and writes what they like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from ledger.guarding import GUARDED, put_up_guard, standing_triggers


@contextmanager
def with_the_database() -> Iterator[Any]:
    """A cursor that no trigger stops; afterwards the guard stands again, as if nothing had been."""
    with connection.cursor() as cursor:
        for name in sorted(standing_triggers()):
            table = next(each for each in GUARDED if name.startswith(each))
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
        yield cursor
    put_up_guard()


def altered(entry: int, **values: str) -> None:
    """Overwrite columns of an entry."""
    with with_the_database() as cursor:
        for name, value in values.items():
            cursor.execute(f"UPDATE ledger_auditentry SET {name} = %s WHERE id = %s", [value, entry])  # noqa: S608


def deleted(table: str, column: str, least: int, most: int) -> None:
    """Delete the rows of a span."""
    with with_the_database() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} BETWEEN %s AND %s", [least, most])  # noqa: S608


def swapped(table: str, column: str, one: int, other: int) -> None:
    """Give two rows each other's number."""
    with with_the_database() as cursor:
        for before, after in ((one, -1), (other, one), (-1, other)):
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [after, before])  # noqa: S608
