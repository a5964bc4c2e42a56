"""Duty under the shipped law, line by line to the cent: the reference's worked examples, and our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from risk.engine.duty import fees_on_goods, rates_on
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from tests.facts import an_entry, cases_in, entry_told, shipped_book
from tests.reference import day_of, the_reference

OUR_OWN = cases_in(Path(__file__).with_name("cases") / "duty.yaml")


@pytest.mark.parametrize("case", OUR_OWN, ids=lambda case: case["case"])
def test_a_worked_case_comes_out_to_the_cent(case):
    entry, value = entry_told(case["entry"]), Money.parse(case["customs_value"])
    answer = rates_on(entry, shipped_book())
    duty = answer.on(value)
    assert [(line.measure, str(line.duty)) for line in duty.lines] == list(case["lines"].items())
    assert answer.total_rate.percent == case["total_rate_percent"]
    assert str(duty.total) == case["total_duty"]
    assert str(duty.refundable) == case["refundable_duty"]
    assert list(fees_of(entry, value).items()) == list(case["fees"].items())


def test_the_worked_examples_of_the_reference_come_out_to_the_cent():
    examples = the_reference("worked_examples.json")
    assert len(examples) >= 10
    assert [as_worked(example) for example in examples] == [as_told(example) for example in examples]


def as_worked(example: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of an example."""
    entry = an_entry(
        day=day_of(example["entry_date"]),
        hts_code=HtsCode.parse(example["hts"]),
        country_of_origin=CountryCode(example["origin"]),
        transport_mode=TransportMode(example["mode"]),
        loaded_date=day_of(example.get("loaded_date")),
    )
    value = Money.parse(str(example["customs_value_usd"]))
    answer = rates_on(entry, shipped_book())
    return {
        "example": example["id"],
        "lines": [(line.measure, line.rate.percent, str(line.duty)) for line in answer.on(value).lines],
        "rate": answer.total_rate.percent,
        "duty": str(answer.on(value).total),
        "fees": list(fees_of(entry, value).values()),
    }


def as_told(example: dict[str, Any]) -> dict[str, Any]:
    """What the reference says; a line that it shows as exempt is no line here, but the base is always one."""
    told = [line for number, line in enumerate(example["lines"]) if number == 0 or line["duty_usd"]]
    fees = [example["fees_separate"][fee] for fee in ("mpf_usd", "hmf_usd")]
    return {
        "example": example["id"],
        "lines": [(line["measure"], f"{line['rate_percent']:g}", f"{line['duty_usd']:.2f}") for line in told],
        "rate": f"{example['total_duty_rate_percent']:g}",
        "duty": f"{example['total_duty_usd']:.2f}",
        "fees": [f"{fee:.2f}" for fee in fees if fee],
    }


def fees_of(entry, value):
    return {fee.measure: str(fee.amount) for fee in fees_on_goods([(entry, value)], shipped_book())}
