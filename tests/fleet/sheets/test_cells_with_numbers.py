"""Cells that hold amounts, counts, percentages, hashrates and power."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.cells.amounts import amount_reader
from fleet.sheets.cells.numbers import quantity
from fleet.sheets.cells.ratings import HASHRATE, rating_reader
from risk.engine.terms.money import Money
from tests.fleet.sheets.made_files import codes, one_cell, reading_of, warned

cents = st.integers(0, 100_000_000)
read_amount = amount_reader("customs_value")


@given(cents, st.sampled_from(["{}", "{:,}", "${:,}", "US$ {:,}", "{:,} USD", "usd {}", " {} "]))
def test_an_amount_written_in_a_usual_way_is_that_amount_to_the_cent(amount, form):
    money = Money.of_cents(amount)
    assert read_amount(form.format(money.amount)) == money


@given(cents)
def test_an_amount_in_a_number_cell_is_that_amount_to_the_cent(amount):
    assert read_amount(amount / 100) == Money.of_cents(amount)


@given(st.integers(1, 100_000), st.sampled_from(["{}", "{:,}", "{}.0"]))
def test_a_quantity_is_read_as_it_is_written(units, form):
    assert quantity(form.format(units)) == quantity(units) == quantity(float(units)) == units


@given(st.integers(1, 5_000_000))
def test_a_hashrate_is_the_same_in_every_unit(ghs):
    in_units = {"ghs": Decimal(ghs), "ths": Decimal(ghs) / 1000, "mhs": Decimal(ghs) * 1000}
    for unit, number in in_units.items():
        assert rating_reader(HASHRATE, unit)(f"{number:f}") == ghs
        assert rating_reader(HASHRATE)(f"{number:f} {unit[0].upper()}H/s") == ghs


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Customs Value", "-5", "value_negative"),
        ("Customs Value", "(5.00)", "value_negative"),
        ("Customs Value", "cheap", "customs_value_unreadable"),
        ("Customs Value", "1,00,000", "customs_value_unreadable"),
        ("Customs Value", "3.900", "customs_value_ambiguous"),
        ("Customs Value", "1500000", "customs_value_out_of_range"),
        ("Customs Value", "€3,900", "currency_not_usd"),
        ("Customs Value", "3900 CNY", "currency_not_usd"),
        ("Unit Value (EUR)", "3900", "currency_not_usd"),
        ("Currency", "EUR", "currency_not_usd"),
        ("Duty Paid", "-1", "value_negative"),
        ("US Content %", "101", "us_content_percent_out_of_range"),
        ("US Content %", "-1%", "us_content_percent_out_of_range"),
        ("US Content %", "0.25", "us_content_percent_ambiguous"),
        ("US Content %", "half", "us_content_percent_unreadable"),
        ("Hashrate", "-1", "value_negative"),
        ("Hashrate", "98117", "hashrate_ths_implausible"),
        ("Hashrate", "fast", "hashrate_ths_unreadable"),
        ("Hashrate (GH/s)", "104 TH/s", "hashrate_ths_unreadable"),
        ("Hashrate", "104 Sol/s", "hashrate_ths_unreadable"),
        ("Power (kW)", "3250", "power_w_implausible"),
    ],
)
def test_a_number_that_cannot_be_taken_is_a_problem(tmp_path, heading, cell, code):
    reading = one_cell(tmp_path, heading, cell)
    assert codes(reading) == [code]
    assert reading.problems[0].column == heading
    assert reading.problems[0].value == cell


@pytest.mark.parametrize("units", ["0", "-1", "100001", "1.5", "many"])
def test_a_quantity_is_a_whole_number_from_1_to_100_000(tmp_path, units):
    reading = reading_of(tmp_path, f"Quantity,Model,Site\n{units},S21,Pecos\n")
    assert codes(reading) in (["quantity_out_of_range"], ["quantity_unreadable"])


@pytest.mark.parametrize(
    ("heading", "cell", "ghs"),
    [
        ("Hashrate (TH/s)", "104", 104_000),
        ("Hashrate （TH/s）", "104", 104_000),
        ("hashrateMhs", "104000000", 104_000),
        ("Hash Rate GH/s", "98117.0", 98_117),
        ("Rated_TH", "208", 208_000),
        ("Hashrate", "104T", 104_000),
        ("Hash Rate", "98,117.5 GH/s", 98_118),
        ("Hashrate", "0.0095", 10),
        ("算力", "1.16 PH/s", 1_160_000),
    ],
)
def test_hashrates_are_kept_in_whole_gigahashes(tmp_path, heading, cell, ghs):
    assert one_cell(tmp_path, heading, cell).rows[0].hashrate_ghs == ghs


@pytest.mark.parametrize(
    ("heading", "cell", "watts"),
    [
        ("Power (kW)", "3.25", 3250),
        ("Power_W", "3068", 3068),
        ("Watts", "3068.4", 3068),
        ("Power", "3.25 kW", 3250),
    ],
)
def test_power_is_kept_in_whole_watts(tmp_path, heading, cell, watts):
    assert one_cell(tmp_path, heading, cell).rows[0].power_w == watts


def test_a_machine_that_stands_still_has_no_hashrate_rather_than_none_at_all(tmp_path):
    reading = one_cell(tmp_path, "Hashrate", "0")
    assert reading.rows[0].hashrate_ghs is None
    assert warned(reading) == ["hashrate_ths_zero"]


def test_an_amount_finer_than_a_cent_is_rounded_with_a_warning(tmp_path):
    reading = one_cell(tmp_path, "Customs Value", "3333.3350")
    assert reading.rows[0].customs_value == Money(Decimal("3333.34"))
    assert warned(reading) == ["customs_value_rounded"]


@pytest.mark.parametrize(("cell", "value"), [("17,6", "17.60"), ("3.900,00", "3900.00"), ("1 250,5 €", None)])
def test_a_decimal_comma_that_cannot_be_anything_else_is_read_and_told(tmp_path, cell, value):
    reading = one_cell(tmp_path, "Customs Value", cell)
    assert reading.decimal_marks == {"Customs Value": "comma"}
    assert [str(row.customs_value) for row in reading.rows] == ([value] if value else [])


def test_a_column_with_both_decimal_marks_settles_on_none(tmp_path):
    text = "Serial;Model;Site;Value\nA1;S21;P;17,6\nA2;S21;P;17.6\nA3;S21;P;1,234,567.00\n"
    reading = reading_of(tmp_path, text)
    assert codes(reading) == ["decimal_comma", "customs_value_out_of_range"]
    assert not reading.decimal_marks


def test_a_comma_is_doubted_where_others_of_its_column_have_decimal_commas(tmp_path):
    text = "Serial;Model;Site;Value\nA1;S21;P;3,900\nA2;S21;P;17,6\nA3;S21;P;3.900\n"
    reading = reading_of(tmp_path, text)
    assert codes(reading) == ["decimal_comma"]
    assert [str(row.customs_value) for row in reading.rows] == ["17.60", "3900.00"]


@pytest.mark.parametrize(
    ("mark", "cell", "value"),
    [
        ("comma", "3,900", "3.90"),
        ("point", "3,900", "3900.00"),
        ("comma", "3.900", "3900.00"),
        ("point", "3.900", "3.90"),
    ],
)
def test_the_decimal_mark_that_the_sender_tells_settles_every_cell(tmp_path, mark, cell, value):
    reading = reading_of(tmp_path, f"Serial;Model;Site;Value\nA1;S21;P;{cell}\n", decimal_mark=mark)
    assert str(reading.rows[0].customs_value) == value


def test_a_number_with_the_other_mark_than_the_one_that_is_told_is_a_problem(tmp_path):
    text = "Serial;Model;Site;Value\nA1;S21;P;17.65\n"
    assert codes(reading_of(tmp_path, text, decimal_mark="comma")) == ["decimal_point"]


def test_a_decimal_mark_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="write point or comma"):
        one_cell(tmp_path, "Customs Value", "", decimal_mark="dot")


def test_thousands_with_a_point_are_no_decimals_where_those_would_be_absurd(tmp_path):
    text = "Serial;Model;Site;Power (W)\nA1;S21 200T;Pecos;2.760\nA2;S21 200T;Pecos;3500\n"
    assert [row.power_w for row in reading_of(tmp_path, text).rows] == [2760, 3500]
    assert [
        row.power_w for row in reading_of(tmp_path, text.replace("(W)", "(kW)").replace("3500", "3.5")).rows
    ] == [*(2760, 3500)]


def test_a_quantity_of_thousands_with_a_point_is_asked_about(tmp_path):
    text = "Model;Site;Quantity\nS21 200T;Pecos;1.000\n"
    assert codes(reading_of(tmp_path, text)) == ["quantity_ambiguous"]
    assert reading_of(tmp_path, text, decimal_mark="comma").rows[0].quantity == 1000
    assert reading_of(tmp_path, text.replace("1.000", "1.00")).rows[0].quantity == 1
