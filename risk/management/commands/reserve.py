"""What a dispute over origin could cost a fleet: low, likely and high."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.dashboard.reserve_answer import reserve_answer
from risk.flows.reserve_note import reserve_note
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "What a dispute over origin could cost: low, likely, high, by lot, entry, maker and site."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--on", type=a_day, help="the day asked about (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, edition = operator_named(options["operator"]), edition_numbered(options["edition"])
        return reserve_answer(
            reserve_note(operator, on=options["on"] or timezone.localdate(), edition=edition)
        )

    def told(self, answer: dict[str, Any]) -> str:
        total = answer["total"]
        columns = [
            f"{name:>7}  {total[name]:>16} USD  {told}" for name, told in answer["assumptions"].items()
        ]
        unknown = total["unknown_lots"]["high"]
        sentence = f"{unknown} of {total['lots']} lots are unknown and in no sum." if unknown else ""
        return "\n".join([f"{answer['operator']} on {answer['on']}", *columns, sentence]).rstrip()
