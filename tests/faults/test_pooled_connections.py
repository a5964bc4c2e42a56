"""Behind a pooler in transaction mode every transaction has another connection: nothing is left in a session."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from tests.faults.running import Product
from tests.servers import private_pgbouncer
from tests.sheets import a_csv, a_row

# What outlives a transaction, as the server writes it into its log; `execute NAME` is a prepared statement. The time
# zone is what pgbouncer itself keeps for each client.
LEFT_BEHIND = re.compile(
    r"pg_(try_)?advisory_lock|statement: *(SET (?!LOCAL|CONSTRAINTS|TimeZone=)|LISTEN|PREPARE|DECLARE|LOAD|DISCARD)"
    r"|WITH HOLD|execute (?!<unnamed>)\S+:|(?!.*ON COMMIT DROP)CREATE TEMP",
    re.I,
)
BEGINNING = 300
"""Characters of a statement that are looked at: what it does stands there, and rows may follow by the megabyte."""
LOGGED = re.compile(r"LOG: +(statement|execute)")


def test_behind_pgbouncer_all_work_is_done_and_leaves_nothing_in_a_session(
    on_servers, mortal_servers, tmp_path
):
    direct = on_servers.environment["DATABASE_URL"]
    with psycopg.connect(direct, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET log_statement = 'all'")
    log = mortal_servers.postgres.log
    before = log.stat().st_size
    with private_pgbouncer(mortal_servers.folder, direct) as url:
        work(Product(on_servers.environment | {"DATABASE_URL": url, "DATABASE_POOLED": "1"}), tmp_path)
    said = log.read_bytes()[before:].decode().splitlines()
    statements = [line[:BEGINNING] for line in said if LOGGED.search(line[:BEGINNING])]
    assert len(statements) > 100
    assert [line for line in statements if LEFT_BEHIND.search(line)] == []


def work(pooled: Product, folder: Path) -> None:
    """An edit, an upload (COPY, temporary tables), a publication, an undo, each with its entry on the audit (locks),
    an export and a verification (large reads): every finding is right in the end."""
    sheet = a_csv(folder, [a_row(number) for number in range(600)])
    with pooled.worker():
        pooled.ask("edit", rig=pooled.ask("rigs_of", operator="operator-0")[0], country_of_origin="VN")
        upload = pooled.ask("upload", path=str(sheet), operator="operator-1")
        pooled.ask("publish", edition=pooled.ask("draft", code="US-POOLED"))
        assert pooled.becomes_fresh()
        pooled.ask("undo", upload=upload)
        assert pooled.becomes_fresh()
    pooled.manage("verify_exposures")
    pooled.manage("export_fleet", "--operator", "operator-1", "--output", str(folder / "kept.csv"))
    pooled.end()
