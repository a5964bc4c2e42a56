"""A table as lines of text that every database reads alike: one JSON array a row, in order of the key."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Cast

ROWS_AT_ONCE = 5_000
LEFT_OUT = frozenset({"sessions.Session", "fleet.PersonSession"})
"""Who holds a backup must not be signed in by it; after a restore people sign in again."""

Row = list[Any]
Converter = Callable[[Any], Any]


@dataclass(frozen=True)
class Table:
    """A table, its model and the columns that hold something of their own (what is generated is worked out anew)."""

    model: type[models.Model]
    columns: tuple[models.Field[Any, Any], ...]

    @property
    def name(self) -> str:
        """As the database calls it."""
        return self.model._meta.db_table

    @property
    def column_names(self) -> list[str]:
        """As the database calls them."""
        return [str(column.column) for column in self.columns]


def all_tables(apps: Any) -> list[Table]:
    """Every table of the product, also those between two models, by name."""
    found = [model for model in apps.get_models(include_auto_created=True) if _is_kept(model)]
    return sorted((Table(model, _columns(model)) for model in found), key=lambda table: table.name)


def left_out_tables(apps: Any) -> list[Table]:
    """Tables whose rows no backup has."""
    return [Table(model, _columns(model)) for model in apps.get_models() if model._meta.label in LEFT_OUT]


def lines_of(table: Table, database: str) -> Iterator[bytes]:
    """The rows as lines, each with its line end. Read in pieces by the key, to spare memory."""
    told = _told(table.columns)
    for row in _rows(table, database):
        for at, tell in told:
            if row[at] is not None:
                row[at] = tell(row[at])
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def rows_from(table: Table, lines: Iterable[bytes], connection: Any) -> Iterator[Row]:
    """The rows of such lines as a database takes them. Raises ValueError for a line that is none."""
    taken = _taken(table.columns, connection)
    for line in lines:
        row: Row = json.loads(line)
        for at, take in taken:
            if row[at] is not None:
                row[at] = take(row[at])
        yield row


class TableDigest:
    """The digest of what the rows of a table say, whichever database tells them: JSON counts by its content, since
    one database keeps the spaces and the order of its keys and another does not."""

    def __init__(self, table: Table) -> None:
        self._json = [at for at, column in enumerate(table.columns) if isinstance(column, models.JSONField)]
        self._digest, self.rows = sha256(), 0

    def add(self, line: bytes) -> None:
        """Count a line in."""
        self.rows += 1
        self._digest.update(self._canonical(line) if self._json else line)

    def hexdigest(self) -> str:
        """Of all lines so far."""
        return self._digest.hexdigest()

    def _canonical(self, line: bytes) -> bytes:
        row = json.loads(line)
        for at in self._json:
            if row[at] is not None:
                row[at] = json.dumps(json.loads(row[at], parse_float=_number), sort_keys=True)
        return json.dumps(row, separators=(",", ":")).encode()


def digest_of(table: Table, database: str) -> TableDigest:
    """The digest of a table as it stands."""
    digest = TableDigest(table)
    for line in lines_of(table, database):
        digest.add(line)
    return digest


def _number(written: str) -> int | str:
    """1e3, 1000.0 and 1000 are one number, however a database writes it."""
    number = Decimal(written)
    return int(number) if number == number.to_integral_value() else f"number {number.normalize():f}"


def _is_kept(model: type[models.Model]) -> bool:
    meta = model._meta
    return meta.managed and not meta.proxy and not meta.swapped and meta.label not in LEFT_OUT


def _columns(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(each for each in model._meta.concrete_fields if not getattr(each, "generated", False))


def _rows(table: Table, database: str) -> Iterator[Row]:
    wanted = [_expression(column) for column in table.columns]
    rows = table.model._base_manager.using(database).order_by("pk").values_list("pk", *wanted)
    if not isinstance(_stored(table.model._meta.pk), models.IntegerField):
        # Databases order letters in their own ways; the few tables with such a key are small.
        yield from (list(row[1:]) for row in sorted(rows, key=lambda row: str(row[0])))
        return
    last = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:ROWS_AT_ONCE]):
        last = batch[-1][0]
        yield from (list(row[1:]) for row in batch)


def _expression(column: models.Field[Any, Any]) -> Any:
    """JSON is carried over as it is written, never read into something else on the way."""
    return (
        Cast(column.attname, models.TextField()) if isinstance(column, models.JSONField) else column.attname
    )


def _stored(column: Any) -> Any:
    """What a column holds: that of a reference is the key of the other table."""
    return _stored(column.target_field) if column.is_relation else column


_TOLD: list[tuple[type[models.Field[Any, Any]], Converter]] = [
    (models.DateTimeField, lambda value: value.astimezone(UTC).isoformat()),
    (models.DateField, lambda value: value.isoformat()),
    (models.TimeField, lambda value: value.isoformat()),
    (models.DurationField, lambda value: value // timedelta(microseconds=1)),
    (models.UUIDField, str),
    (models.BinaryField, lambda value: b64encode(bytes(value)).decode()),
]
_READ: list[tuple[type[models.Field[Any, Any]], Converter]] = [
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
    (models.DurationField, lambda value: timedelta(microseconds=value)),
    (models.UUIDField, UUID),
    (models.BinaryField, b64decode),
    (models.DecimalField, Decimal),
]


def _told(columns: Iterable[Any]) -> list[tuple[int, Converter]]:
    """How values of some columns become JSON, by their place; all others are JSON already."""
    return [(at, tell) for at, column in enumerate(columns) if (tell := _teller(_stored(column)))]


def _teller(column: Any) -> Converter | None:
    if isinstance(column, models.DecimalField):
        return lambda value: f"{value:.{column.decimal_places}f}"
    return _first(_TOLD, column)


def _taken(columns: Iterable[Any], connection: Any) -> list[tuple[int, Converter]]:
    """How values of some columns become what the database takes, by their place."""
    found = [(at, column, _first(_READ, column)) for at, column in enumerate(map(_stored, columns))]
    return [(at, partial(_prepared, column, read, connection)) for at, column, read in found if read]


def _prepared(column: Any, read: Converter, connection: Any, value: Any) -> Any:
    return column.get_db_prep_value(read(value), connection, prepared=True)


def _first(table: list[tuple[type[models.Field[Any, Any]], Converter]], column: Any) -> Converter | None:
    return next((convert for kind, convert in table if isinstance(column, kind)), None)
