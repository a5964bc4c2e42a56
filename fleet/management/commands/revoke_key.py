"""The end of an API key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from fleet.models import ApiKey
from fleet.services import revoke_key


class Command(AnsweringCommand):
    help = "End an API key at once."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", metavar="PREFIX", help="the eight letters after rl_")
        parser.add_argument("--why", default="", help="for the audit")

    def answer(self, **options: Any) -> dict[str, Any]:
        key = ApiKey.objects.select_related("operator").filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError(f"There is no key with the prefix '{options['prefix']}'.", returncode=1)
        revoke_key(key=key, at=timezone.now(), why=options["why"])
        key.refresh_from_db(fields=["revoked_at"])
        ended = key.revoked_at.isoformat() if key.revoked_at else None
        return {"operator": key.operator.slug, "name": key.name, "prefix": key.prefix, "revoked_at": ended}

    def told(self, answer: dict[str, Any]) -> str:
        return (
            f"The key {answer['prefix']} of {answer['operator']} ({answer['name']}) opens nothing any more."
        )
