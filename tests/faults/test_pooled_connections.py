"""Behind a pooler in transaction mode every transaction may have another connection: nothing is left in a session."""

from __future__ import annotations

import re

import psycopg

from tests.faults.running import Product
from tests.sheets import a_csv, a_row

# What outlives a transaction, as the server writes it into its log; `execute NAME` is a prepared statement.
LEFT_BEHIND = re.compile(
    r"pg_(try_)?advisory_lock|statement: *(SET (?!LOCAL|CONSTRAINTS)|LISTEN|PREPARE|DECLARE|LOAD|DISCARD)"
    r"|WITH HOLD|execute (?!<unnamed>)\S+:|(?!.*ON COMMIT DROP)CREATE TEMP",
    re.I,
)
BEGINNING = 300
"""Characters of a statement that are looked at: what it does stands there, and rows may follow by the megabyte."""
LOGGED = re.compile(r"LOG: +(statement|execute)")


def test_no_work_of_the_product_leaves_anything_in_a_session(on_servers, mortal_servers, tmp_path):
    with psycopg.connect(on_servers.environment["DATABASE_URL"], autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET log_statement = 'all'")
    log = mortal_servers.postgres.log
    before = log.stat().st_size
    pooled = Product(on_servers.environment | {"DATABASE_POOLED": "1"})
    sheet = a_csv(tmp_path, [a_row(number) for number in range(600)])
    with pooled.worker():
        pooled.ask("edit", rig=pooled.ask("rigs_of", operator="operator-0")[0], country_of_origin="VN")
        upload = pooled.ask("upload", path=str(sheet), operator="operator-1")
        pooled.ask("publish", edition=pooled.ask("draft", code="US-POOLED"))
        assert pooled.becomes_fresh()
        pooled.ask("undo", upload=upload)
        assert pooled.becomes_fresh()
    pooled.manage("verify_exposures")
    pooled.manage("export_fleet", "--operator", "operator-1", "--output", str(tmp_path / "kept.csv"))
    pooled.end()
    said = log.read_bytes()[before:].decode().splitlines()
    statements = [line[:BEGINNING] for line in said if LOGGED.search(line[:BEGINNING])]
    assert len(statements) > 100
    assert [line for line in statements if LEFT_BEHIND.search(line)] == []
