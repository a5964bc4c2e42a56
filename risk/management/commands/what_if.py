"""What a supposed change of law, lists, origins or rigs would make of a fleet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day, operator_named
from risk.api.answers import what_if_answer
from risk.flows.what_if import what_if
from risk.management.editions import edition_numbered
from risk.scenarios import Scenario, ScenarioRefused, read_scenario, scenario_text

LOTS_TOLD = 10


class Command(AnsweringCommand):
    help = "The exposed share before and after a supposed change (docs/what-if.md); nothing is recorded."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument(
            "--change", required=True, type=Path, metavar="FILE.yaml", help="what is supposed"
        )
        parser.add_argument("--on", type=a_day, help="the day asked about (default: today)")
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator, edition = operator_named(options["operator"]), edition_numbered(options["edition"])
        try:
            scenario = _scenario(options["change"])
            today = timezone.localdate()
            on = options["on"] or today
            supposed = what_if(operator, scenario, edition=edition, on=on, today=today)
        except ScenarioRefused as refusal:
            raise CommandError("\n".join(refusal.complaints), returncode=1) from None
        return what_if_answer(supposed)

    def told(self, answer: dict[str, Any]) -> str:
        lines = [f"{'':22}{'before':>14}{'after':>14}"]
        for kind in ("any", "tariff", "sanction", "contingent"):
            lines.append(
                _line(f"exposed, {kind}", *(_percent(answer[side]["exposed"][kind]) for side in SIDES))
            )
        for amount in ("to_come", "contingent", "refundable", "replacement"):
            lines.append(_line(f"{amount}, USD", *(answer[side]["duty"][amount] for side in SIDES)))
        lines.append(f"{answer['lots_moved']:,} lots differ.")
        return "\n".join([*lines, *(_moved(lot) for lot in answer["moved"][:LOTS_TOLD])])


SIDES = ("before", "after")


def _scenario(path: Path) -> Scenario:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioRefused([f"'{path}' cannot be read: {error}."]) from None
    return read_scenario(scenario_text(text))


def _line(name: str, before: str, after: str) -> str:
    return f"{name:<22}{before:>14}{after:>14}"


def _percent(shares: dict[str, Any]) -> str:
    share = shares["share_of_hashrate"]
    return "–" if share is None else f"{float(share) * 100:.1f} %"


def _moved(lot: dict[str, Any]) -> str:
    name = f"lot {lot['lot']}" if lot["lot"] else "a new lot"
    rigs = f"{lot['units_before']:,} → {lot['units_after']:,} rigs"
    return (
        f"  {name}: {lot['maker']} {lot['model']}, {rigs}, {' → '.join(_rate(lot[side]) for side in SIDES)}"
    )


def _rate(side: dict[str, Any] | None) -> str:
    return "–" if side is None else f"{side['additional_rate_percent'] or '?'} %"
