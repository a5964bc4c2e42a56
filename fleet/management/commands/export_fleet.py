"""An operator's fleet as a file that import_fleet takes again unchanged."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.flows.export_fleet import csv_pieces, write_workbook
from fleet.management.answers import AnsweringCommand, operator_named
from fleet.models import Operator

FORMATS = ("csv", "xlsx")


class Command(AnsweringCommand):
    help = "Export an operator's fleet, one row a rig, so that import_fleet finds nothing changed in it."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument(
            "--format", choices=FORMATS, help="default: as the output file is named, else csv"
        )
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="the file to write; without it csv goes to stdout"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say so; without a file the rows themselves are the answer."""
        if options["output"]:
            return super().handle(*args, **options)
        if options["json"] or options["format"] == "xlsx":
            what = "--json" if options["json"] else "--format xlsx"
            raise CommandError(f"{what} needs --output FILE; only csv goes to stdout.", returncode=2)
        for piece in csv_pieces(operator_named(options["operator"])):
            self.stdout.write(piece, ending="")
        return None

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, path = operator_named(options["operator"]), options["output"]
        kind = options["format"] or ("xlsx" if path.suffix.lower() == ".xlsx" else "csv")
        try:
            _write(operator, path, kind)
        except OSError as wrong:
            raise CommandError(f"{path} cannot be written: {wrong.strerror}.", returncode=1) from None
        except ValueError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        return {"operator": operator.slug, "format": kind, "file": str(path), "bytes": path.stat().st_size}

    def told(self, answer: dict[str, Any]) -> str:
        return f"{answer['operator']}: {answer['file']} ({answer['bytes']:,} bytes)"


def _write(operator: Operator, path: Path, kind: str) -> None:
    """Write beside the file and then take its place, so that no half of an export is ever there."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as half:
        try:
            if kind == "xlsx":
                write_workbook(operator, half)
            else:
                half.writelines(piece.encode() for piece in csv_pieces(operator))
            half.close()
            Path(half.name).replace(path)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise
