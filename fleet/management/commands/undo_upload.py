"""An upload taken back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.flows.undo_upload import undo_upload
from fleet.management.answers import AnsweringCommand
from fleet.models import Upload
from risk.flows.assess_lots import assess_owed_lots


class Command(AnsweringCommand):
    help = "Take back what an upload changed; what was changed since stays and is named."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("upload", type=int, metavar="ID", help="number of the upload")

    def answer(self, **options: Any) -> dict[str, Any]:
        if not Upload.objects.filter(pk=options["upload"]).exists():
            raise CommandError(f"There is no upload {options['upload']}.", returncode=1)
        report = undo_upload(options["upload"], at=timezone.now())
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        return report

    def told(self, answer: dict[str, Any]) -> str:
        kept = [f"{each['serial_number']} stays: changed by {each['changed_by']}" for each in answer["kept"]]
        return "\n".join([f"{answer['reverted']} rigs are as they were before.", *kept])
