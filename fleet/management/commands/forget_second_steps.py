"""The way back in for somebody who has lost telephone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand
from fleet.models import User
from fleet.sign_in.second_steps import forget_second_steps


class Command(AnsweringCommand):
    help = "Take a person's passkeys, code app and recovery codes away, once you know that it is the person."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="the name with which the person signs in")
        parser.add_argument("--why", required=True, help="for the audit: how you know that it is the person")

    def answer(self, **options: Any) -> dict[str, Any]:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is no person '{options['username']}'.", returncode=1)
        taken = forget_second_steps(person, by=None, why=options["why"])
        return {"person": person.get_username(), "second_steps_taken": taken}

    def told(self, answer: dict[str, Any]) -> str:
        taken = answer["second_steps_taken"]
        return f"{answer['person']} had {taken} second steps, and signs in by the password alone now."
