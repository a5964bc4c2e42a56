"""Lists from their official addresses -> editions, with a sentence for each that did not come."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from risk.api.screening_answers import run_answer, run_in_words
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.fetch_lists import fetch_lists
from risk.flows.screen_vendors import screen_vendors
from risk.models import ListFetch


class Command(AnsweringCommand):
    help = "Fetch government lists from their official addresses. A cut, empty or older one changes nothing."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--format",
            action="append",
            default=[],
            metavar="FORMAT",
            help=f"one of {', '.join(settings.LIST_ADDRESSES)}; again for more (default: what LISTS_FETCHED names)",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Answers, and then ends with 1 where a list did not come."""
        self.missed: list[str] = []
        super().handle(*arguments, **options)
        if self.missed:
            raise CommandError(f"Not fetched: {', '.join(self.missed)}.", returncode=1)

    def answer(self, **options: Any) -> dict[str, Any]:
        attempts = fetch_lists(options["format"] or settings.LISTS_FETCHED, clock=timezone.now)
        self.missed = [each.format for each in attempts if each.has_failed]
        runs = screen_vendors(clock=timezone.now)
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        screening = [run_answer(run) for run in runs]
        return {"lists": [_told(each) for each in attempts], "screening": screening}

    def told(self, answer: dict[str, Any]) -> str:
        fetched = [f"{each['format']}: {each['outcome']}. {each['sentence']}" for each in answer["lists"]]
        return "\n".join([*fetched, *(run_in_words(run) for run in answer["screening"])])


def _told(attempt: ListFetch) -> dict[str, Any]:
    edition = attempt.edition
    return {
        "format": attempt.format,
        "address": attempt.address,
        "begun_at": attempt.begun_at.isoformat() if attempt.begun_at else None,
        "outcome": attempt.outcome,
        "sentence": attempt.sentence,
        "bytes": attempt.bytes,
        "sha256": attempt.sha256,
        "edition": edition.number if edition else None,
        "as_of": edition.data_date.isoformat() if edition else None,
    }
