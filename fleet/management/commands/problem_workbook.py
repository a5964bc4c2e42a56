"""An upload's own sheet with its problems marked, to be mended and sent again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.flows.problem_workbook import write_problem_workbook
from fleet.management.answers import AnsweringCommand
from fleet.models import Upload


class Command(AnsweringCommand):
    help = "Write an upload's own sheet with the wrong cells marked and a reason beside every wrong row."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("upload", type=int, metavar="ID")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.xlsx")
        parser.add_argument("--only-wrong", action="store_true", help="leave the right rows out")

    def answer(self, **options: Any) -> dict[str, Any]:
        upload = Upload.objects.filter(pk=options["upload"]).first()
        if upload is None:
            raise CommandError(f"There is no upload {options['upload']}.", returncode=1)
        written = BytesIO()
        write_problem_workbook(upload, written, only_wrong=options["only_wrong"])
        try:
            options["output"].write_bytes(written.getvalue())
        except OSError as wrong:
            sentence = f"{options['output']} cannot be written: {wrong.strerror}."
            raise CommandError(sentence, returncode=1) from None
        return {"upload": upload.pk, "wrong": upload.wrong, "file": str(options["output"])}

    def told(self, answer: dict[str, Any]) -> str:
        return f"Upload {answer['upload']}: {answer['wrong']} wrong rows, marked in {answer['file']}"
