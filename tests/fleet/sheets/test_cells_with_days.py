"""Cells that hold a day, and the order of day and month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.cells.dates import DayOrder, day_reader, settled_order
from fleet.sheets.cells.raw import WrongCell
from tests.fleet.sheets.made_files import codes, one_cell, reading_of

FIRST, LAST = date(2009, 1, 1), date(2100, 12, 31)
read_day = day_reader("entry_date")
days = st.dates(FIRST, LAST)
UNAMBIGUOUS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d %B %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%Y年%m月%d日",
)


def two_dates(folder, first, second, **told):
    """What is read of two rows with these entry dates."""
    return reading_of(folder, f"Serial;Model;Site;Entry Date\nA1;S21;P;{first}\nA2;S21;P;{second}\n", **told)


@given(days, st.sampled_from(UNAMBIGUOUS))
def test_a_day_written_in_a_clear_way_is_that_day(day, form):
    assert read_day(day.strftime(form)) == day


@given(days, st.sampled_from(list(DayOrder)), st.sampled_from("/-. "))
def test_a_day_with_numbers_only_is_read_in_the_order_that_is_told(day, order, mark):
    parts = ["%d", "%m", "%Y"] if order is DayOrder.DAY_FIRST else ["%m", "%d", "%Y"]
    assert day_reader("entry_date", order)(day.strftime(mark.join(parts))) == day


@given(days, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_without_an_order_a_day_is_either_right_or_refused(day, form):
    try:
        assert read_day(day.strftime(form)) == day
    except WrongCell as wrong:
        assert wrong.code == "entry_date_ambiguous"
        assert day.isoformat() in str(wrong)


@pytest.mark.parametrize(
    "text", ["2025-06-10T00:00:00Z", "2025-06-10 14:30", "10 Jun 2025 2:30 PM", "June 10th 2025"]
)
def test_a_time_of_day_is_left_off(text):
    assert read_day(text) == date(2025, 6, 10)


@pytest.mark.parametrize(
    "text",
    [
        "31/31/2024",
        "2024-02-30",
        "30 Feb 2024",
        "10-Jun-25",
        "6/10/25",
        "soon",
        "Q3 2025",
        "2025",
        "10 Foo 2025",
        "45000",
    ],
)
def test_what_is_no_day_is_refused_with_an_example_of_one(text):
    with pytest.raises(WrongCell, match="is no date; write it like 2025-06-10"):
        read_day(text)


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_years_outside_of_the_age_of_bitcoin_are_refused(day):
    with pytest.raises(WrongCell, match="between 2009 and 2100") as caught:
        read_day(day)
    assert caught.value.code == "entry_date_out_of_range"


def test_a_slash_date_that_could_be_two_days_is_a_problem_that_names_both(tmp_path):
    problem = one_cell(tmp_path, "Entry Date", "03/04/2025").problems[0]
    assert problem.code == "entry_date_ambiguous"
    assert "2025-03-04 or 2025-04-03" in problem.sentence


def test_a_slash_date_with_equal_day_and_month_is_one_day(tmp_path):
    assert one_cell(tmp_path, "Entry Date", "03/03/2025").rows[0].entry_date == date(2025, 3, 3)


@pytest.mark.parametrize(
    ("other", "day", "order"),
    [("25/04/2025", date(2025, 4, 3), "day_first"), ("04/25/2025", date(2025, 3, 4), "month_first")],
)
def test_another_cell_of_the_column_settles_the_order_and_it_is_told(tmp_path, other, day, order):
    reading = two_dates(tmp_path, "03/04/2025", other)
    assert reading.rows[0].entry_date == day
    assert reading.day_orders == {"Entry Date": order}


def test_a_column_that_proves_both_orders_settles_nothing(tmp_path):
    text = "Serial,Model,Site,Entry Date\nA1,S21,P,25/04/2025\nA2,S21,P,04/25/2025\nA3,S21,P,03/04/2025\n"
    reading = reading_of(tmp_path, text)
    assert codes(reading) == ["entry_date_ambiguous"]
    assert [row.entry_date for row in reading.rows] == [date(2025, 4, 25), date(2025, 4, 25)]


def test_the_order_is_settled_for_each_column_by_itself(tmp_path):
    text = "Serial,Model,Site,Entry Date,Loaded Date\nA1,S21,P,25/04/2025,03/04/2025\n"
    assert codes(reading_of(tmp_path, text)) == ["loaded_date_ambiguous"]


def test_the_order_that_the_sender_tells_settles_it(tmp_path):
    reading = one_cell(tmp_path, "Entry Date", "03/04/2025", day_order="month_first")
    assert reading.rows[0].entry_date == date(2025, 3, 4)


def test_a_day_that_contradicts_the_told_order_is_a_problem(tmp_path):
    reading = one_cell(tmp_path, "Entry Date", "25/04/2025", day_order="month_first")
    assert codes(reading) == ["entry_date_unreadable"]


def test_an_order_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="write day_first or month_first"):
        one_cell(tmp_path, "Entry Date", "", day_order="dmy")


@given(st.lists(days, max_size=8))
def test_a_column_never_settles_on_an_order_that_it_was_not_written_in(column):
    assert settled_order([day.strftime("%d/%m/%Y") for day in column]) is not DayOrder.MONTH_FIRST
