"""One report on a fleet, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, operator_named
from risk.dashboard.front_page import USUAL_MEASURE
from risk.engine.shares import MEASURES
from risk.models import Report, ReportForm, ReportKind
from risk.reports.writing import WrittenReport, written_report


class Command(AnsweringCommand):
    help = "Writes a report on a fleet: for the board, accountants, the customs broker, or on one maker."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=ReportKind.values)
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--format", choices=ReportForm.values, default=ReportForm.PDF.value)
        parser.add_argument("--by", choices=list(MEASURES), default=USUAL_MEASURE, help="of the board report")
        parser.add_argument("--vendor", default="", help="slug of the maker that a scorecard is about")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: its own name, here")

    def answer(self, **options: Any) -> dict[str, Any]:
        wish = Report(
            operator=operator_named(options["operator"]),
            kind=options["kind"],
            form=options["format"],
            measure=options["by"],
            vendor=options["vendor"],
        )
        written = written_report(wish, at=timezone.now())
        path = _kept(written, options["output"] or Path(written.name))
        return {"report": wish.told, "file": path, "bytes": len(written.content), "digest": written.digest}

    def told(self, answer: dict[str, Any]) -> str:
        return f"{answer['file']}: {answer['report']}, {answer['bytes']:,} bytes, digest {answer['digest']}"


def _kept(written: WrittenReport, path: Path) -> str:
    try:
        path.write_bytes(written.content)
    except OSError as wrong:
        raise CommandError(f"{path} cannot be written: {wrong.strerror}.", returncode=1) from None
    return str(path)
