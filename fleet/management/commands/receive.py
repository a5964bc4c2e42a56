"""Goods received against a purchase order: what is on order becomes entered, and is assessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.api.receipt_answers import receipt_check_answer, receipt_written, row_problems
from fleet.flows.receive_goods import RECEIVABLE
from fleet.management.answers import AnsweringCommand, a_day, operator_named, read_as
from fleet.models import Operator
from fleet.services import ReceiptWrong, check_receipt, discard_receipt, receive_goods
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.rigs import RigStatus, TransportMode
from risk.flows.assess_lots import assess_owed_lots


def _units(text: str) -> tuple[str, int]:
    named, equals, count = text.rpartition("=")
    if not (equals and named.strip() and count.strip().isdecimal()):
        raise ValueError(f"'{text}' says no units; write MODEL=N, like 'Antminer S21=200', or 'lot 12=200'.")
    return named.strip(), int(count)


class Command(AnsweringCommand):
    help = "Receive goods against a purchase order, by a manifest or by units; a part of a lot splits it."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--purchase-order", required=True, metavar="NUMBER")
        parser.add_argument("--entry-date", type=a_day, required=True, metavar="DAY")
        parser.add_argument("--entry-number", default="", metavar="NUMBER")
        parser.add_argument("--mode", choices=[str(mode) for mode in TransportMode], default="")
        parser.add_argument("--loaded-date", type=a_day, metavar="DAY")
        parser.add_argument("--import-country", type=read_as(CountryCode.parse), metavar="CC")
        parser.add_argument("--importer", default="", help="the importer of record")
        parser.add_argument("--site", default="", help="where the rigs arrived")
        parser.add_argument(
            "--status", choices=[str(each) for each in RECEIVABLE], default=RigStatus.STORED.value
        )
        came = parser.add_mutually_exclusive_group(required=True)
        came.add_argument("--manifest", type=Path, metavar="FILE", help="one line a rig: serial number, MAC")
        came.add_argument("--units", type=read_as(_units), action="append", default=[], metavar="MODEL=N")
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="of the manifest, where it has several"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = operator_named(options["operator"])
        try:
            if options["manifest"] is None:
                return self._received(operator, options, units=options["units"])
            with options["manifest"].open("rb") as stream:
                return self._received(
                    operator, options, file=File(stream), file_name=options["manifest"].name
                )
        except OSError as wrong:
            why = f"{options['manifest']} cannot be read: {wrong.strerror}."
            raise CommandError(why, returncode=1) from None
        except ReceiptWrong as refusal:
            self.refusal = " ".join(refusal.messages)
            return {"state": "refused", "problems": row_problems(refusal.problems)}

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; a refused receipt is answered with all that is wrong, and then ends with status 1."""
        self.refusal = ""
        super().handle(*args, **options)
        if self.refusal:
            raise CommandError(self.refusal, returncode=1)

    def told(self, answer: dict[str, Any]) -> str:
        if answer["state"] == "refused":
            sentences = [_where(each) + each["sentence"] for each in answer["problems"]]
            return "\n".join(["refused, nothing was written", *(sentences if len(sentences) > 1 else [])])
        if answer.get("same_as"):
            return f"The same was received by receipt {answer['same_as']}; nothing was written."
        words = "would be received" if answer["state"] == "checked" else "received"
        lots = [f"{each['units']} of {each['model']}: {_lot(each['lot'])}" for each in answer["received"]]
        notices = [_where(each) + each["sentence"] for each in answer["notices"]]
        left = f"{answer['units_left']} stay on order"
        return "\n".join([f"{answer['units']} rigs {words}, {left}", *lots, *notices])

    def _received(self, operator: Operator, options: dict[str, Any], **came: Any) -> dict[str, Any]:
        now, today = timezone.now(), timezone.localdate()
        said = {"operator": operator, "today": today, "at": now, **_said(options), **came}
        if options["dry_run"]:
            receipt, decided = check_receipt(**said)
            answer = receipt_check_answer(receipt, decided, on=today)
            discard_receipt(receipt=receipt)
            return answer
        receipt, decided = receive_goods(**said)
        assess_owed_lots(assessed_on=today, clock=timezone.now)
        return receipt_written(receipt, decided)


def _lot(number: int | None) -> str:
    return f"lot {number}" if number else "a new lot"


def _where(problem: dict[str, Any]) -> str:
    return f"row {problem['row']}: " if problem["row"] else ""


def _said(options: dict[str, Any]) -> dict[str, Any]:
    names = (
        "purchase_order",
        "entry_date",
        "entry_number",
        "loaded_date",
        "import_country",
        "site",
        "status",
        "sheet",
    )
    said = {name: options[name] for name in names}
    said["import_country"] = said["import_country"] or ""
    return {**said, "transport_mode": options["mode"], "importer_of_record": options["importer"]}
