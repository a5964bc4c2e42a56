"""Migrations neither lock a table that is in use nor take away what the release before still needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest

from tests.conftest import given_by_script_test
from tests.house.tree import ROOT
from tests.running.safe_migrations import complaints
from tests.servers import fresh_database

# The last migration of each app from before this rule: what came until then is as it is (docs/operations.md says
# which release needs a stop).
FROM_BEFORE = {
    "fleet": "0014",
    "ledger": "0004",
    "risk": "0019",
    "vendors": "0004",
}
# "app.name": why it may do what is refused, and which release stopped using what it takes away.
EXCUSED: dict[str, str] = {}

ON_A_TABLE_IN_USE = {
    'CREATE INDEX "a" ON "fleet_rig" ("model_id")': "AddIndexConcurrently",
    'CREATE UNIQUE INDEX "a" ON "fleet_rig" ("model_id")': "AddIndexConcurrently",
    'ALTER TABLE "fleet_rig" ALTER COLUMN "slot" TYPE varchar(60)': "type change",
    'ALTER TABLE "fleet_rig" ALTER COLUMN "slot" SET NOT NULL': "VALIDATE CONSTRAINT",
    'ALTER TABLE "fleet_rig" ADD COLUMN "slot" integer NOT NULL': "db_default",
    'ALTER TABLE "fleet_rig" ADD CONSTRAINT "a" CHECK ("slot" > 0)': "NotValid",
    'ALTER TABLE "fleet_rig" ADD CONSTRAINT "a" FOREIGN KEY ("x") REFERENCES "y" ("id")': "NotValid",
    'ALTER TABLE "fleet_rig" ADD CONSTRAINT "a" UNIQUE ("slot")': "USING INDEX",
    'ALTER TABLE "fleet_rig" RENAME COLUMN "slot" TO "place"': "old name",
    'ALTER TABLE "fleet_rig" RENAME TO "fleet_machine"': "old name",
    'ALTER TABLE "fleet_rig" DROP COLUMN "slot" CASCADE': "stopped using it",
    'DROP TABLE "fleet_rig" CASCADE': "stopped using it",
    'UPDATE "fleet_rig" SET "slot" = 1': "in batches",
    'DELETE FROM "fleet_rig" WHERE "slot" = 1': "in batches",
}
ALLOWED = (
    'CREATE INDEX CONCURRENTLY "a" ON "fleet_rig" ("model_id")',
    'ALTER TABLE "fleet_rig" ADD COLUMN "slot" integer NULL',
    'ALTER TABLE "fleet_rig" ADD COLUMN "slot" integer DEFAULT 0 NOT NULL',
    'ALTER TABLE "fleet_rig" ADD CONSTRAINT "a" CHECK ("slot" > 0) NOT VALID',
    'ALTER TABLE "fleet_rig" VALIDATE CONSTRAINT "a"',
    'ALTER TABLE "fleet_rig" ADD CONSTRAINT "a" UNIQUE USING INDEX "b"',
    'DROP INDEX CONCURRENTLY IF EXISTS "a"',
    'CREATE TABLE "fleet_place" ("id" bigint NOT NULL PRIMARY KEY)',
)


@pytest.mark.parametrize(("statement", "instead"), ON_A_TABLE_IN_USE.items())
def test_what_locks_a_table_or_breaks_the_release_before_is_refused(statement, instead):
    (complaint,) = complaints([statement])
    assert instead in complaint


@pytest.mark.parametrize("statement", ALLOWED)
def test_what_does_neither_is_not(statement):
    assert complaints([statement]) == []


def test_a_table_that_the_migration_makes_itself_is_in_nobodys_use():
    own = 'CREATE TABLE "fleet_rig" ("id" bigint NOT NULL PRIMARY KEY)'
    assert complaints([own, *(each for each in ON_A_TABLE_IN_USE if each.startswith("CREATE"))]) == []


def test_a_default_that_django_takes_away_again_is_none():
    added = 'ALTER TABLE "fleet_rig" ADD COLUMN "slot" integer DEFAULT 0 NOT NULL'
    (complaint,) = complaints([added, 'ALTER TABLE "fleet_rig" ALTER COLUMN "slot" DROP DEFAULT'])
    assert "db_default" in complaint


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """Migration -> its statements, as PostgreSQL was given them."""
    with fresh_database(given_by_script_test("TEST_POSTGRES_URL")) as url:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.running.migration_sql"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
    statements = defaultdict(list)
    for line in ended.stdout.splitlines():
        migration, statement = json.loads(line)
        statements[migration].append(statement)
    return statements


def is_from_before(migration: str) -> bool:
    app, _, name = migration.partition(".")
    return name[:4] <= FROM_BEFORE.get(app, "")


def test_no_migration_locks_a_table_in_use_or_breaks_the_release_before(said):
    wrong = {
        migration: complained
        for migration, statements in said.items()
        if not is_from_before(migration)
        and migration not in EXCUSED
        and (complained := complaints(statements))
    }
    assert not wrong, f"See docs/operations.md, 'Rolling deploys': {json.dumps(wrong, indent=1)}"


def test_the_rule_finds_what_is_known_to_lock(said):
    """The release with runs, alerts and webhooks is known to need a stop; a rule that sees nothing there is blind."""
    locking = [name for name, statements in said.items() if complaints(statements)]
    assert any(name.startswith("risk.") for name in locking)
    assert any(name.startswith("fleet.") for name in locking)


def test_every_excuse_is_of_a_migration_that_needs_one(said):
    needless = [name for name in EXCUSED if not complaints(said.get(name, []))]
    assert not needless
