"""Many rows into one table at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite.

The ORM builds an object and a statement's worth of SQL for each row; for a hundred thousand rigs that is
ten seconds in which nobody else can write. Values must be plain: int, str, date, Decimal, bool or None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

Row = Sequence[Any]
AS_THEY_ARE = (models.CharField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Fields whose values every database takes as they are; asking each field about each value takes half the time."""


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows; `columns` are column names of the model's table, in the order of each row's values."""
    if settings.ROW_LEVEL_SECURITY:  # PostgreSQL copies into no table that has policies
        _write(model, columns, rows, "")
    else:
        _load(_quoted(model._meta.db_table), columns, rows)


def insert_missing(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], *, by: str
) -> None:
    """Add rows, but for those whose value of a unique column is there already. In the caller's transaction."""
    _insert_or(model, columns, rows, f"ON CONFLICT ({_quoted(by)}) DO NOTHING")


def insert_or_overwrite(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    by: Sequence[str],
    only: Sequence[str],
) -> None:
    """Add rows; of those that are there, found by columns that are unique together, the columns `only` are
    overwritten. For rows of which few are there, in the caller's transaction."""
    _insert_or(model, columns, rows, _overwriting(by, only))


def _insert_or(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], on_conflict: str
) -> None:
    """Most often none of the rows is there, and then they are written without a detour."""
    rows = list(rows)
    try:
        with transaction.atomic():
            insert_rows(model, columns, rows)
    except IntegrityError:
        _write(model, columns, rows, on_conflict)


def taken(model: type[models.Model], told: Mapping[str, Any]) -> list[Any]:
    """Values by the names of a model's fields, as its table takes them; JSON as its text."""
    return [take(value) for take, value in zip(_ways(model, tuple(told)), told.values(), strict=True)]


@cache
def _ways(model: type[models.Model], names: tuple[str, ...]) -> tuple[Callable[[Any], Any], ...]:
    return tuple(_way_of(model._meta.get_field(name)) for name in names)


def _way_of(field: Any) -> Callable[[Any], Any]:
    """How a table takes the values of a field."""
    if isinstance(field, AS_THEY_ARE):
        return lambda value: value
    if isinstance(field, models.JSONField):
        return json.dumps
    return lambda value: field.get_db_prep_save(value, connection)


def overwrite_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    only: Sequence[str] | None = None,
) -> None:
    """Overwrite rows that exist, found by their id, which must be among the columns; others are added.

    `only`: the columns that are overwritten; without it, all others.
    """
    written = [name for name in columns if name != "id"] if only is None else only
    _write(model, columns, rows, _overwriting(("id",), written))


def _overwriting(by: Sequence[str], written: Sequence[str]) -> str:
    updates = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in written)
    return f"ON CONFLICT ({', '.join(map(_quoted, by))}) DO UPDATE SET {updates}"


def _write(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], on_conflict: str) -> None:
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        _through_a_staging_table(table, columns, rows, on_conflict)
    else:
        _load(table, columns, rows, on_conflict)


def _load(table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str = "") -> None:
    names = ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of COPY the driver's own faults come through, unless somebody makes them the framework's.
            copying = f"COPY {table} ({names}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(copying) as copy:
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
