"""The exposed share of today's fleet on every day since 2018-07-01, as the steps in which it changes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.dashboard.history import history_answer
from risk.flows.share_through_time import FIRST_DAY, share_through_time
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "Today's fleet under the law of every day: the steps of the exposed share and what moved it."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument(
            "--from", type=a_day, dest="first", default=FIRST_DAY, help="first day (default: 2018-07-01)"
        )
        parser.add_argument(
            "--to", type=a_day, dest="last", help="last day (default: the last known coming change)"
        )
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        if options["last"] and options["last"] < max(options["first"], FIRST_DAY):
            raise CommandError("The last day lies before the first.", returncode=1)
        through = share_through_time(
            operator_named(options["operator"]),
            edition=edition_numbered(options["edition"]),
            today=timezone.localdate(),
            first=options["first"],
            last=options["last"],
        )
        return history_answer(through)

    def told(self, answer: dict[str, Any]) -> str:
        lines = [f"{'from':<12}{'exposed':>9}{'points':>9}  what moved it"]
        return "\n".join([*lines, *(_line(step) for step in answer["steps"])])


def _line(step: dict[str, Any]) -> str:
    share, points = step["exposed"]["any"]["share_of_hashrate"], step["points"].get("hashrate")
    told = "–" if share is None else f"{float(share) * 100:.1f} %"
    moved = "" if points is None else f"{float(points):+.1f}"
    why = [*(f"+ {m['measure']}" for m in step["begun"]), *(f"- {m['measure']}" for m in step["ended"])]
    if step["lots_of_their_own"]:
        why.append(f"{step['lots_of_their_own']} lots on a day of their own")
    return f"{step['from']:<12}{told:>9}{moved:>9}  {', '.join(why)}"
