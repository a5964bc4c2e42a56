"""What all commands share: `--json`, one sentence for a refusal, and the exit status that goes with it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.models import Operator
from ledger.origins import Door, coming_from, origin, running_as


class AnsweringCommand(BaseCommand):
    """A command with one answer: JSON with `--json`, else the lines of `told`.

    Exit status 0 for an answer, 1 for a refusal (one sentence on stderr), 2 for a wrong call.
    """

    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Every command takes --json."""
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        self.add_questions(parser)

    def add_questions(self, parser: CommandParser) -> None:
        """The arguments of one command."""

    def handle(self, *_: Any, **options: Any) -> None:
        """Answer, or refuse with a sentence. What a command that a person types does is on the audit as its deed."""
        if origin().door is not Door.PROCESS:  # a part of something else
            return self._handled(**options)
        with coming_from(Door.COMMAND, running_as(type(self).__module__.rpartition(".")[2])):
            return self._handled(**options)

    def _handled(self, **options: Any) -> None:
        try:
            answer = self.answer(**options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages), returncode=1) from None
        self.stdout.write(
            json.dumps(answer, indent=1, ensure_ascii=False) if options["json"] else self.told(answer)
        )

    def answer(self, **options: Any) -> Any:
        """The answer, JSON-ready."""
        raise NotImplementedError

    def told(self, answer: Any) -> str:
        """The answer as a person reads it in a terminal."""
        return json.dumps(answer, indent=1, ensure_ascii=False)


def operator_named(slug: str) -> Operator:
    """The operator of a slug; a refusal when there is none."""
    operator = Operator.objects.filter(slug=slug).first()
    if operator is None:
        known = ", ".join(Operator.objects.order_by("slug").values_list("slug", flat=True)[:10]) or "none yet"
        raise CommandError(f"There is no operator '{slug}'; the operators are: {known}.", returncode=1)
    return operator


def read_as(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader of an argument whose ValueError sentence becomes that of a wrong call."""

    def read(text: str) -> Any:
        try:
            return reader(text)
        except ValueError as wrong:
            raise argparse.ArgumentTypeError(str(wrong)) from None

    return read


def _a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is no date; write it like 2025-06-10.") from None


a_day = read_as(_a_day)
