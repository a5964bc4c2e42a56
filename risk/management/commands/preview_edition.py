"""A draft edition -> the exposed share of every operator before and after it would be published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day
from risk.api.answers import exposure_answer
from risk.dashboard import headline
from risk.flows.preview_edition import EditionPreview, preview_edition
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "What publishing an edition would do to the exposed share of every operator; nothing is recorded."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("edition", type=int)
        parser.add_argument("--on", type=a_day, help="the law of this day (default: today)")

    def answer(self, **options: Any) -> dict[str, Any]:
        edition = edition_numbered(options["edition"])
        today = timezone.localdate()
        on = options["on"] or today
        self.previews = list(preview_edition(edition, on=on, today=today))
        return {"edition": edition.number, "on": on.isoformat(), "operators": [*map(_told, self.previews)]}

    def told(self, answer: dict[str, Any]) -> str:
        return "\n".join(
            f"{each.operator.slug}: {each.lots_moved:,} of {each.lots:,} lots move\n"
            f"  before  {headline(each.before)}\n  after   {headline(each.after)}"
            for each in self.previews
        )


def _told(preview: EditionPreview) -> dict[str, Any]:
    return {
        "operator": preview.operator.slug,
        "lots": preview.lots,
        "lots_moved": preview.lots_moved,
        "lots_set_aside": preview.lots_set_aside,
        "before": exposure_answer(preview.before),
        "after": exposure_answer(preview.after),
    }
