"""A policy edition -> the policy files that say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand
from risk.book import book_of
from risk.management.editions import edition_numbered
from risk.policy_files import files_of, stream_of


class Command(AnsweringCommand):
    help = "Write an edition (the current one, unless a number is given) as policy files."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("edition", nargs="?", type=int)
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER", help="write a tree of files under this folder"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        edition = edition_numbered(options["edition"])
        book = book_of(edition)
        files = files_of(book)
        if options["to"]:
            _write(files, options["to"])
        return {
            "edition": edition.number,
            "state": edition.state,
            "digest": book.digest,
            "measures": len(book.measures),
            "folder": str(options["to"]) if options["to"] else None,
            "files": sorted(files) if options["to"] else files,
        }

    def told(self, answer: dict[str, Any]) -> str:
        if answer["folder"] is None:
            return stream_of(answer["files"]).rstrip("\n")
        return (
            f"Edition {answer['edition']}: {answer['measures']} measures in {len(answer['files'])} files "
            f"under {answer['folder']}"
        )


def _write(files: dict[str, str], folder: Path) -> None:
    """Into an empty or a new folder: files of another edition beside them would be read with them."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} is not an empty folder; give a new one.", returncode=1)
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
