"""What could come back to a fleet, and the files of entry numbers for the refund portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from fleet.sheets.answer_tables import column_as_csv
from risk.dashboard.reserve_answer import refunds_answer
from risk.engine.refunds import Route
from risk.flows.refunds import ENTRY_NUMBER, Refunds, portal_files, refunds
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "What could come back: by entry and measure, with the route and the days left."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--on", type=a_day, help="the day asked about (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )
        parser.add_argument(
            "--output", type=Path, metavar="FOLDER", help="write the entry numbers as files for the portal"
        )
        parser.add_argument(
            "--route", choices=[str(route) for route in Route], help="only entries on this route in the files"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, edition = operator_named(options["operator"]), edition_numbered(options["edition"])
        found = refunds(operator, on=options["on"] or timezone.localdate(), edition=edition)
        answer = refunds_answer(found)
        if options["output"]:
            answer["files"] = _written(found, options["output"], options["route"])
        return answer

    def told(self, answer: dict[str, Any]) -> str:
        lines = [
            f"{line['entry_number']}  {line['measure']}  {line['amount'] or 'unknown'} USD  {line['route']}"
            + (f", {line['days_left']} days left" if line["days_left"] is not None else "")
            for line in answer["lines"]
        ]
        said = (answer[apart]["sentence"] for apart in ("without_entry_number", "undecided"))
        total = f"{answer['operator']} on {answer['on']}: {answer['total']} USD could come back."
        return "\n".join([total, *lines, *filter(None, said), *answer.get("files", ())])


def _written(found: Refunds, folder: Path, route: str | None) -> list[str]:
    numbers = found.entry_numbers(route=Route(route) if route else None)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, entries in enumerate(portal_files(numbers), start=1):
            path = folder / f"{found.operator.slug}-refund-entries-{number}.csv"
            path.write_text(column_as_csv(ENTRY_NUMBER, entries), encoding="utf-8", newline="")
            paths.append(str(path))
    except OSError as wrong:
        raise CommandError(f"{folder} cannot be written: {wrong.strerror}.", returncode=1) from None
    return paths
