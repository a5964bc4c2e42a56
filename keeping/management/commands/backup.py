"""The whole product as one file: rows of one moment, kept files, and a manifest of their digests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from keeping.archive.manifest import Manifest, seal_of
from keeping.archive.writing import whole_or_not_at_all, write_backup


class Command(AnsweringCommand):
    help = "Write every row and every kept file into one file, while the product is in use."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="FILE", help="the file to write; - for stdout")
        parser.add_argument("--without-files", action="store_true", help="rows alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Into a stream the backup itself is the answer, and what it holds is told on stderr."""
        if options["to"] != "-":
            return super().handle(*args, **options)
        told = write_backup(sys.stdout.buffer, at=timezone.now(), with_files=not options["without_files"])
        sys.stdout.buffer.flush()
        self.stderr.write(self.told(_answer(told, "-")))
        return None

    def answer(self, **options: Any) -> dict[str, Any]:
        path = Path(options["to"])
        try:
            with whole_or_not_at_all(path) as target:
                manifest = write_backup(target, at=timezone.now(), with_files=not options["without_files"])
        except OSError as wrong:
            raise CommandError(f"{path} cannot be written: {wrong.strerror}.", returncode=1) from None
        except DatabaseError as wrong:
            raise CommandError(f"The database cannot be read: {wrong}", returncode=1) from None
        return {**_answer(manifest, str(path)), "bytes": path.stat().st_size}

    def told(self, answer: dict[str, Any]) -> str:
        lacking = f" {len(answer['lacking'])} files that rows name are gone." if answer["lacking"] else ""
        return (
            f"{answer['file']}: {answer['rows']:,} rows of {answer['tables']} tables and {answer['files']:,} files "
            f"as of {answer['made_at']}.{lacking}\nSeal: {answer['seal']}"
        )


def _answer(manifest: Manifest, file: str) -> dict[str, Any]:
    return {
        "file": file,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "tables": len(manifest.tables),
        "files": len(manifest.files),
        "lacking": manifest.lacking,
        "seal": seal_of(manifest.written()),
    }
