"""Whether the findings on record are what their facts come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand, operator_named
from risk.flows.verify_exposures import Difference, Verification, verify_exposures


class Command(AnsweringCommand):
    help = "Decides every current finding anew from what it keeps, and names those that differ (status 1)."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", help="only this operator's lots, by its slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; where a finding is not proved, end with a sentence and status 1."""
        self.unproved = 0
        super().handle(*args, **options)
        if self.unproved:
            raise CommandError(
                f"Findings that are not proved by what they keep: {self.unproved}.", returncode=1
            )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = operator_named(options["operator"]) if options["operator"] else None
        done = verify_exposures(operator)
        self.unproved = len(done.differing) + len(done.unverified)
        return _answer(done)

    def told(self, answer: dict[str, Any]) -> str:
        lines = [f"{answer['verified']} findings are what their facts come to."]
        lines += [
            f"Lot {each['lot']} differs in {', '.join(each['columns'])}." for each in answer["differing"]
        ]
        lines += [f"Lot {each['lot']} is not verified. {each['because']}" for each in answer["unverified"]]
        return "\n".join(lines)


def _answer(done: Verification) -> dict[str, Any]:
    return {
        "verified": done.equal,
        "differing": [_difference(each) for each in done.differing],
        "unverified": [
            {"lot": each.lot_id, "exposure": each.exposure_id, "because": each.because}
            for each in done.unverified
        ],
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "lot": each.lot_id,
        "exposure": each.exposure_id,
        "columns": list(each.columns),
        "kept": {name: _plain(value) for name, value in each.kept.items()},
        "recomputed": {name: _plain(value) for name, value in each.recomputed.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else value
