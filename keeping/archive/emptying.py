"""Tables made ready to take rows as they are: empty, and with no trigger that would answer a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keeping.archive.tables import Table

MADE_BY_MIGRATIONS = frozenset({"contenttypes.ContentType", "auth.Permission"})
"""What every database has that was set up and never used."""


def tables_in_use(tables: list[Table], database: str) -> list[str]:
    """The names of tables that hold anything but what setting up a database puts there."""
    looked_at = [table for table in tables if table.model._meta.label not in MADE_BY_MIGRATIONS]
    return [table.name for table in looked_at if table.model._base_manager.using(database).exists()]


@contextmanager
def as_they_are(connection: Any, tables: list[Table]) -> Iterator[None]:
    """Rows go in and out of the tables in the block without their triggers, which are there again after it. In the
    caller's transaction, whose references are held to account at the end of the block."""
    names = [connection.ops.quote_name(table.name) for table in tables]
    with connection.cursor() as cursor:
        off, on = _switches(names) if connection.vendor == "postgresql" else _put_away(cursor, tables)
        for said in off:
            cursor.execute(said)
        yield
        for said in on:
            cursor.execute(said)


def empty(connection: Any, tables: list[Table]) -> None:
    """Take every row out of the tables."""
    names = [connection.ops.quote_name(table.name) for table in tables]
    said = [f"TRUNCATE {', '.join(names)}"]
    if connection.vendor == "sqlite":
        said = [f"DELETE FROM {name}" for name in names]  # noqa: S608  names of our own tables, quoted
    with connection.cursor() as cursor:
        for each in said:
            cursor.execute(each)


def _switches(names: list[str]) -> tuple[list[str], list[str]]:
    """References are asked for before the triggers come back: PostgreSQL changes no table while any is owed."""
    off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
    on = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
    return off, ["SET CONSTRAINTS ALL IMMEDIATE", *on]


def _put_away(cursor: Any, tables: list[Table]) -> tuple[list[str], list[str]]:
    """SQLite's triggers cannot be switched off: they are taken away and made again by the words that made them."""
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    ours = {table.name for table in tables}
    found = [(name, sql) for name, of, sql in cursor.fetchall() if of in ours]
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]
