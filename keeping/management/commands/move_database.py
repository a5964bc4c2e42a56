"""All rows moved into another database, of either kind, in one call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import connection
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from keeping.archive.filling import refuse_differences
from keeping.archive.manifest import Manifest
from keeping.archive.snapshot import one_moment
from keeping.archive.tables import all_tables
from keeping.archive.writing import whole_or_not_at_all, write_backup


class Command(AnsweringCommand):
    help = "Move all rows into an empty database, SQLite to PostgreSQL or back; stop all processes first."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="DATABASE_URL", help="the empty database")
        parser.add_argument("--overwrite", action="store_true", help="lose what is in that database now")

    def answer(self, **options: Any) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".move-") as folder:
            rows = Path(folder) / "rows.zip"
            with whole_or_not_at_all(rows) as target:
                told = write_backup(target, at=timezone.now(), with_files=False)
            restored = _restored(rows, options["to"], overwrite=options["overwrite"])
        refuse_later_changes(told)
        return {"rows": restored["rows"], "tables": restored["tables"], "from": told.database}

    def told(self, answer: dict[str, Any]) -> str:
        return (
            f"{answer['rows']:,} rows of {answer['tables']} tables are in the new database, every digest the same. "
            "Set DATABASE_URL to it, then start web, workers and scheduler."
        )


def _restored(rows: Path, address: str, *, overwrite: bool) -> dict[str, Any]:
    """By a process that knows the other database as its own: migrations write to the one of the settings."""
    call = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(rows), "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    ended = subprocess.run(  # noqa: S603  our own program, and a path that we made
        [*call, "--overwrite"] if overwrite else call,
        env={**environment, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise ValidationError(
            ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else "It was stopped."
        )
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def refuse_later_changes(told: Manifest) -> None:
    """Raises ValidationError (`changed_meanwhile`) where the source is not what was moved any more."""
    try:
        with one_moment(connection):
            refuse_differences(told.tables, all_tables(apps), database=connection.alias)
    except ValidationError as changed:
        raise ValidationError(
            "Something was changed here while the rows were moved, and the new database lacks it. Stop web, workers "
            f"and scheduler, and move again with --overwrite. {' '.join(changed.messages)}",
            code="changed_meanwhile",
        ) from changed
