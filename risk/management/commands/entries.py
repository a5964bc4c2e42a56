"""Customs entries: duty and fees computed, and what was paid."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.dashboard.entries_answer import entries_answer, landed_answer
from risk.flows.entries import customs_entries
from risk.flows.landed_cost import landed_rigs
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "The entries of a fleet: their lots, duty and fees as computed, and what the sheets say was paid."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--entry-number", help="only the entry of this number")
        parser.add_argument("--rigs", action="store_true", help="what each rig cost to land, too")
        parser.add_argument("--on", type=a_day, help="entries up to this day (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, edition = operator_named(options["operator"]), edition_numbered(options["edition"])
        number, on = options["entry_number"], options["on"] or timezone.localdate()
        found = customs_entries(operator, on=on, edition=edition, number=number)
        if number and not found:
            raise CommandError(f"{operator} has no entry '{number}' up to {on}.", returncode=1)
        answer = {"operator": operator.slug, "on": on.isoformat(), **entries_answer(found, edition=edition)}
        if options["rigs"]:
            for told, entry in zip(answer["entries"], found, strict=True):
                told["rigs"] = [landed_answer(rig) for rig in landed_rigs(operator, entry)]
        return answer

    def told(self, answer: dict[str, Any]) -> str:
        return "\n".join(_told(entry) for entry in answer["entries"]) or "No entry is on record."


def _told(entry: dict[str, Any]) -> str:
    name = entry["entry_number"] or "without a number"
    amounts = ", ".join(
        f"{words} {entry[field] or 'not known'}"
        for words, field in (("duty", "duty"), ("fees", "total_fees"), ("paid", "duty_paid"))
    )
    said = " ".join(entry["explanation"])
    rigs = "".join(_told_rig(rig) for rig in entry.get("rigs", ()))
    return f"{entry['entry_date']}  {name}: {entry['units']:,} rigs, {amounts} USD. {said}{rigs}"


def _told_rig(rig: dict[str, Any]) -> str:
    name = rig["serial_number"] or rig["mac_address"] or f"{rig['quantity']:,} rigs"
    duty, cost = rig["duty"] or "not known", rig["landed_cost"] or "not known"
    return f"\n    {name}: duty {duty}, landed cost {cost} USD"
