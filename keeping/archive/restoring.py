"""A backup brought back: into a database of either kind, rows and files as they were, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from keeping.archive.emptying import tables_in_use
from keeping.archive.filling import fill
from keeping.archive.kept_files import place_of, put, standing
from keeping.archive.manifest import Manifest, mark_of_key
from keeping.archive.opened import OpenBackup
from keeping.archive.tables import Table, all_tables, left_out_tables

Migration = tuple[str, str]


def restore_backup(backup: OpenBackup, *, overwrite: bool = False, database: str = "default") -> list[str]:
    """Bring a backup back. Returns what the person should know, in sentences.

    Every digest is checked before anything is written, and that of every table and file again afterwards, before the
    rows are committed. A backup of an earlier version goes into a database without tables, which is then brought up
    to this version. Raises ValidationError where the database is in use (unless it is to be overwritten), where the
    backup is damaged or of a later version, and where anything differs.
    """
    backup.refuse_wrecks()
    state = _with_tables_of(backup.manifest, database)
    tables = _kept_tables(backup.manifest, state)
    others = left_out_tables(state)
    if not overwrite and (used := tables_in_use([*tables, *others], database)):
        raise ValidationError(
            f"The database is in use: there are rows in {', '.join(used[:5])}"
            f"{' and others' if used[5:] else ''}. Restore into an empty one, or say --overwrite to lose what is "
            "there.",
            code="database_in_use",
        )
    with _files_of(backup, overwrite=overwrite):
        fill(backup, tables, others, database=database)
    call_command("migrate", database=database, verbosity=0)
    return list(_worth_knowing(backup.manifest))


def _with_tables_of(manifest: Manifest, database: str) -> Any:
    """Models that fit the tables of the database, which are made where there are none."""
    executor = MigrationExecutor(connections[database])
    wanted = {(app, name) for app, name in manifest.migrations}
    known, applied = executor.loader.graph.nodes, executor.loader.applied_migrations
    if strange := sorted(wanted - set(known)):
        raise ValidationError(
            f"The backup is of a later version: it has the migration {'.'.join(strange[0])}, which this product does "
            "not know. Restore it with that version.",
            code="backup_of_later_version",
        )
    if not applied:
        executor.migrate(_last_of(executor, wanted))
    elif set(applied) != wanted:
        raise ValidationError(
            "The backup is of another version than the tables of this database; restore it into a new database, "
            "without tables. They are made by it, and brought up to this version afterwards.",
            code="backup_of_other_version",
        )
    return apps if wanted == set(known) else executor.loader.project_state(_last_of(executor, wanted)).apps


def _last_of(executor: MigrationExecutor, wanted: set[Migration]) -> list[Migration]:
    """The migrations that no other of these is built on."""
    nodes = executor.loader.graph.node_map
    return sorted(each for each in wanted if not any(child.key in wanted for child in nodes[each].children))


def _kept_tables(manifest: Manifest, state: Any) -> list[Table]:
    """The tables of the backup, in the order of its columns. Raises ValidationError where it has others."""
    found = {table.name: table for table in all_tables(state)}
    odd = sorted(set(found) ^ set(manifest.tables))
    odd += [
        name for name, told in manifest.tables.items() if name in found and _differ(found[name], told.columns)
    ]
    if odd:
        raise ValidationError(
            f"The backup has other tables or columns than its version: {', '.join(odd)}.",
            code="backup_wrecked",
        )
    return [
        Table(table.model, tuple(_by_name(table)[column] for column in manifest.tables[name].columns))
        for name, table in found.items()
    ]


def _differ(table: Table, columns: list[str]) -> bool:
    return sorted(table.column_names) != sorted(columns)


def _by_name(table: Table) -> dict[str, Any]:
    return {str(column.column): column for column in table.columns}


@contextmanager
def _files_of(backup: OpenBackup, *, overwrite: bool) -> Iterator[None]:
    """The kept files, in their places during the block and after it; if it fails, those that came are
    gone again, and those that took the place of others stay."""
    told, lying = backup.manifest.files, {name: standing(name) for name in backup.manifest.files}
    others = [name for name, found in lying.items() if found not in (None, told[name])]
    if others and not overwrite:
        raise ValidationError(
            f"Another file lies where one of the backup belongs: {others[0]}.", code="file_in_use"
        )
    try:
        for name in (name for name in told if lying[name] != told[name]):
            with backup.file(name) as content:
                put(name, content)
        if wrong := [name for name in told if standing(name) != told[name]]:
            raise ValidationError(f"These files are not what the backup tells: {', '.join(wrong)}.")
        yield
    except BaseException:
        for name in (name for name, found in lying.items() if found is None):
            place_of(name).unlink(missing_ok=True)
        raise


def _worth_knowing(manifest: Manifest) -> Iterator[str]:
    if manifest.key != mark_of_key():
        yield (
            "SECRET_KEY is not that of the backup: webhooks stop until their secrets are rotated, and code apps let "
            "nobody in, unless the former key stands in SECRET_KEY_FALLBACKS."
        )
    if manifest.lacking:
        yield f"{len(manifest.lacking)} files that rows name were gone when the backup was made."
    if not manifest.has_files:
        yield "The backup holds rows alone; the kept files have to be where they were."
