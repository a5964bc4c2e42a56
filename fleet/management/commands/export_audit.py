"""The audit as a file for auditors, with the digests by which it can be verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from fleet.sheets.answer_tables import table_in_pieces
from ledger.audit import AuditEntry, record, seal_all
from ledger.exporting import HEADINGS, exported, json_lines, on_days, row_of
from ledger.origins import origin

FORMATS = ("jsonl", "csv")


class Command(AnsweringCommand):
    help = "Export the audit with its digests: JSON lines that verify_audit --file verifies, or CSV to read."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the file to write")
        parser.add_argument("--format", choices=FORMATS, help="default: as the file is named, else jsonl")
        parser.add_argument("--operator", help="deeds at this operator alone, by its slug")
        parser.add_argument("--from", type=a_day, dest="first", metavar="DAY", help="from this day on")
        parser.add_argument("--through", type=a_day, metavar="DAY", help="through this day")
        parser.add_argument(
            "--links",
            action="store_true",
            help="also the places of entries that are left out, without what they say, to follow the whole chain",
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        seal_all()
        entries, path = AuditEntry.objects.all(), options["output"]
        operator = operator_named(options["operator"]) if options["operator"] else None
        if operator:
            entries = entries.of(operator.pk)
        entries = on_days(entries, options["first"], options["through"])
        kind = options["format"] or ("csv" if path.suffix.lower() == ".csv" else "jsonl")
        asked = {name: str(options[name] or "") for name in ("operator", "first", "through")}
        if kind == "jsonl":
            said: dict[str, Any] = {"asked": asked, "by": origin().place, "at": timezone.now()}
            pieces = json_lines(entries, links=options["links"], **said)
        else:
            pieces = table_in_pieces(HEADINGS, map(row_of, exported(entries)))
        try:
            written = _written(path, pieces)
        except OSError as wrong:
            raise CommandError(f"{path} cannot be written: {wrong.strerror}.", returncode=1) from None
        count, owner = entries.count(), operator.pk if operator else None
        told: dict[str, Any] = {"format": kind, "entries": count, "asked": asked}
        record(deed="audit exported", subject="audit", operator_id=owner, **told)
        return {"file": str(path), "format": kind, "entries": count, "bytes": written}

    def told(self, answer: dict[str, Any]) -> str:
        return f"{answer['file']}: {answer['entries']:,} entries ({answer['bytes']:,} bytes)"


def _written(path: Path, pieces: Iterator[str]) -> int:
    with path.open("w", encoding="utf-8", newline="") as stream:
        return sum(stream.write(piece) for piece in pieces)
