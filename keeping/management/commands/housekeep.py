"""What was kept long enough, cleared now, or told of."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from keeping.housekeeping.clearing import housekeep


class Command(AnsweringCommand):
    help = "Clear what was kept for as long as KEEP_DAYS tells; the scheduler does it once a day."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and clear nothing")

    def answer(self, **options: Any) -> dict[str, Any]:
        done = housekeep(now=timezone.now(), is_dry=options["dry_run"])
        cleared = [{"rule": it.name, "what": it.what, "days": it.days, "rows": it.rows} for it in done]
        return {"dry_run": options["dry_run"], "cleared": cleared}

    def told(self, answer: dict[str, Any]) -> str:
        cleared = answer["cleared"]
        verb = "would go" if answer["dry_run"] else "went"
        return "\n".join(
            f"{it['rows']:>8,} {verb}: {it['what']} ({it['rule']}, after {it['days']} days)" for it in cleared
        )
