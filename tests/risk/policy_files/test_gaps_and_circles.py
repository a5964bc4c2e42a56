"""A law with a hole in it, or one that runs in a circle, is told; each time by the smallest wrong book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from risk.engine.policy import RateType, ReliefTier
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import DateSpan
from risk.policy_files import check
from tests.facts import a_base, a_measure, a_rate, the_conditions

YEAR_2025 = DateSpan(date(2025, 1, 1), date(2025, 12, 31))
BY_AN_ACT = "Not in effect from 2026-01-01: an act."
FROM_2026, FROM_MARCH = DateSpan(date(2026, 1, 1)), DateSpan(date(2026, 3, 1))


def codes(*measures):
    return [complaint.code for complaint in check(measures)]


def sentences(*measures):
    return [complaint.sentence for complaint in check(measures)]


def following(span, **said):
    return a_measure(**({"code": "US-NEXT", "span": span} | said))


def test_a_value_that_ends_by_no_act_and_that_nothing_follows_lacks_its_citation():
    assert sentences(a_measure(span=YEAR_2025)) == [
        "us/example, US-EXAMPLE, 2025-01-01: it ends on 2025-12-31, and no act is named that ended it; "
        "name it (ended_by), or give the value that follows."
    ]


def test_a_hole_between_two_values_is_a_gap():
    assert sentences(a_measure(span=YEAR_2025), following(FROM_MARCH)) == [
        "us/example, US-EXAMPLE, 2025-01-01: it ends on 2025-12-31, and the next value begins only on "
        "2026-03-01; close the gap, or name the act (ended_by)."
    ]


def test_a_value_of_other_goods_closes_no_gap():
    malaysia = the_conditions(origins=frozenset({CountryCode("MY")}))
    china = the_conditions(origins=frozenset({CountryCode("CN")}))
    assert codes(a_measure(span=YEAR_2025, conditions=china), following(FROM_MARCH, conditions=malaysia)) == [
        "missing_citation"
    ]


@pytest.mark.parametrize(
    "measures",
    [
        (a_measure(span=YEAR_2025), following(FROM_2026)),
        (a_measure(span=YEAR_2025, note=BY_AN_ACT),),
        (a_measure(span=YEAR_2025, note=BY_AN_ACT), following(FROM_MARCH)),
        (a_base(span=YEAR_2025, note=BY_AN_ACT), a_base(code="US-BASE-2", family="us/new", span=FROM_2026)),
    ],
    ids=["the next day", "an act ended it", "an act, and later another", "the schedule goes on elsewhere"],
)
def test_what_goes_on_or_was_ended_by_an_act_leaves_no_gap(measures):
    assert codes(*measures) == []


def test_an_act_named_for_another_day_is_not_the_end_of_this_measure():
    assert codes(a_measure(span=YEAR_2025, note=BY_AN_ACT.replace("2026", "2024"))) == ["missing_citation"]


def test_goods_that_are_left_without_a_base_rate_are_a_gap():
    (sentence,) = sentences(a_base(span=YEAR_2025, note=BY_AN_ACT))
    assert sentence.endswith(
        "from 2026-01-01 on no base rate stands on its goods; give the one that follows."
    )


def test_a_refund_without_its_decision_lacks_a_citation():
    assert codes(a_measure(refundable_from=date(2026, 2, 20))) == ["missing_citation"]
    decided = a_measure(
        refundable_from=date(2026, 2, 20), note="Refundable from 2026-02-20: the decision, its page."
    )
    assert codes(decided) == []


def test_relief_at_more_than_1000_percent_is_out_of_range():
    tier = ReliefTier(
        modes=None,
        loaded_before=date(2025, 1, 1),
        entered_before=date(2025, 1, 1),
        rate=a_rate(1001),
        legal_reference="the heading",
    )
    assert sentences(a_measure(relief=(tier,))) == [
        "us/example, US-EXAMPLE, 2018-01-01: relief at 1001 % is out of range; give 0 % to 1000 %."
    ]


def three(**ways):
    """Three measures of three families, each with the names to which it gives way."""
    return [
        a_measure(code=c, family=f"us/{c}", yields_to=frozenset(ways.get(c, ()))) for c in ("A", "B", "C")
    ]


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ({"A": ["B"], "B": ["A"]}, "A to B to A"),
        ({"A": ["B"], "B": ["C"], "C": ["A"]}, "A to B to C to A"),
        ({"A": ["us/B"], "B": ["us/A"]}, "A to B to A"),
    ],
)
def test_measures_that_give_way_in_a_circle_are_told_once(ways, told):
    assert sentences(*three(**ways)) == [
        f"us/A, A, 2018-01-01: {told}: they give way in a circle, so that none of them bites; break it "
        "(yields_to, replaces)."
    ]


def test_a_measure_that_yields_to_the_one_that_yields_to_it_only_before_it_began_is_no_circle():
    early = a_measure(code="A", family="us/A", span=YEAR_2025, note=BY_AN_ACT, yields_to=frozenset({"B"}))
    late = a_measure(code="B", family="us/B", span=FROM_2026, yields_to=frozenset({"A"}))
    assert codes(early, late) == []


def test_a_chain_of_ways_that_ends_is_no_circle():
    assert codes(*three(A=["B", "C"], B=["C"])) == []


def test_one_that_replaces_every_other_stands_in_no_circle_with_what_yields_to_it():
    replacing = replace(a_measure(code="X", family="us/X", replaces=frozenset({"*"})), rate_type=RateType.FEE)
    assert codes(replacing, *three(A=["X"])) == []
