"""Queries that the ORM writes once a process, and then asks with other values.

Writing the SQL of a query takes the ORM three times as long as asking PostgreSQL and reading the rows does: a
millisecond or two, for each of the queries of each request (docs/adr/0029). What is written stays at the connection
that it was written for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, count
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.expressions import Expression
from django.db.models.sql.constants import MULTI

from ledger import id_sets

Row = TypeVar("Row")

MOST = 2**63 - 1
ONE, IDS, TEXTS = "one", "ids", "texts"
_ROWS = {IDS: id_sets.ROWS, TEXTS: id_sets.TEXT_ROWS}


class Place(Expression):
    """Where a value of each question goes: one value, or many ids or texts as one parameter."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__()
        self.name, self.kind = name, kind

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The parameter is the place itself, until somebody asks."""
        return ("%s" if self.kind == ONE else f"({_ROWS[self.kind][connection.vendor]})"), [self]

    def told(self, value: Any) -> Any:
        """The value as the database's driver takes it. Raises ValueError for None, to which nothing is equal."""
        if value is None:
            raise ValueError(f"{self.name} is None, and SQL finds nothing that equals it.")
        if self.kind == ONE:
            return _adapted(value)
        if self.kind == TEXTS:
            return json.dumps(list(value))
        # No row has no id, nor a greater one than the database can hold.
        return id_sets.as_parameter(each for each in value if each is not None and abs(each) <= MOST)


class Places:
    """The places of a query, by name: `places("operator")`, `places.ids("lots")`, `places.texts("names")`."""

    def __call__(self, name: str) -> Any:
        """One value that is not None."""
        return Place(name, ONE)

    def ids(self, name: str) -> Any:
        """For `filter(pk__in=…)`: whole numbers."""
        return Place(name, IDS)

    def texts(self, name: str) -> Any:
        """For `filter(name__in=…)`: texts."""
        return Place(name, TEXTS)


class WrittenQuery(Generic[Row]):
    """A query with places, as a function makes it of them; without prefetches, aggregates and writes."""

    _numbers = count()

    def __init__(self, make: Callable[[Places], QuerySet[Any, Row]]) -> None:
        self._make, self._number = make, next(self._numbers)

    def rows(self, **values: Any) -> list[Row]:
        """The rows for these values, each by the name of its place."""
        return self._written().rows(values)

    def first(self, **values: Any) -> Row | None:
        """The first row, for a query that finds few; None where there is none."""
        rows = self.rows(**values)
        return rows[0] if rows else None

    def stored(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query of `values_list` as the driver gives them: for who reads many that are much alike, and
        makes values of Python (`read`) of one of those."""
        return self._written().stored(values)

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A stored row in values of Python."""
        return self._written().read(row)

    def _written(self) -> _Written:
        """As it was written for this thread's connection."""
        own = connections[DEFAULT_DB_ALIAS]  # itself, where `connection` stands for that of whoever asks
        kept: dict[int, _Written] = vars(own).setdefault("written_queries", {})
        if self._number not in kept:
            kept[self._number] = _Written(self._make(Places()).using(own.alias))
        return kept[self._number]


class _Written:
    """The SQL of a queryset, and its rows by Django's own hands: they are given a compiler that has done its work."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._queryset, query = queryset, queryset.query
        self._compiler: Any = query.get_compiler(using=queryset.db)
        sql, self._parameters = self._compiler.as_sql()
        self._sql = str(sql)
        self._converters = self._compiler.get_converters([each[0] for each in self._compiler.select or ()])
        self._compiler.get_converters = lambda *_: self._converters
        query.get_compiler = lambda *_, **__: self._compiler  # type: ignore[method-assign]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask."""
        self._ask(values)
        rows: Any = self._queryset._iterable_class(self._queryset)
        return list(rows)

    def stored(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Ask, and leave the values as the driver gives them."""
        self._ask(values)
        return list(chain.from_iterable(self._compiler.execute_sql(MULTI)))

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row so left, in values of Python."""
        return tuple(next(iter(self._compiler.apply_converters([row], self._converters))))

    def _ask(self, values: dict[str, Any]) -> None:
        told = tuple(
            each.told(values[each.name]) if isinstance(each, Place) else each for each in self._parameters
        )
        self._compiler.as_sql = lambda *_, **__: (self._sql, told)


def _adapted(value: Any) -> Any:
    ops: Any = connection.ops
    match value:
        case datetime():
            return ops.adapt_datetimefield_value(value)
        case date():
            return ops.adapt_datefield_value(value)
        case Decimal():
            return ops.adapt_decimalfield_value(value)
    return value
