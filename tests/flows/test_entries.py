"""Entries: lots under one number, fees once an entry, and what was paid beside what is computed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.allocation import shared_out
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
MPF_MAXIMUM_2025 = "634.62"  # fiscal year 2025, as risk/policies/us/fees says
DUTY_OF_ONE = {"CN": "2880.00", "MY": "630.00"}  # on 5,000: 57.6 % and 12.6 % on 2025-06-10


@pytest.fixture
def operator():
    return an_operator()


def entries(operator, *arguments):
    return answer_of("entries", "--operator", operator.slug, "--on", "2026-11-22", *arguments)["entries"]


def test_lots_of_one_number_are_one_entry_with_its_fees_once(operator, tmp_path):
    more = {"country_of_origin": "MY", "country_of_assembly": "MY"}
    rows = [*(a_row(n, customs_value="100000") for n in (1, 2)), a_row(3, customs_value="100000", **more)]
    a_fleet(tmp_path, operator, rows)
    (entry,) = entries(operator)
    assert (entry["entry_number"], entry["units"], len(entry["lots"])) == ("ABC-1234567-8", 3, 2)
    assert entry["customs_value"] == "300000.00"
    (mpf,) = entry["fees"]
    assert mpf["amount"] == MPF_MAXIMUM_2025
    assert sorted(lot["fees"] for lot in entry["lots"]) == ["211.54", "423.08"]


def test_without_a_number_an_entry_is_a_purchase_order_a_day_and_an_importer(operator, tmp_path):
    said = {"Purchase Order": "PO-1"}
    rows = [
        {**a_row(1, entry_number=""), **said},
        {**a_row(2, entry_number="", country_of_origin="MY", country_of_assembly="MY"), **said},
        {**a_row(3, entry_number="", entry_date="2025-06-11"), **said},
        {**a_row(4, entry_number=""), "Purchase Order": "PO-2"},
    ]
    a_fleet(tmp_path, operator, rows)
    told = [(entry["entry_date"], entry["purchase_order"], len(entry["lots"])) for entry in entries(operator)]
    assert told == [("2025-06-10", "PO-1", 2), ("2025-06-10", "PO-2", 1), ("2025-06-11", "PO-1", 1)]


def test_what_was_paid_stands_beside_what_is_computed(operator, tmp_path):
    rows = [
        {**a_row(1, entry_number="A"), "Duty Paid": DUTY_OF_ONE["CN"]},
        {**a_row(2, entry_number="B"), "Duty Paid": "1630.00"},
        {**a_row(3, entry_number="C"), "Duty Paid": ""},
        {**a_row(4, entry_number="D"), "Duty Paid": "2912.71"},
        {**a_row(5, entry_number="E"), "Duty Paid": "4130.00"},
    ]
    a_fleet(tmp_path, operator, rows)
    told = {entry["entry_number"]: " ".join(entry["explanation"]) for entry in entries(operator)}
    assert told["A"] == "What was paid is the duty that is computed."
    assert told["B"].startswith("Paid is 1250.00 USD less than the duty that is computed (2880.00 USD).")
    assert "exactly the duty under US-301-CN-L2, which may not have been paid" in told["B"]
    assert told["C"] == "For 1 of 1 rigs no duty paid is on record."
    assert "exactly the fees of the entry" in told["D"]
    assert "exactly the duty under US-301-CN-L2, which may have been paid twice" in told["E"]


def test_rigs_without_duty_paid_are_left_out_of_what_is_compared(operator, tmp_path):
    rows = [
        {**a_row(1, customs_value="1000"), "Duty Paid": "576.00"},
        {**a_row(2, customs_value="9000"), "Duty Paid": ""},
        {**a_row(3, entry_number="B", customs_value="1000"), "Duty Paid": "500.00"},
        {**a_row(4, entry_number="B", customs_value=""), "Duty Paid": ""},
    ]
    a_fleet(tmp_path, operator, rows)
    first, second = (" ".join(entry["explanation"]) for entry in entries(operator))
    assert "For 1 of 2 rigs no duty paid is on record." in first
    assert "What was paid is the duty that is computed on the other 1." in first
    assert "The duty is not known" in second


@pytest.mark.parametrize(
    ("mode", "loaded", "paid", "sentence"),
    [
        ("", "2025-04-04", "130.00", "a mode of transport or a loading day that is not on record"),
        ("vessel", "2025-04-04", "630.00", "without relief in transit"),
    ],
)
def test_duty_paid_as_relief_in_transit_would_have_it_is_told(
    operator, tmp_path, mode, loaded, paid, sentence
):
    """On 5,000 entered on 2025-04-20: 630.00, and 130.00 when loaded onto a vessel before 2025-04-05."""
    origin = {"country_of_origin": "MY", "country_of_assembly": "MY", "entry_date": "2025-04-20"}
    row = a_row(1, customs_value="5000", transport_mode=mode, loaded_date=loaded, **origin)
    a_fleet(tmp_path, operator, [{**row, "Duty Paid": paid}])
    (entry,) = entries(operator)
    assert sentence in " ".join(entry["explanation"])


def test_each_rig_has_its_part_of_duty_and_fees_to_the_cent(operator, tmp_path):
    rows = [a_row(n, customs_value=value) for n, value in enumerate(("3333.33", "1234.56", "0.07"), start=1)]
    a_fleet(tmp_path, operator, rows)
    (entry,) = entries(operator, "--entry-number", "ABC-1234567-8", "--rigs")
    for column, whole in (("duty", entry["duty"]), ("fees", entry["total_fees"])):
        assert sum(Decimal(rig[column]) for rig in entry["rigs"]) == Decimal(whole)
    cost = sum(Decimal(rig["landed_cost"]) for rig in entry["rigs"])
    assert cost == sum(map(Decimal, (entry["customs_value"], entry["duty"], entry["total_fees"])))
    assert [rig["serial_number"] for rig in entry["rigs"]] == [row["Serial Number"] for row in rows]


def test_an_entry_with_a_missing_value_has_no_duty_rather_than_a_small_one(operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, customs_value="", hts_code="8543.70.9860")])
    (entry,) = entries(operator)
    assert (entry["customs_value"], entry["duty"], entry["fees"]) == (None, None, None)
    assert "The duty is not known" in " ".join(entry["explanation"])


def test_an_entry_into_a_country_without_law_on_record_costs_nobody_knows_what(operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1, import_country="PY")])
    (entry,) = entries(operator)
    assert (entry["customs_value"], entry["duty"], entry["fees"]) == ("5000.00", None, None)
    assert entry["lots"][0]["lines"] is None


def test_a_number_under_two_days_is_told(operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, entry_date="2025-06-12")])
    first, second = entries(operator, "--entry-number", "ABC-1234567-8")
    for entry in (first, second):
        assert "stands under another entry date too" in " ".join(entry["explanation"])


def test_what_is_to_come_is_no_entry_yet(operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1, entry_date="2026-12-24")])
    assert entries(operator) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=40))
def test_shares_add_up_and_none_is_a_cent_from_its_exact_one(cents, weights):
    shares = shared_out(cents, weights)
    whole = sum(weights) or len(weights)
    exact = weights if sum(weights) else [1] * len(weights)
    assert sum(shares) == cents
    assert all(
        abs(share * whole - cents * weight) < whole for share, weight in zip(shares, exact, strict=True)
    )
