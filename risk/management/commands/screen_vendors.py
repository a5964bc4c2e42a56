"""Every vendor against the government lists in force."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from risk.api.screening_answers import run_answer, run_in_words
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.screen_vendors import screen_vendors


class Command(AnsweringCommand):
    help = "Screen the vendors that wait for it, or with --full all of them; then assess the lots that it touches."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="every vendor against every list")

    def answer(self, **options: Any) -> dict[str, Any]:
        runs = screen_vendors(clock=timezone.now, full=options["full"])
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        return {"runs": [run_answer(run) for run in runs]}

    def told(self, answer: dict[str, Any]) -> str:
        return "\n".join(run_in_words(run) for run in answer["runs"]) or "Nothing is owed a screening."
