"""The rows of a backup brought into tables, as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction

from keeping.archive.emptying import as_they_are, empty
from keeping.archive.manifest import KeptTable
from keeping.archive.opened import OpenBackup
from keeping.archive.tables import Row, Table, digest_of, rows_from

ROWS_AT_ONCE = 2_000


def fill(backup: OpenBackup, tables: list[Table], also_emptied: list[Table], *, database: str) -> None:
    """Put the rows of a backup into tables that then hold these and no others, or change nothing.

    Raises ValidationError, naming the table, where the database refuses a row, and where what it holds afterwards is
    not what the manifest tells.
    """
    try:
        with transaction.atomic(using=database):
            _fill(backup, tables, also_emptied, connections[database])
            refuse_differences(backup.manifest.tables, tables, database=database)
    except DatabaseError as refused:  # of a row that names another which is not there: told at the end
        raise ValidationError(
            f"The database refuses the rows; nothing was changed: {refused}", code="rows_refused"
        ) from refused


def _fill(backup: OpenBackup, tables: list[Table], also_emptied: list[Table], connection: Any) -> None:
    _leave_time(connection)
    with as_they_are(connection, [*tables, *also_emptied]):
        empty(connection, [*tables, *also_emptied])
        for table in tables:
            _fill_table(backup, table, connection)
    _set_sequences(connection, tables)


def refuse_differences(told: dict[str, KeptTable], tables: Iterable[Table], *, database: str) -> None:
    """Raises ValidationError (`backup_differs`) that names every table which does not hold what it should."""
    differing = []
    for table in tables:
        found, kept = digest_of(table, database), told[table.name]
        if (found.rows, found.hexdigest()) != kept.difference:
            differing.append(f"{table.name} ({found.rows:,} rows for {kept.rows:,})")
    if differing:
        raise ValidationError(
            f"What is in the database is not what the backup tells: {', '.join(differing)}.",
            code="backup_differs",
        )


def _leave_time(connection: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def _fill_table(backup: OpenBackup, table: Table, connection: Any) -> None:
    try:
        with backup.lines_of(table.name) as lines:
            write = _copy if _takes_copies(connection, table) else _insert
            write(connection, table, rows_from(table, lines, connection))
    except (DatabaseError, ValueError) as refused:
        raise ValidationError(
            f"The database refuses rows of {table.name}: {refused}", code="rows_refused"
        ) from refused


def _takes_copies(connection: Any, table: Table) -> bool:
    """PostgreSQL's quick way in, which a table whose rows a policy guards does not have."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s::regclass)", [connection.ops.quote_name(table.name)])
        return not cursor.fetchone()[0]


def _named(connection: Any, table: Table) -> tuple[str, str]:
    quoted = [connection.ops.quote_name(name) for name in table.column_names]
    return connection.ops.quote_name(table.name), ", ".join(quoted)


def _copy(connection: Any, table: Table, rows: Iterator[Row]) -> None:
    name, columns = _named(connection, table)
    said = f"COPY {name} ({columns}) FROM STDIN"
    # The driver's own call: Django wraps what fails in others alone.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(said) as target:
        for row in rows:
            target.write_row(row)


def _insert(connection: Any, table: Table, rows: Iterator[Row]) -> None:
    name, columns = _named(connection, table)
    values = ", ".join(["%s"] * len(table.columns))
    said = f"INSERT INTO {name} ({columns}) VALUES ({values})"  # noqa: S608  names of our own tables, quoted
    with connection.cursor() as cursor:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(said, some)


def _set_sequences(connection: Any, tables: list[Table]) -> None:
    """The next row gets a number that none has."""
    said = connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables])
    with connection.cursor() as cursor:
        for each in said:
            cursor.execute(each)
