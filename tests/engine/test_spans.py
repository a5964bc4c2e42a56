"""The algebra of spans: both days counted, no end known or one, and never an empty one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.terms.spans import DateSpan

FIRST = date(2025, 1, 1)
# A month in which every arrangement of two spans occurs, and days around it to look at.
DAYS = [FIRST + timedelta(days=number) for number in range(-2, 34)]


@st.composite
def spans(draw):
    """Short spans within one month; some without an end."""
    first = draw(st.integers(0, 30))
    length = draw(st.none() | st.integers(0, 30))
    begin = FIRST + timedelta(days=first)
    return DateSpan(begin, None if length is None else min(begin + timedelta(days=length), DAYS[-1]))


def days_of(span):
    return {day for day in DAYS if day in span}


@given(spans(), spans())
def test_overlapping_means_sharing_a_day(a, b):
    assert a.overlaps(b) == bool(days_of(a) & days_of(b))


@given(spans(), spans())
def test_the_intersection_holds_the_days_that_both_hold(a, b):
    shared = a.intersection(b)
    assert (days_of(shared) if shared else set()) == days_of(a) & days_of(b)


@given(spans(), spans())
def test_overlapping_and_intersection_are_the_same_from_either_side(a, b):
    assert a.overlaps(b) == b.overlaps(a)
    assert a.intersection(b) == b.intersection(a)


@given(spans(), spans(), spans())
def test_intersections_can_be_taken_in_any_order(a, b, c):
    ab, bc = a.intersection(b), b.intersection(c)
    assert (ab.intersection(c) if ab else None) == (a.intersection(bc) if bc else None)


@given(spans())
def test_a_span_is_its_own_intersection(span):
    assert span.intersection(span) == span
    assert span.overlaps(span)


@given(spans())
def test_first_and_last_day_both_belong_and_the_day_after_does_not(span):
    assert span.first in span
    assert span.first - timedelta(days=1) not in span
    if span.through is not None:
        assert span.through in span
        assert span.day_after not in span
        assert span.day_after == span.through + timedelta(days=1)


@given(spans())
def test_a_span_without_an_end_has_no_day_after(span):
    assert (span.day_after is None) == (span.through is None)


def test_a_span_of_one_day_holds_that_day():
    assert days_of(DateSpan(FIRST, FIRST)) == {FIRST}


def test_a_span_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="A span cannot end on 2024-12-31, before it begins on 2025-01-01"):
        DateSpan(FIRST, FIRST - timedelta(days=1))


def test_a_span_says_its_days():
    assert str(DateSpan(FIRST)) == "from 2025-01-01"
    assert str(DateSpan(FIRST, FIRST)) == "from 2025-01-01 through 2025-01-01"
