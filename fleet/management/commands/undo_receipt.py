"""A receipt taken back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand
from fleet.models import Receipt
from fleet.services import take_back_receipt
from risk.flows.assess_lots import assess_owed_lots


class Command(AnsweringCommand):
    help = "Put what a receipt received on order again; what was changed since stays and is named."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("receipt", type=int, metavar="ID", help="number of the receipt")

    def answer(self, **options: Any) -> dict[str, Any]:
        receipt = Receipt.objects.filter(pk=options["receipt"]).first()
        if receipt is None:
            raise CommandError(f"There is no receipt {options['receipt']}.", returncode=1)
        report = take_back_receipt(receipt=receipt, at=timezone.now())
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        return report

    def told(self, answer: dict[str, Any]) -> str:
        kept = [f"{each['serial_number']} stays: changed by {each['changed_by']}" for each in answer["kept"]]
        return "\n".join([f"{answer['reverted']} rigs are on order again.", *kept])
