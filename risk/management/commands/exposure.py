"""The exposed share of an operator's fleet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.api.answers import exposure_answer
from risk.dashboard import headline
from risk.flows.share_on import share_on
from risk.management.editions import edition_numbered
from risk.selectors import GROUPINGS, FleetExposure, exposed_share


class Command(AnsweringCommand):
    help = "How much of a fleet is exposed: tariff, sanction, watch; by units, hashrate, power and value."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--on", type=a_day, help="the day asked about (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )
        parser.add_argument("--by", choices=list(GROUPINGS), help="group the shares")

    def answer(self, **options: Any) -> dict[str, Any]:
        self.exposure = self._exposure(**options)
        return exposure_answer(self.exposure)

    def told(self, answer: dict[str, Any]) -> str:
        bar = [
            f"{name:>9}  {_percent(part['share_of_hashrate'])}  {part['units']:>9,} units"
            for name, part in answer["bar"].items()
        ]
        amounts = [
            f"{name:>9}  {answer['duty'][name]:>16} USD" for name in ("to_come", "contingent", "refundable")
        ]
        return "\n".join([headline(self.exposure), *bar, *amounts])

    def _exposure(self, **options: Any) -> FleetExposure:
        operator, today = operator_named(options["operator"]), timezone.localdate()
        if options["on"] in (None, today) and options["edition"] is None:
            return exposed_share(operator, on=today, by=options["by"])
        edition = edition_numbered(options["edition"])
        return share_on(operator, on=options["on"] or today, edition=edition, today=today, by=options["by"])


def _percent(share: str | None) -> str:
    return "      –" if share is None else f"{float(share) * 100:>5.1f} %"
