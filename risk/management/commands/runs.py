"""Assessment runs: what set assessing going, and how far it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, operator_named
from risk.api.run_answers import progress_answer, run_answers
from risk.models import AssessmentRun, RunStep
from risk.selectors import is_behind, progress_of


class Command(AnsweringCommand):
    help = (
        "The newest assessment runs: cause, counts, rate, seconds left; with --operator also how far it is."
    )

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", help="the operator's slug (default: everybody's lots together)")
        parser.add_argument("--last", type=int, default=20, help="how many runs (default: 20)")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = operator_named(options["operator"]) if options["operator"] else None
        touching = AssessmentRun.objects.filter(pk__in=RunStep.objects.of(operator).values("run"))
        runs = touching.order_by("-pk")[: max(options["last"], 1)]
        answer = {"runs": run_answers(runs, operator, now=timezone.now())}
        if operator is None:
            return answer
        # Asked first: what is followed meanwhile is then owed.
        behind = is_behind(operator, today=timezone.localdate())
        progress = progress_of(operator)
        is_fresh = not (progress.owed_lots or behind)
        told = {"operator": operator.slug, "owed_lots": progress.owed_lots}
        return {**told, **progress_answer(progress, is_fresh=is_fresh), **answer}

    def told(self, answer: dict[str, Any]) -> str:
        return "\n".join(_line(run) for run in answer["runs"]) or "No lot was owed an assessment yet."


def _line(run: dict[str, Any]) -> str:
    counts = ", ".join(
        f"{run[name]:,} {name.replace('_', ' ')}" for name in ("added", "changed", "unchanged")
    )
    state = f"{run['percent']} %, {run['lots_left']:,} to go" if run["lots_left"] else "finished"
    return f"{run['run']:>6}  {run['begun_at'][:19]}  {run['cause']}: {run['lots_owed']:,} owed, {counts}; {state}"
