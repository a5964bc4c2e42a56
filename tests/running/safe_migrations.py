"""What a migration may say to a table in use: nothing that locks it for long, or that earlier code falls over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

TABLE = r'(?:ONLY )?(?:"?public"?\.)?"?(?P<table>\w+)"?'
CREATED = re.compile(rf"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?{TABLE}", re.I)
ADDED = re.compile(rf'ALTER TABLE {TABLE} ADD COLUMN "?(?P<column>\w+)"? (?P<what>.*)', re.I)
DEFAULT_GONE = re.compile(rf'ALTER TABLE {TABLE} ALTER COLUMN "?(?P<column>\w+)"? DROP DEFAULT', re.I)

LOCKS = "write what holds the table only for a moment"
BREAKS = "the release before still runs while this is applied"
# What is wrong with a statement on a table that was there before, and what to write instead.
REFUSED = (
    (
        rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON {TABLE}",
        f"{LOCKS}: AddIndexConcurrently, in a migration with atomic = False",
    ),
    (
        rf"ALTER TABLE {TABLE} ALTER COLUMN .* TYPE ",
        "a type change writes the table anew and locks it: add a column, fill it in batches, change over",
    ),
    (
        rf"ALTER TABLE {TABLE} ALTER COLUMN .* SET NOT NULL",
        f"{LOCKS}: a CHECK … NOT VALID, VALIDATE CONSTRAINT in the next migration, then SET NOT NULL",
    ),
    (
        rf"ALTER TABLE {TABLE} ADD CONSTRAINT \S+ (?:CHECK|FOREIGN KEY)(?!.*NOT VALID)",
        f"{LOCKS}: AddConstraintNotValid, and ValidateConstraint in the next migration",
    ),
    (
        rf"ALTER TABLE {TABLE} ADD CONSTRAINT \S+ (?:UNIQUE|PRIMARY KEY|EXCLUDE)(?!.*USING INDEX)",
        f"{LOCKS}: a unique index made CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
    ),
    (rf"ALTER TABLE {TABLE} RENAME", f"{BREAKS} and asks by the old name: add, copy, drop a release later"),
    (
        rf"ALTER TABLE {TABLE} DROP COLUMN",
        f"{BREAKS} and names the column: say which release stopped using it",
    ),
    (rf"DROP TABLE {TABLE}", f"{BREAKS} and may read it: say which release stopped using it"),
    (
        rf"UPDATE {TABLE} ",
        "rows are locked until the migration ends: fill them in batches, by a command or task",
    ),
    (
        rf"DELETE FROM {TABLE}",  # noqa: S608 - a pattern that finds SQL
        "rows are locked until the migration ends: delete in batches, by a command or task",
    ),
)


def complaints(statements: Iterable[str]) -> list[str]:
    """What is wrong with the statements of one migration, in their order: the statement, and what to do instead."""
    told = list(statements)
    own = {found["table"] for each in told if (found := CREATED.match(each))}
    wrong = [*_of_single_statements(told, own), *_of_columns(told, own)]
    return [f"{statement[:140]} -- {why}" for statement, why in wrong]


def _of_single_statements(told: list[str], own: set[str]) -> Iterator[tuple[str, str]]:
    for statement in told:
        for pattern, why in REFUSED:
            found = re.match(pattern, statement, re.I)
            if found and found["table"] not in own:
                yield statement, why


def _of_columns(told: list[str], own: set[str]) -> Iterator[tuple[str, str]]:
    """A column that may not be empty needs a default that stays in the database: earlier code does not name it when
    it writes a row. Django takes away the default of `default=`, and leaves that of `db_default=`."""
    without = {(found["table"], found["column"]) for each in told if (found := DEFAULT_GONE.match(each))}
    for statement in told:
        if not (found := ADDED.match(statement)) or found["table"] in own:
            continue
        needed = re.search(r"\bNOT NULL\b", found["what"], re.I)
        given = re.search(r"\b(DEFAULT|GENERATED)\b", found["what"], re.I)
        if needed and (not given or (found["table"], found["column"]) in without):
            yield statement, f"{BREAKS} and does not fill the column: null=True or db_default"
