"""A paper that counts no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from fleet.models import OriginEvidence
from fleet.services import withdraw_evidence


class Command(AnsweringCommand):
    help = "Let a paper count no more; it stays on record with the reason."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("evidence", type=int, metavar="ID", help="number of the paper")
        parser.add_argument("--because", required=True, help="the reason, for the record")

    def answer(self, **options: Any) -> dict[str, Any]:
        paper = OriginEvidence.objects.filter(pk=options["evidence"]).first()
        if paper is None:
            raise CommandError(f"There is no evidence {options['evidence']}.", returncode=1)
        withdraw_evidence(evidence=paper, because=options["because"], at=timezone.now())
        return {"evidence": paper.pk, "withdrawn_because": paper.withdrawn_because}

    def told(self, answer: dict[str, Any]) -> str:
        return f"Evidence {answer['evidence']} counts no more: {answer['withdrawn_because']}"
