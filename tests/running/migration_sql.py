"""What the migrations say to PostgreSQL: every statement, by the migration that says it.

`python -m tests.running.migration_sql` runs all of them on the empty database of DATABASE_URL and prints a line
of JSON for each statement that changes something: [migration, statement].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OURS = ("fleet", "ledger", "risk", "vendors")
ASKING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")


def main() -> None:
    """Migrate, and tell what was said."""
    under_way = ""

    def begins(what: str, migration: Any = None, _fake: bool = False) -> None:
        nonlocal under_way
        if what == "apply_start":
            under_way = str(migration)

    def tell(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if under_way.startswith(OURS) and not str(sql).lstrip().upper().startswith(ASKING):
            sys.stdout.write(json.dumps([under_way, " ".join(str(sql).split())]) + "\n")
        return execute(sql, *arguments)

    with connection.execute_wrapper(tell):
        executor = MigrationExecutor(connection, progress_callback=begins)
        executor.migrate(executor.loader.graph.leaf_nodes())


if __name__ == "__main__":
    django.setup()
    main()
