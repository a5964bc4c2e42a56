"""The database's own refusal to change or delete what is on the audit, whoever asks; and the one way past it.

PostgreSQL refuses by a trigger, unless the transaction has said otherwise (ledger.audit_guard); SQLite by one
that asks the program, and refuses programs that do not know the question. `migrate` puts them up, each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = ("ledger_auditentry", "ledger_auditseal")
SENTENCE = "The audit is append-only: entries and seals are never changed or deleted."
QUESTION = "audit_is_guarded"
_lifted = local()

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('ledger.audit_guard', true) = 'lifted' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'TRUNCATE' THEN RETURN NULL; END IF;
  END IF;
  RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def put_up_guard(**_: Any) -> None:
    """Make the triggers, where they are not there already. Safe to run twice; hears `post_migrate`."""
    tables = [name for name in GUARDED if name in connection.introspection.table_names()]
    postgres = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        if missing := [name for name in _names(tables) if name not in standing_triggers()]:
            if postgres:
                cursor.execute(_POSTGRES_FUNCTION)
            for table in tables:
                for statement in _postgres(table, missing) if postgres else _sqlite(table, missing):
                    cursor.execute(statement)


def guard_is_up() -> bool:
    """Whether every trigger stands, and is switched on."""
    return set(_names(GUARDED)) <= standing_triggers()


@contextmanager
def guard_lifted() -> Iterator[None]:
    """A transaction in which rows of the audit may be deleted, never changed: retention alone does so."""
    with transaction.atomic():
        try:
            _lift(True)
            yield
            _lift(False)
        finally:
            _lifted.is_so = False  # PostgreSQL forgets with the transaction


def standing_triggers() -> set[str]:
    """The names of the guard's triggers that are at work."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger_audit%' AND tgenabled IN ('O', 'A')"
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_audit%'"
            )
        return {name for (name,) in cursor.fetchall()}


def answer_sqlite(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let a connection to SQLite answer the triggers' question; hears `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(QUESTION, 0, lambda: not getattr(_lifted, "is_so", False))


def _lift(is_so: bool) -> None:
    _lifted.is_so = is_so
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('ledger.audit_guard', %s, true)", ["lifted" if is_so else ""])


def _names(tables: Any) -> list[str]:
    deeds = ("update", "delete", "truncate") if connection.vendor == "postgresql" else ("update", "delete")
    return [_name(table, deed) for table in tables for deed in deeds]


def _name(table: str, deed: str) -> str:
    return f"{table}_no_{deed}"


def _postgres(table: str, missing: list[str]) -> Iterator[str]:
    for deed, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        if (name := _name(table, deed)) in missing:
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION ledger_audit_refuse()"
            )


def _sqlite(table: str, missing: list[str]) -> Iterator[str]:
    for deed, condition in (("update", ""), ("delete", f"WHEN {QUESTION}()")):
        if (name := _name(table, deed)) in missing:
            yield (
                f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON {table} {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
