"""An order before it is placed: what it costs to land, who is paid, the exposure that follows, and the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.api.purchase_records import checked_and_kept
from risk.api.purchase_shapes import CheckTaken, order_of
from risk.cxml.reading import CxmlUnreadable, read_order
from risk.dashboard.purchase_page import complaints_of, purchase_page
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "Check an order before it is placed (docs/purchase-checks.md); the answer is kept."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="the order, as JSON of assessments/ or as cXML"
        )
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--on", type=a_day, help="the day asked about (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, edition = operator_named(options["operator"]), edition_numbered(options["edition"])
        taken, today = CheckTaken(data=_order_in(options["file"])), timezone.localdate()
        if not taken.is_valid():
            raise CommandError("\n".join(complaints_of(taken.errors)), returncode=1)
        check = checked_and_kept(
            operator,
            order_of(dict(taken.validated_data)),
            edition=edition,
            on=options["on"] or today,
            today=today,
            at=timezone.now(),
        )
        return check.answer

    def told(self, answer: dict[str, Any]) -> str:
        page = purchase_page(answer)
        lines = [
            f"{line.number}: {line.title}, {line.word.lower()}; landed {line.unit_cost} a rig, {line.level}"
            for line in page.lines
        ]
        totals = "; ".join(f"{name.lower()} {value}" for name, value in page.totals)
        return "\n".join([f"{page.word}: {answer['id']}", totals, *lines, *page.because])


def _order_in(path: Path) -> Any:
    """The words of the order. Raises CommandError for a file that is neither JSON nor cXML."""
    try:
        document = path.read_bytes()
        return read_order(document)["order"] if document.lstrip()[:1] == b"<" else json.loads(document)
    except OSError as error:
        raise CommandError(f"'{path}' cannot be read: {error.strerror}.", returncode=1) from None
    except (CxmlUnreadable, ValueError, RecursionError) as wrong:
        raise CommandError(f"'{path}' holds no order: {wrong}", returncode=1) from None
