"""deploy/postgres/role.sh, as the database's image runs it, on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.conftest import given_by_script_test
from tests.house.tree import ROOT
from tests.servers import program

ITS_RIGHTS = (
    "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
    " WHERE rolname = 'rigs'"
)
ITS_DATABASE = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'rigs'"


@pytest.fixture
def server():
    with psycopg.connect(given_by_script_test("TEST_POSTGRES_URL"), autocommit=True) as admin:
        yield admin
        admin.execute("DROP DATABASE IF EXISTS rigs WITH (FORCE)")
        admin.execute("DROP ROLE IF EXISTS rigs")


def test_the_product_owns_its_database_and_passes_no_policy_by(server, tmp_path):
    secret = tmp_path / "database-password"
    secret.write_text("it's a \\ secret\n", encoding="utf-8")
    address = urlsplit(given_by_script_test("TEST_POSTGRES_URL"))
    as_the_image = {
        "PATH": f"{Path(program('psql') or 'psql').parent}:{os.environ['PATH']}",
        "PGHOST": str(address.hostname),
        "PGPORT": str(address.port),
        "PGUSER": str(address.username),
        "POSTGRES_PASSWORD_FILE": str(secret),
    }
    subprocess.run(["/bin/sh", ROOT / "deploy/postgres/role.sh"], env=as_the_image, check=True)
    assert server.execute(ITS_RIGHTS).fetchone() == (True, False, False, False, False)
    assert server.execute(ITS_DATABASE).fetchone() == ("rigs",)
    with psycopg.connect(
        host=address.hostname, port=address.port, user="rigs", password="it's a \\ secret", dbname="rigs"
    ) as product:
        product.execute("CREATE TABLE own (id bigint)")
