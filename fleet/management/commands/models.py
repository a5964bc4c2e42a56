"""What the catalogue makes of names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from fleet.api.rig_answers import resolution_answer
from fleet.management.answers import AnsweringCommand
from fleet.selectors import models_named


class Command(AnsweringCommand):
    help = "Which rig model and bin each NAME means, or which it could mean."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")
        parser.add_argument("--maker", help="the maker, where the name alone does not tell")

    def answer(self, **options: Any) -> list[dict[str, Any]]:
        return [
            resolution_answer(name, models_named(name, maker=options["maker"])) for name in options["names"]
        ]

    def told(self, answer: list[dict[str, Any]]) -> str:
        return "\n".join(_line(each) for each in answer)


def _line(each: dict[str, Any]) -> str:
    if each["model"]:
        return f"{each['query']}: {each['maker']} {each['model']}, {each['bin'] or 'no bin named'}"
    candidates = (
        " or ".join(f"{one['maker']} {one['model']}" for one in each["candidates"]) or "nothing like it"
    )
    return f"{each['query']}: not settled; {candidates}"
