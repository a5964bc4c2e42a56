"""What is unknown of a fleet, and which facts settle most of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, operator_named
from risk.dashboard.doubts import doubts_answer, told_ask
from risk.flows.doubt_of_fleet import doubt_of_fleet


class Command(AnsweringCommand):
    help = "For each missing fact the range of outcomes, and the shortest list of facts that settles most."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")

    def answer(self, **options: Any) -> dict[str, Any]:
        self.doubt = doubt_of_fleet(operator_named(options["operator"]))
        return doubts_answer(self.doubt, timezone.localdate())

    def told(self, answer: dict[str, Any]) -> str:
        if not answer["asks"]:
            return "Nothing is unknown."
        return "\n".join(told_ask(ask) for ask in self.doubt.doubt.asks)
