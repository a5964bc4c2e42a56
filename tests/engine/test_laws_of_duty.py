"""What holds of duty whatever the law is: about totals, tops-up, order, claims and silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.duty import NoBaseRate, fees_on_goods, rates_on
from risk.engine.policy import NotInEffect, RateType, ReliefTier
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode, HtsPrefix
from risk.engine.terms.money import FREE, AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from tests.facts import (
    ENTRY_DAY,
    a_base,
    a_book,
    a_measure,
    a_rate,
    an_entry,
    shipped_book,
    the_conditions,
)

ORIGINS = st.sampled_from([*shipped_book().origins_named, *map(CountryCode, ("PY", "ET", "IS"))])
MODES = st.sampled_from(TransportMode)
DAYS = st.dates(date(2018, 7, 1), date(2027, 12, 31))
# Thirteen of these together stay under the 1000 % that a rate may be.
RATES = st.decimals(0, "0.7", places=4).map(AdValoremRate)
VALUES = st.integers(0, 10**10).map(Money.of_cents)


@st.composite
def duties(draw, kinds=(RateType.ADDITIVE, RateType.FLOOR_TOTAL)):
    """A few measures of these kinds, each by some authority from some day on."""
    numbers = count(1)
    measure = st.builds(
        lambda kind, rate, authority, first: a_measure(
            code=f"US-{next(numbers)}",
            family=f"us/{authority}",
            authority=authority,
            span=DateSpan(first),
            rate_type=kind,
            rate=rate,
        ),
        st.sampled_from(kinds),
        RATES,
        st.sampled_from(["A", "B", "C"]),
        st.dates(date(2018, 1, 1), ENTRY_DAY),
    )
    return draw(st.lists(measure, max_size=6))


@st.composite
def entries(draw):
    """A rig of any origin, on any day, with whatever else a sheet may say of it."""
    return an_entry(
        day=draw(DAYS),
        country_of_origin=draw(ORIGINS),
        transport_mode=draw(MODES),
        loaded_date=draw(st.none() | DAYS),
        us_content_percent=draw(st.none() | st.integers(0, 100).map(Decimal)),
        usmca_claim=draw(st.none() | st.booleans()),
    )


@given(duties(kinds=(RateType.ADDITIVE,)), duties(kinds=(RateType.ADDITIVE,)))
def test_more_measures_never_lower_a_total_that_has_no_top_up(some, others):
    more = [replace(measure, code=f"{measure.code}-MORE") for measure in others]
    fewer_cost = rates_on(an_entry(), a_book(a_base(), *some)).total_rate
    assert fewer_cost <= rates_on(an_entry(), a_book(a_base(), *some, *more)).total_rate


@given(base=RATES, total=RATES)
def test_a_rate_in_total_never_exceeds_the_larger_of_base_and_total(base, total):
    floor = a_measure(rate_type=RateType.FLOOR_TOTAL, rate=total)
    answer = rates_on(an_entry(), a_book(a_base(rate=base), floor))
    assert answer.total_rate == max(base, total)


@given(duties(), st.randoms())
def test_the_order_of_measures_does_not_matter(measures, random):
    in_some_order = [a_base(), *measures]
    random.shuffle(in_some_order)
    answer = rates_on(an_entry(), a_book(*in_some_order))
    assert answer == rates_on(an_entry(), a_book(a_base(), *measures))


@given(duties(), VALUES)
def test_the_sum_of_the_lines_is_the_total(measures, value):
    answer = rates_on(an_entry(), a_book(a_base(), *measures))
    assert answer.total_rate.fraction == sum(line.rate.fraction for line in answer.lines)
    assert answer.on(value).total.cents == sum(line.duty.cents for line in answer.on(value).lines)


@given(entries(), VALUES)
def test_under_the_shipped_law_there_is_one_base_line_and_it_comes_first(entry, value):
    answer = rates_on(entry, shipped_book())
    assert [line.is_base for line in answer.lines] == [True] + [False] * (len(answer.lines) - 1)
    assert answer.on(value).total == answer.on(value).refundable + answer.on(value).lasting


@given(entries())
def test_a_line_of_nothing_is_no_line_but_the_base(entry):
    assert all(line.rate > FREE for line in rates_on(entry, shipped_book()).lines if not line.is_base)


@given(entries())
def test_a_usmca_claim_never_makes_a_rig_dearer(entry):
    claimed, unclaimed = replace(entry, usmca_claim=True), replace(entry, usmca_claim=False)
    assert total_rate(claimed) <= total_rate(unclaimed)


@given(entries(), st.integers(0, 100).map(Decimal))
def test_us_content_never_makes_a_rig_dearer(entry, percent):
    assert total_rate(replace(entry, us_content_percent=percent)) <= total_rate(
        replace(entry, us_content_percent=None)
    )


@given(entries(), DAYS)
def test_an_early_loading_day_never_makes_a_rig_dearer(entry, loaded):
    assert total_rate(replace(entry, loaded_date=loaded)) <= total_rate(replace(entry, loaded_date=entry.day))


@given(entries())
def test_silence_about_the_journey_grants_no_relief(entry):
    silent = replace(entry, transport_mode=None, loaded_date=None)
    flown = replace(entry, transport_mode=TransportMode.AIR, loaded_date=entry.day)
    assert total_rate(silent) == total_rate(flown)


@given(entries())
def test_a_silent_origin_is_missing_never_free(entry):
    answer = rates_on(replace(entry, country_of_origin=None), shipped_book())
    assert "country_of_origin" in answer.missing
    assert not answer.is_settled


@given(DAYS)
def test_a_code_without_a_base_rate_is_an_error_never_free(day):
    with pytest.raises(NoBaseRate, match=r"No base rate is on record for 8544\.42\.9090"):
        rates_on(an_entry(day=day, hts_code=HtsCode("8544429090")), shipped_book())


def test_before_the_first_base_rate_on_record_there_is_no_answer():
    with pytest.raises(NoBaseRate):
        rates_on(an_entry(day=date(2018, 6, 30)), shipped_book())


def test_a_rate_asked_for_outside_its_span_is_refused():
    measure = a_measure(span=DateSpan(date(2018, 9, 24), date(2019, 5, 9)))
    assert measure.rate_on(date(2019, 5, 9)) == a_rate(25)
    for day in (date(2018, 9, 23), date(2019, 5, 10)):
        with pytest.raises(NotInEffect):
            measure.rate_on(day)


def test_a_lot_entered_the_day_a_measure_begins_pays_it_and_the_day_after_its_end_does_not():
    book = a_book(a_base(), a_measure(span=DateSpan(date(2026, 2, 24), date(2026, 7, 23))))
    rates = [rates_on(an_entry(day=day), book).total_rate.percent for day in EDGES]
    assert rates == ["2.6", "27.6", "27.6", "2.6"]


EDGES = (date(2026, 2, 23), date(2026, 2, 24), date(2026, 7, 23), date(2026, 7, 24))


def test_rates_add_and_do_not_compound():
    book = a_book(a_base(percent=10), a_measure(percent=10), a_measure(code="US-OTHER", percent=10))
    assert rates_on(an_entry(), book).total_rate.percent == "30"


def test_a_measure_does_not_bite_where_one_that_it_yields_to_bites():
    modest = a_measure(code="US-MODEST", yields_to=frozenset({"US-EXAMPLE"}))
    assert codes(rates_on(an_entry(), a_book(a_base(), modest, a_measure()))) == ["US-BASE", "US-EXAMPLE"]
    assert codes(rates_on(an_entry(), a_book(a_base(), modest))) == ["US-BASE", "US-MODEST"]


def test_a_measure_that_replaces_a_family_does_not_replace_itself():
    penalty = a_measure(code="US-PENALTY", percent=40, replaces=frozenset({"us/example"}))
    assert codes(rates_on(an_entry(), a_book(a_base(), penalty, a_measure()))) == ["US-BASE", "US-PENALTY"]


def test_a_measure_that_comes_to_nothing_by_relief_is_told_and_is_no_line():
    tier = ReliefTier(
        modes=None,
        loaded_before=date(2026, 8, 1),
        entered_before=date(2026, 10, 1),
        rate=FREE,
        legal_reference="The heading that spares it",
    )
    answer = rates_on(an_entry(loaded_date=date(2026, 7, 31)), a_book(a_base(), a_measure(relief=(tier,))))
    assert codes(answer) == ["US-BASE"]
    assert [finding.code for finding in answer.findings] == ["charged_nothing"]


def test_a_challenge_is_told_and_refunds_nothing():
    challenged = a_measure(litigation="under challenge in a court.")
    answer = rates_on(an_entry(), a_book(a_base(), challenged))
    assert [finding.code for finding in answer.findings] == ["under_challenge"]
    assert answer.on(Money.parse("100")).refundable == Money.parse("0")


def test_goods_entered_elsewhere_carry_no_duty_of_the_united_states():
    answer = rates_on(an_entry(import_country=CountryCode("PY")), shipped_book())
    assert not answer.lines
    assert [finding.code for finding in answer.findings] == ["outside_the_law_on_record"]


def test_a_code_of_eight_digits_cannot_tell_what_a_prefix_of_ten_wants_to_know():
    ten_digits = the_conditions(prefixes=(HtsPrefix("8543709860"),))
    book = a_book(a_base(), a_measure(conditions=ten_digits))
    assert rates_on(an_entry(hts_code=HtsCode("85437098")), book).missing == {"hts_code"}
    assert codes(rates_on(an_entry(), book)) == ["US-BASE", "US-EXAMPLE"]


@given(VALUES)
def test_a_fee_keeps_within_its_minimum_and_maximum(value):
    (fee,) = fees_on_goods([(an_entry(), value)], shipped_book())
    assert Money.parse("33.58") <= fee.amount <= Money.parse("651.50")


def test_no_harbor_fee_is_charged_while_the_mode_is_unknown():
    goods = [(an_entry(transport_mode=None), Money.parse("1000000"))]
    fees = fees_on_goods(goods, shipped_book())
    assert [fee.measure for fee in fees] == ["US-FEE-MPF-FY2026"]


def total_rate(entry):
    return rates_on(entry, shipped_book()).total_rate


def codes(answer):
    return [line.measure for line in answer.lines]
