"""Policies of PostgreSQL on every table that holds rows of operators.

A table with an operator's column shows the rows of those for whom a transaction acts, and those of nobody where the
column may be empty (the register that all share). A table without one hangs on a row that has one (a problem on its
upload, a finding on its lot) and shows what hangs on rows that are shown. The owner of the tables is bound as well
(FORCE): the product owns them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from ledger.row_security.acting import EVERY_OPERATOR, SETTING

POLICY = "rows_of_operators"
OPERATOR = "fleet.Operator"
# Rows that are found before it is known for whom somebody acts, or that all operators share.
OPEN = {
    "fleet.Membership",  # by the person who signs in
    "fleet.RigModel",  # the catalogue
    "fleet.RigBin",
    "fleet.ModelAlias",
    "ledger.AuditSeal",  # digests alone; an export holds the one before each of its own
}
LOCK_SECONDS = 5
_ALL = f"(SELECT current_setting('{SETTING}', true) = '{EVERY_OPERATOR}')"
_WHOSE = (
    f"(SELECT string_to_array(NULLIF(current_setting('{SETTING}', true), '{EVERY_OPERATOR}'), ',')::bigint[])"
)


@dataclass(frozen=True, slots=True)
class Wall:
    """A table and the condition under which a row of it is there."""

    table: str
    condition: str


def walls() -> list[Wall]:
    """One for each table that holds rows of operators, parents before what hangs on them."""
    known: dict[type[models.Model], Wall] = {}
    every = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    for model in every:
        if condition := _by_operator(model):
            known[model] = Wall(model._meta.db_table, condition)
    while found := {
        model: wall for model in every if model not in known and (wall := _by_parent(model, known))
    }:
        known |= found
    return list(known.values())


def _is_ours(model: type[models.Model]) -> bool:
    return model._meta.managed and model._meta.label not in OPEN


def _by_operator(model: type[models.Model]) -> str:
    """The condition on a table with an operator's column; empty for others."""
    if model._meta.label == OPERATOR:
        return _among(model._meta.pk)
    column = next((each for each in model._meta.concrete_fields if each.attname == "operator_id"), None)
    return _among(column) if column else ""


def _among(column: Any) -> str:
    name = _quoted(column.column)
    shared = f"{name} IS NULL OR " if column.null else ""
    return f"{shared}{_ALL} OR {name} = ANY ({_WHOSE}::bigint[])"


def _by_parent(model: type[models.Model], known: dict[type[models.Model], Wall]) -> Wall | None:
    """Whoever hangs on rows behind a wall is behind the same one; the parent's own policy is asked."""
    for each in model._meta.concrete_fields:
        if each.is_relation and not each.null and each.related_model in known:
            hangs = f"{_quoted(model._meta.db_table)}.{_quoted(each.column)}"
            parent, key = (
                _quoted(known[each.related_model].table),
                _quoted(each.related_model._meta.pk.column),
            )
            # Names come from our own models.
            above = f"EXISTS (SELECT 1 FROM {parent} above WHERE above.{key} = {hangs})"  # noqa: S608
            return Wall(model._meta.db_table, f"{_ALL} OR {above}")
    return None


def _quoted(name: Any) -> str:
    return connection.ops.quote_name(str(name))


def build() -> None:
    """Make every policy anew. Each in a transaction of its own, which waits for its table for some seconds at most;
    no row is read or rewritten. Safe to run twice."""
    for wall in walls():
        _build(wall)


def _build(wall: Wall) -> None:
    table = _quoted(wall.table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
        cursor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({wall.condition})")


def take_down() -> None:
    """Take every policy away."""
    for name in sorted(standing()):
        table = _quoted(name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute(f"DROP POLICY {POLICY} ON {table}")
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")


def standing() -> set[str]:
    """The tables behind a wall that holds: its policy is there, it is on, and the tables' owner is bound."""
    asked = (
        "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
        "WHERE p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [POLICY])
        return {name for (name,) in cursor.fetchall()}


def faults() -> Iterator[str]:
    """Why the wall does not hold, a sentence each; nothing where it does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            yield (
                "The database's role is a superuser or bypasses row security, which no policy binds: let the product "
                "sign in as a role that is neither (docs/operations.md)."
            )
    missing = {wall.table for wall in walls()} - standing()
    if missing:
        some = ", ".join(sorted(missing)[:3])
        yield f"{len(missing)} tables have no policy ({some}…): run manage.py row_level_security on."
