"""A backup brought back into the database and the folder that the settings name."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand
from keeping.archive.opened import OpenBackup
from keeping.archive.restoring import restore_backup


class Command(AnsweringCommand):
    help = "Bring a backup back, into a database of either kind; every digest is checked before and after."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FILE", help="the backup; - for stdin")
        parser.add_argument("--overwrite", action="store_true", help="lose what is in the database now")
        parser.add_argument("--seal", default="", help="refuse a backup of another seal")

    def answer(self, **options: Any) -> dict[str, Any]:
        with _opened(options["source"]) as source:
            backup = OpenBackup(source)
            if options["seal"] and options["seal"] != backup.seal:
                raise ValidationError(
                    f"The seal of this backup is {backup.seal}.", code="backup_of_other_seal"
                )
            notes = restore_backup(backup, overwrite=options["overwrite"])
        told = backup.manifest
        return {
            "made_at": told.made_at,
            "from": told.database,
            "rows": told.rows,
            "tables": len(told.tables),
            "files": len(told.files),
            "notes": notes,
        }

    def told(self, answer: dict[str, Any]) -> str:
        done = (
            f"{answer['rows']:,} rows of {answer['tables']} tables and {answer['files']:,} files are as they were at "
            f"{answer['made_at']}; every digest is that of the backup."
        )
        return "\n".join([done, *answer["notes"]])


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """What comes through a pipe cannot be wound back, so it is laid down first."""
    if name != "-":
        try:
            with Path(name).open("rb") as source:
                yield source
        except OSError as wrong:
            raise CommandError(f"{name} cannot be read: {wrong.strerror}.", returncode=1) from None
        return
    with tempfile.TemporaryFile(dir=settings.VAR_DIR) as laid_down:
        shutil.copyfileobj(sys.stdin.buffer, laid_down)
        laid_down.seek(0)
        yield laid_down
