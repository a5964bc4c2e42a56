"""Assess what is owed, now, without a worker."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from fleet.models import Lot
from risk.flows.assess_lots import Assessed, assess_owed_lots
from risk.flows.follow_calendar import follow_the_calendar, take_back_the_calendar
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe, owe_by_the_calendar
from risk.management.editions import edition_numbered
from risk.models import AssessmentRun


class Command(AnsweringCommand):
    help = "Assess every lot that is owed; with --full, every lot."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", help="with --full: only this operator's lots")
        parser.add_argument("--on", type=a_day, help="the day of the assessment (default: today)")
        parser.add_argument("--full", action="store_true", help="assess lots that are not owed, too")

    def answer(self, **options: Any) -> dict[str, int]:
        edition_numbered(None)
        day, now = options["on"] or timezone.localdate(), timezone.now()
        follow_unfollowed_editions(now=now)
        done = self._follow_the_calendar(options["on"], day, now)
        self._owe_more(options["operator"], options["full"])
        done += assess_owed_lots(assessed_on=day, clock=timezone.now)
        return {**asdict(done), "removed": 0}

    def _follow_the_calendar(self, asked: date | None, day: date, now: datetime) -> Assessed:
        """Another day than today is looked at for once; today is what the calendar has reached, whatever a clock
        that went wrong said before."""
        if asked and asked != timezone.localdate():
            owe_by_the_calendar(day, now=now, kind=AssessmentRun.Kind.ASKED)
            return Assessed()
        take_back_the_calendar(day)
        return follow_the_calendar(day, clock=timezone.now)

    def told(self, answer: dict[str, int]) -> str:
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in answer.items())

    def _owe_more(self, slug: str | None, full: bool) -> None:
        lots = Lot.objects.filter(holdings__isnull=False)
        if slug:
            lots = lots.filter(operator=operator_named(slug))
        if full:
            with transaction.atomic():
                owe(lots.values_list("pk", flat=True), cause="assess --full", now=timezone.now())
