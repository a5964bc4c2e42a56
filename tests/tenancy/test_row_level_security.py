"""The second wall: with row level security a filter that is forgotten shows nothing, and everything still works.

All of it behind a pgbouncer in transaction mode, which gives each transaction another connection than the one before:
whatever were said to a session, and not to a transaction, would be missed at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from tests.conftest import given_by_script_test
from tests.faults.running import PATIENCE, ROOT, Product, within
from tests.servers import private_pgbouncer

ROLE = "keeper_of_the_wall"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address, behind a pooler, of a database whose owner is no superuser, as in production."""
    server = given_by_script_test("TEST_POSTGRES_URL")
    role = f"{ROLE}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")
        connection.execute(f"CREATE DATABASE {role} OWNER {role}")
        try:
            host = server.rpartition("/")[0].partition("@")[2]
            with (
                TemporaryDirectory(prefix="pooler-") as folder,  # at the top: the pooler may run as nobody
                private_pgbouncer(Path(folder), f"postgresql://{role}@{host}/{role}") as pooled,
            ):
                yield pooled
        finally:
            connection.execute(f"DROP DATABASE {role} WITH (FORCE)")
            connection.execute(f"DROP ROLE {role}")


@pytest.fixture(scope="module")
def product(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product on it, with the wall as its setting."""
    folder = tmp_path_factory.mktemp("walled")
    how = {"DATABASE_URL": database, "DATABASE_POOLED": "1", "ROW_LEVEL_SECURITY": "1", "REDIS_URL": ""}
    made = Product({"VAR_DIR": str(folder / "var"), **how})
    yield made
    made.end()


@pytest.fixture(scope="module")
def found(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What was found out behind the wall."""
    folder = tmp_path_factory.mktemp("fleets")
    asked = subprocess.run(
        [sys.executable, "-m", "tests.tenancy.behind_the_wall", str(folder)],
        cwd=ROOT,
        env=product.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert asked.returncode == 0, asked.stderr[-4000:]
    return json.loads(asked.stdout)


def test_the_pooler_gives_each_transaction_another_connection_and_leaves_nothing_of_the_one_before(database):
    with psycopg.connect(database, autocommit=True, prepare_threshold=None) as connection:
        asked = "SELECT pg_backend_pid(), set_config('ledger.operators', '*', true)"
        # It opens its connections one after another.
        assert within(PATIENCE, lambda: len({connection.execute(asked).fetchone()[0] for _ in range(3)}) == 3)
        left = {connection.execute("SHOW ledger.operators").fetchone() for _ in range(3)}
    assert left == {("",)}


def test_where_every_filter_is_forgotten_nothing_of_another_operator_is_told(found):
    assert len(found["seen"]["others"]) > 100
    assert not found["seen"]["leaks"], "\n".join(found["seen"]["leaks"])


def test_every_page_and_address_of_ones_own_answers_as_without_it(found):
    assert len(found["seen"]["own"]) > 150
    assert found["refused"] == found["refused without"]


def test_a_request_finds_the_rows_of_its_own_operator_and_who_is_nobody_finds_none(found):
    rows = found["rows"]
    assert rows["member"] == rows["of the member's operator"] > 0
    assert rows["all"] > rows["member"]
    assert (rows["nobody"], rows["outside"]) == (0, 0)
    assert rows["exposures"] > 0


def test_nothing_of_it_is_left_in_a_session_for_the_next_who_gets_the_connection(found):
    assert found["rows"]["left in the session"] == ""


def test_a_sheet_is_sent_and_read_and_no_row_is_written_into_anothers_fleet(found):
    assert found["written"]["state"] == "applied"
    assert "row-level security" in found["written"]["strange row"]


def test_commands_work_for_all(found, product):
    shown = json.loads(product.manage("exposure", "--operator", "birch", "--json"))
    assert shown["fleet"]["units"] > 0
    assert found["verified"]["verified"] > 0
    assert not found["verified"]["differing"]
    assert len(found["built"]["behind_the_wall"]) == found["built"]["tables"] > 50
    assert found["built"]["faults"] == []


def test_a_backup_holds_the_rows_of_all(found, product, tmp_path):
    product.manage("backup", "--to", str(tmp_path / "backup.zip"))
    with ZipFile(tmp_path / "backup.zip") as archive:
        assert archive.read("tables/fleet_rig.jsonl").count(b"\n") > 1


def test_a_worker_reads_what_waits(found, product, database):
    def state() -> str:
        with psycopg.connect(database) as connection:
            connection.execute("SELECT set_config('ledger.operators', '*', true)")
            asked = "SELECT state FROM fleet_upload WHERE id = %s"
            return connection.execute(asked, [found["written"]["left"]]).fetchone()[0]

    assert state() == "waiting"
    with product.worker():
        assert within(PATIENCE, lambda: state() == "applied")


def test_without_the_filter_and_without_the_setting_the_database_alone_shows_nothing(found, database):
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM fleet_rig").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM risk_exposure").fetchone() == (0,)
        connection.execute("SELECT set_config('ledger.operators', '*', true)")
        assert connection.execute("SELECT count(*) FROM fleet_rig").fetchone()[0] > 0
        connection.commit()
        assert connection.execute("SELECT count(*) FROM fleet_rig").fetchone() == (0,)
