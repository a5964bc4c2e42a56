"""For whom a transaction acts: said to the database at its beginning, for it alone (`SET LOCAL`).

So it holds behind a pooler that gives each transaction another connection. Who says nothing acts for nobody: no row
of any operator is there. Workers and commands act for all, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

SETTING = "ledger.operators"
EVERY_OPERATOR = "*"
NOBODY = ""
_acting_for: ContextVar[str] = ContextVar("acting_for", default=NOBODY)
# Statements that see or write rows; others (a new index, a new database) are run as they are.
_ROWS = re.compile(r"[\s(]*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|DECLARE)\b", re.I)


@contextmanager
def acting_for(operator_ids: Iterable[int]) -> Iterator[None]:
    """Within, this thread acts for these operators alone."""
    with _saying(",".join(str(int(each)) for each in operator_ids)):
        yield


@contextmanager
def acting_for_all() -> Iterator[None]:
    """Within, this thread acts for every operator: workers, commands, and the question whose a key is."""
    with _saying(EVERY_OPERATOR):
        yield


def act_for(operator_ids: Iterable[int]) -> None:
    """From now on this thread acts for these operators, until the block around it ends."""
    _say(",".join(str(int(each)) for each in operator_ids))


def act_for_all() -> None:
    """From now on this thread acts for every operator, until the block around it ends."""
    _say(EVERY_OPERATOR)


@contextmanager
def _saying(whom: str) -> Iterator[None]:
    before = _acting_for.get()
    _say(whom)
    try:
        yield
    finally:
        _say(before)


def _say(whom: str) -> None:
    """A transaction that has begun is told as well, unless it failed and can only be taken back."""
    _acting_for.set(whom)
    if _say_first in connection.execute_wrappers and _status(connection) == TransactionStatus.INTRANS:
        _tell(connection)


def listen() -> None:
    """Have every new connection say for whom it acts. Called once, where ROW_LEVEL_SECURITY is on."""
    connection_created.connect(_say_first_on, dispatch_uid="row security")


def _say_first_on(connection: Any, **_: Any) -> None:
    if connection.vendor == "postgresql" and _say_first not in connection.execute_wrappers:
        connection.execute_wrappers.append(_say_first)


def _say_first(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Before the first statement of a transaction; a statement outside of any gets one of its own."""
    connection = context["connection"]
    if not _ROWS.match(str(sql)) and not connection.in_atomic_block:
        return execute(sql, params, many, context)
    if connection.get_autocommit():
        with transaction.atomic(using=connection.alias):
            _tell(connection)
            return execute(sql, params, many, context)
    if _status(connection) == TransactionStatus.IDLE:
        _tell(connection)
    return execute(sql, params, many, context)


def _tell(connection: Any) -> None:
    with (
        connection.connection.cursor() as cursor
    ):  # the driver's own: what is said here is no statement of anybody's
        cursor.execute("SELECT set_config(%s, %s, true)", (SETTING, _acting_for.get()))


def _status(connection: Any) -> TransactionStatus | None:
    held = connection.connection
    return TransactionStatus(held.info.transaction_status) if held is not None else None
