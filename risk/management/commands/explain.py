"""Why one lot is exposed, or not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand, operator_named
from fleet.models import Lot, Operator, Rig
from risk.api.answers import explanation_answer
from risk.models import Exposure


class Command(AnsweringCommand):
    help = "One lot's facts, duty lines, sanction findings and doubt, in the words of the reasons."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--serial", help="serial number of a rig")
        which.add_argument("--lot", type=int, help="number of a lot")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = operator_named(options["operator"])
        lot_id = self._lot_id(operator, options["serial"], options["lot"])
        rows = Exposure.objects.current().select_related("edition", "explanation")
        finding = rows.filter(lot_id=lot_id).first()
        if finding is None:
            raise CommandError(f"Lot {lot_id} is not assessed yet; run `manage.py assess`.", returncode=1)
        return explanation_answer(finding)

    def told(self, answer: dict[str, Any]) -> str:
        lines = [
            f"Lot {answer['lot']}: {answer['facts']['maker']} {answer['facts']['model']}, {answer['stage']}"
        ]
        for question in answer["questions"]:
            lines.append(
                f"{question['question']} on {question['day']} from {question['origin'] or 'unknown origin'}:"
            )
            lines += [
                f"  {line['rate_percent']:>7} %  {line['duty'] or '–':>14}  {line['measure']}  {line['title']}"
                for line in question["lines"]
            ]
        reasons = answer["sanction"]["reasons"] + answer["doubts"] + answer["findings"]
        return "\n".join([*lines, *(reason["sentence"] for reason in reasons)])

    def _lot_id(self, operator: Operator, serial: str | None, lot: int | None) -> int:
        if lot is not None:
            found = Lot.objects.of(operator).filter(pk=lot).values_list("pk", flat=True).first()
            wanted = f"lot {lot}"
        else:
            found = (
                Rig.objects.of(operator).filter(serial_number=serial).values_list("lot_id", flat=True).first()
            )
            wanted = f"rig with the serial number '{serial}'"
        if found is None:
            raise CommandError(f"{operator} has no {wanted}.", returncode=1)
        return found
