"""The second wall around the rows of operators, made and taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import OperationalError, connection

from fleet.management.answers import AnsweringCommand
from ledger.row_security import policies

DEEDS: dict[str, Callable[[], None]] = {
    "on": policies.build,
    "off": policies.take_down,
    "show": lambda: None,
}


class Command(AnsweringCommand):
    help = (
        "Make the policies by which PostgreSQL keeps operators apart, take them away, or show how they stand."
    )

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=("on", "off", "show"), nargs="?", default="show")

    def answer(self, **options: Any) -> dict[str, Any]:
        if connection.vendor != "postgresql":
            raise CommandError("Row level security needs PostgreSQL; this database is another.", returncode=1)
        if options["deed"] == "on" and not settings.ROW_LEVEL_SECURITY:
            sentence = (
                "Set ROW_LEVEL_SECURITY=1 and start every process anew first; else they would see no row."
            )
            raise CommandError(sentence, returncode=1)
        try:
            DEEDS[options["deed"]]()
        except OperationalError as busy:
            sentence = f"A table was in use for too long; nothing is lost, run it again. ({busy})"
            raise CommandError(sentence, returncode=1) from None
        standing = policies.standing()
        return {
            "tables": len(policies.walls()),
            "behind_the_wall": sorted(standing),
            "faults": list(policies.faults()) if standing or options["deed"] == "on" else [],
        }

    def told(self, answer: dict[str, Any]) -> str:
        standing = f"{len(answer['behind_the_wall'])} of {answer['tables']} tables are behind the wall."
        return "\n".join([standing, *answer["faults"]])
