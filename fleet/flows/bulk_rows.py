"""Many rows into one table at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite.

The ORM builds an object and a statement's worth of SQL for each row; for a hundred thousand rigs that is
ten seconds in which nobody else can write. Values must be plain: int, str, date, Decimal, bool or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows; `columns` are column names of the model's table, in the order of each row's values."""
    _load(_quoted(model._meta.db_table), columns, rows)


def overwrite_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Overwrite rows that exist, found by `id`, which must be among the columns."""
    table = _quoted(model._meta.db_table)
    updates = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in columns if name != "id")
    on_conflict = f"ON CONFLICT (id) DO UPDATE SET {updates}"
    if connection.vendor == "postgresql":
        _through_a_staging_table(table, columns, rows, on_conflict)
    else:
        _load(table, columns, rows, on_conflict)


def _load(table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str = "") -> None:
    names = ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            # Names come from our own models, values are parameters; the driver takes rows as they come.
            statement = f"INSERT INTO {table} ({names}) VALUES ({places}) {on_conflict}"  # noqa: S608
            cursor.executemany(statement, rows)  # type: ignore[arg-type]


def _through_a_staging_table(
    table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str
) -> None:
    """COPY knows no conflict: the rows go to a temporary table first, then over in one statement."""
    names = ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608
    _load("staged", columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM staged {on_conflict}")  # noqa: S608
        cursor.execute("DROP TABLE staged")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
