"""A backup written while the product is in use: the rows of one moment, then the files that these rows name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from keeping.archive.kept_files import copied, names_in
from keeping.archive.manifest import MANIFEST, KeptFile, KeptTable, Manifest, mark_of_key
from keeping.archive.snapshot import one_moment
from keeping.archive.tables import Table, TableDigest, all_tables, lines_of
from risk.engine.exposure import ENGINE_VERSION

QUICK = 1
"""Of zlib: most of what is to be saved, at a third of the time."""
PACKED_ALREADY = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods", ".zip", ".pdf", ".png", ".jpg", ".jpeg"})


def write_backup(
    target: IO[bytes], *, at: datetime, with_files: bool = True, database: str = "default"
) -> Manifest:
    """Write a backup into a stream, which need not be one that can be wound back; what it holds."""
    connection = connections[database]
    _refuse_other_tables(connection)
    with ZipFile(target, "w") as archive:
        with one_moment(connection):
            tables = all_tables(apps)
            manifest = Manifest(
                made_at=at.isoformat(),
                database=connection.vendor,
                engine=ENGINE_VERSION,
                migrations=sorted(
                    [app, name] for app, name in MigrationRecorder(connection).applied_migrations()
                ),
                key=mark_of_key(),
                has_files=with_files,
                tables={table.name: _write_table(archive, table, database) for table in tables},
            )
            named = list(names_in(tables, database)) if with_files else []
        for name in named:  # they never change, so those of the moment are still what they were
            if kept := _write_file(archive, name):
                manifest.files[name] = kept
            else:
                manifest.lacking.append(name)
        archive.writestr(ZipInfo(MANIFEST, _day(at)), manifest.written())
    return manifest


def _refuse_other_tables(connection: Any) -> None:
    loader = MigrationLoader(connection)
    if set(loader.applied_migrations) != set(loader.graph.nodes):
        raise ValidationError(
            "The database has not the tables of this version; bring it up to it by `manage.py migrate` first.",
            code="tables_of_other_version",
        )


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[IO[bytes]]:
    """A stream beside the path, which takes its name when all is written and on the disk; only its owner reads it."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as half:
        try:
            yield half
            half.flush()
            os.fsync(half.fileno())
            half.close()
            Path(half.name).replace(path)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise


def _write_table(archive: ZipFile, table: Table, database: str) -> KeptTable:
    said, written = TableDigest(table), sha256()
    with archive.open(_member(f"tables/{table.name}.jsonl"), "w", force_zip64=True) as member:
        for line in lines_of(table, database):
            said.add(line)
            written.update(line)
            member.write(line)
    return KeptTable(
        columns=table.column_names, rows=said.rows, digest=said.hexdigest(), sha256=written.hexdigest()
    )


def _write_file(archive: ZipFile, name: str) -> KeptFile | None:
    """None for a file that is gone: housekeeping may have come before us."""
    try:
        source = default_storage.open(name, "rb")
    except FileNotFoundError:
        return None
    with source, archive.open(_member(f"files/{name}"), "w", force_zip64=True) as member:
        return copied(source, member)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name)
    member.compress_type = ZIP_STORED if Path(name).suffix in PACKED_ALREADY else ZIP_DEFLATED
    member._compresslevel = QUICK  # type: ignore[attr-defined]
    return member


def _day(at: datetime) -> tuple[int, int, int, int, int, int]:
    return at.year, at.month, at.day, at.hour, at.minute, at.second
