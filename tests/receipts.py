"""Purchase orders and what comes of them, for tests: real sheets, real commands."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Sum

from fleet.models import Operator, Rig
from tests.commands import answer_of
from tests.console.visitors import a_fleet
from tests.sheets import a_csv, a_row

ORDERED = {
    "serial_number": "",
    "status": "on order",
    "site": "",
    "entry_date": "",
    "entry_number": "",
    "transport_mode": "",
    "expected_entry_date": "2025-05-01",
}
CAME = {
    "--purchase-order": "PO-1",
    "--entry-number": "ABC-1234567-8",
    "--entry-date": "2025-06-10",
    "--mode": "air",
    "--site": "Rockdale",
}


def an_order(number: str = "PO-1", quantity: int = 500, **said: object) -> dict[str, object]:
    """A row of a fleet sheet: rigs on order under a purchase order, so many alike."""
    return {**a_row(quantity=str(quantity), **{**ORDERED, **said}), "Purchase Order": number}


def ordered(folder: Path, operator: Operator, *rows: dict[str, object]) -> None:
    """The rows on record."""
    assert a_fleet(folder, operator, rows or [an_order()])["state"] == "applied"


def a_manifest(folder: Path, *serials: str, name: str = "manifest.csv", **columns: object) -> Path:
    """A line a serial number; other columns are the same in every line."""
    return a_csv(folder, [{"Serial Number": serial, **columns} for serial in serials], name=name)


def serials(first: int, last: int) -> list[str]:
    """Serial numbers as a maker gives them."""
    return [f"NGSBYAHBCJABH{number:04d}" for number in range(first, last + 1)]


def received(operator: Operator, *arguments: object, **said: str) -> Any:
    """The answer of the command; keyword arguments say other facts of the entry."""
    return answer_of("receive", *_call(operator, arguments, said))


def refused(operator: Operator, *arguments: object, **said: str) -> dict[str, str]:
    """The codes and sentences of a receipt that is refused."""
    answer = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("receive", *_call(operator, arguments, said), "--json", stdout=answer)
    assert refusal.value.returncode == 1
    return {each["code"]: each["sentence"] for each in json.loads(answer.getvalue())["problems"]}


def units_of(operator: Operator, **narrowed: object) -> int:
    """How many machines there are."""
    return Rig.objects.of(operator).filter(**narrowed).aggregate(units=Sum("quantity"))["units"] or 0


def cents_of(operator: Operator) -> int:
    """The customs value of all machines."""
    value = Sum(F("customs_value_cents") * F("quantity"))
    return Rig.objects.of(operator).aggregate(cents=value)["cents"]


def _call(operator: Operator, arguments: tuple[object, ...], said: dict[str, str]) -> list[str]:
    facts = CAME | {f"--{name.replace('_', '-')}": value for name, value in said.items()}
    named = [each for pair in facts.items() for each in pair if pair[1]]
    return ["--operator", operator.slug, *named, *map(str, arguments)]
