"""The clocks of a customs entry: the worked example of the law, and the days around each end."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from risk.engine.clocks import ClockStage, EntryClocks

ENTRY = date(2024, 5, 15)
CLOCKS = EntryClocks.of(ENTRY)


def test_an_entry_is_taken_as_liquidated_after_314_days():
    assert CLOCKS.liquidated == date(2025, 3, 25)


def test_a_liquidation_on_record_comes_before_the_estimate():
    assert EntryClocks.of(ENTRY, date(2025, 5, 27)).stage_on(date(2025, 11, 23)) is ClockStage.PROTEST_OPEN
    assert EntryClocks.of(ENTRY, date(2025, 5, 27)).stage_on(date(2025, 11, 24)) is ClockStage.PENALTY_ONLY


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2025, 3, 25), ClockStage.UNLIQUIDATED),
        (date(2025, 3, 26), ClockStage.RELIQUIDATION_OPEN),
        (date(2025, 6, 23), ClockStage.RELIQUIDATION_OPEN),
        (date(2025, 6, 24), ClockStage.PROTEST_OPEN),
        (date(2025, 9, 21), ClockStage.PROTEST_OPEN),
        (date(2025, 9, 22), ClockStage.PENALTY_ONLY),
        (date(2029, 5, 15), ClockStage.PENALTY_ONLY),
        (date(2029, 5, 16), ClockStage.CLOSED),
    ],
)
def test_each_stage_ends_on_its_last_day(day, stage):
    assert CLOCKS.stage_on(day) is stage


def test_the_stage_changes_on_the_days_that_the_clocks_name_and_on_no_other():
    days = [ENTRY + timedelta(n) for n in range(2200)]
    changed = [b for a, b in pairwise(days) if CLOCKS.stage_on(a) != CLOCKS.stage_on(b)]
    assert changed == list(CLOCKS.change_days())


def test_five_years_from_a_leap_day_end_on_the_first_of_march():
    assert EntryClocks.of(date(2024, 2, 29)).penalty_through == date(2029, 3, 1)
