"""A key for a program that uses the API."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from fleet.models.keys import Scope, end_of
from fleet.services import issue_key


class Command(AnsweringCommand):
    help = "Make an API key of an operator and show it, this once."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--name", required=True, help="which program uses it")
        parser.add_argument(
            "--scope", action="append", required=True, choices=list(Scope), help="what it may do; repeat it"
        )
        parser.add_argument("--expires", type=a_day, metavar="DAY", help="the last day on which it opens")
        parser.add_argument(
            "--ip", action="append", default=[], metavar="RANGE", help="from where it may be used; repeat it"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        last = options["expires"]
        end = end_of(last) if last else None
        key, text = issue_key(
            operator=operator_named(options["operator"]),
            name=options["name"],
            scopes=options["scope"],
            at=timezone.now(),
            expires_at=end,
            ip_ranges=options["ip"],
        )
        return {
            "operator": key.operator.slug,
            "name": key.name,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "expires_at": end.isoformat() if end else None,
            "ip_ranges": key.ip_ranges,
            "key": text,
        }

    def told(self, answer: dict[str, Any]) -> str:
        return f"{answer['key']}\nKeep it now: it is shown this once. It opens {', '.join(answer['scopes'])}."
