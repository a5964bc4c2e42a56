"""An edition that restates an earlier one -> the findings that rested on the error."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand
from risk.management.editions import edition_numbered
from risk.selectors import Restated, RestatedFinding, findings_restated


class Command(AnsweringCommand):
    help = "The lots whose findings rested on the edition that this one restates, and which read differently now."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("edition", type=int)

    def answer(self, **options: Any) -> dict[str, Any]:
        edition = edition_numbered(options["edition"])
        if edition.restates is None:
            raise CommandError(f"Edition {edition.number} restates no other edition.", returncode=1)
        found = findings_restated(edition)
        return {
            "edition": edition.number,
            "restates": edition.restates.number,
            "reason": edition.reason,
            "counts": {each.value: sum(one.outcome is each for one in found) for each in Restated},
            "lots": [_told(finding) for finding in found],
        }

    def told(self, answer: dict[str, Any]) -> str:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in answer["counts"].items())
        lots = [
            f"{lot['operator']}, lot {lot['lot']}: {lot['outcome']} "
            f"({_shown(lot['rate_percent_before'])}, now {_shown(lot['rate_percent_now'])})"
            for lot in answer["lots"]
        ]
        head = f"Edition {answer['edition']} restates edition {answer['restates']}: {answer['reason']}"
        return "\n".join([head, f"Lots that rested on the error: {counts}", *lots])


def _told(finding: RestatedFinding) -> dict[str, Any]:
    return {
        "operator": finding.operator.slug,
        "lot": finding.lot_id,
        "outcome": finding.outcome.value,
        "assessed_at": finding.before_at.isoformat(),
        "rate_percent_before": finding.before.rate.percent if finding.before.rate else None,
        "rate_percent_now": finding.now.rate.percent if finding.now.rate else None,
    }


def _shown(percent: str | None) -> str:
    return "not known" if percent is None else f"{percent} %"
