"""What an answer means, how the gaps grow, and when an endpoint is switched off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from risk.outward import Verdict, gap_after, is_to_be_switched_off, verdict_on, wait_for
from risk.outward.retries import (
    GAPS,
    LONGEST_ASKED,
    LONGEST_HOLD,
    SWITCHED_OFF_AFTER,
    TRIED_FOR,
    hold_after,
)

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
jitters = some.floats(0, 1)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (299, Verdict.TAKEN),
        (410, Verdict.GONE),
        (None, Verdict.OVERLOADED),
        (429, Verdict.OVERLOADED),
        (502, Verdict.OVERLOADED),
        (503, Verdict.OVERLOADED),
        (504, Verdict.OVERLOADED),
        (101, Verdict.REFUSED),
        (302, Verdict.REFUSED),
        (400, Verdict.REFUSED),
        (404, Verdict.REFUSED),
        (500, Verdict.REFUSED),
    ],
)
def test_what_a_status_means(status, verdict):
    assert verdict_on(status) is verdict


NO_TIME = timedelta(0)


@given(some.lists(jitters, min_size=len(GAPS), max_size=len(GAPS)))
def test_gaps_grow_whatever_the_jitter(drawn):
    gaps = [
        gap_after(number, tried_for=NO_TIME, jitter=jitter) for number, jitter in enumerate(drawn, start=1)
    ]
    assert gaps == sorted(gaps)
    assert len(set(gaps)) == len(gaps)


@given(some.lists(jitters, min_size=20, max_size=20))
def test_a_message_is_tried_ten_times_over_three_days(drawn):
    tried_for, attempts = NO_TIME, 1
    while gap := gap_after(attempts, tried_for=tried_for, jitter=drawn[attempts]):
        tried_for, attempts = tried_for + gap, attempts + 1
    assert attempts == 10
    assert TRIED_FOR <= tried_for <= timedelta(days=4)


def test_attempts_that_came_more_often_go_on_for_three_days_all_the_same():
    assert gap_after(500, tried_for=TRIED_FOR - timedelta(seconds=1), jitter=0) == GAPS[-1]
    assert gap_after(3, tried_for=TRIED_FOR, jitter=0) is None


def test_before_the_first_attempt_there_is_no_gap():
    with pytest.raises(ValueError, match="follows an attempt"):
        gap_after(0, tried_for=NO_TIME, jitter=0)


@given(some.integers(1, 99), jitters, some.timedeltas(NO_TIME, timedelta(days=9999)))
def test_what_a_receiver_asks_for_makes_a_gap_longer_but_not_without_end(attempts, jitter, asked):
    usual = gap_after(attempts, tried_for=NO_TIME, jitter=jitter)
    longer = gap_after(attempts, tried_for=NO_TIME, jitter=jitter, asked=asked)
    assert longer == max(usual, min(asked, LONGEST_ASKED))


@given(some.integers(0, 10**6), jitters)
def test_an_endpoint_is_held_for_minutes_and_longer_only_where_it_asks(failures, jitter):
    assert timedelta(seconds=5) <= hold_after(failures, jitter=jitter) <= LONGEST_HOLD
    hour = timedelta(hours=1)
    assert hold_after(failures, jitter=jitter, asked=hour) == hour


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), timedelta(0)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 400, timedelta(seconds=10**9)),
        ("Fri, 99 Nov 2026 00:00:00 GMT", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2026 00:00:00 +9999999999999999999", None),
        ("Mon, 01 Jan 2026 00:00:00 -0000", None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(header, wait):
    assert wait_for(header, now=NOW) == wait


def test_an_endpoint_is_switched_off_after_three_days_without_one_message_taken():
    assert not is_to_be_switched_off(failing_since=None, now=NOW)
    last = NOW + SWITCHED_OFF_AFTER
    assert not is_to_be_switched_off(failing_since=NOW, now=last - timedelta(seconds=1))
    assert is_to_be_switched_off(failing_since=NOW, now=last)
