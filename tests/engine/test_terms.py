"""Values that cannot be wrong: what they read, what they refuse, and how they round."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.terms.countries import CountryCode, country_names
from risk.engine.terms.hts import EVERY_CODE, HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from tests.facts import a_measure

CENTS = st.integers(0, 10**12)
DIGITS = st.text("0123456789", min_size=10, max_size=10)


@pytest.mark.parametrize("text", ["8543.70.9860", "8543.70.98.60", "8543709860", " 8543 70 98 60 "])
def test_an_hts_code_is_read_with_dots_without_and_with_spaces(text):
    assert HtsCode.parse(text) == HtsCode("8543709860")
    assert str(HtsCode.parse(text)) == "8543.70.9860"


@pytest.mark.parametrize("text", ["84.71", "8543", "854370986", "8543709860123", "rig", "", "٨٥٤٣٧٠٩٨"])
def test_what_is_no_hts_code_is_refused_with_what_would_be_right(text):
    with pytest.raises(ValueError, match=r"8 or 10( digits)?"):
        HtsCode.parse(text)


@given(DIGITS)
def test_an_hts_code_reads_back_as_it_is_shown(digits):
    assert HtsCode.parse(str(HtsCode(digits))) == HtsCode(digits)


@given(DIGITS, st.sampled_from([0, 2, 4, 6, 8, 10]))
def test_every_prefix_of_a_code_covers_it(digits, length):
    assert HtsPrefix(digits[:length]).covers(HtsCode(digits)) is True


def test_a_prefix_longer_than_the_code_cannot_tell():
    assert HtsPrefix("8543709860").covers(HtsCode("85437098")) is None
    assert HtsPrefix("8543709860").covers(HtsCode("85437099")) is False


def test_two_prefixes_meet_when_one_lies_under_the_other():
    assert HtsPrefix.parse("8543").meets(HtsPrefix.parse("8543.70.98"))
    assert EVERY_CODE.meets(HtsPrefix.parse("8471"))
    assert not HtsPrefix.parse("8543.70").meets(HtsPrefix.parse("8543.90"))


@pytest.mark.parametrize("text", ["854", "8543.7", "85437098601", "x", ""])
def test_what_is_no_prefix_is_refused(text):
    with pytest.raises(ValueError, match="is no HTS prefix"):
        HtsPrefix.parse(text)


@pytest.mark.parametrize("text", ["CN", "cn", "CHN", "China", "PRC", "P.R.C.", "people's republic of china"])
def test_china_is_read_in_the_ways_that_people_write_it(text):
    assert CountryCode.parse(text) == "CN"


@given(st.sampled_from(sorted(country_names().items())))
def test_every_country_is_read_by_its_code_and_by_its_name(code_and_name):
    code, name = code_and_name
    assert CountryCode.parse(code) == CountryCode.parse(name) == code


@pytest.mark.parametrize("text", ["", "XX", "Chna", "Malasia", "EU"])
def test_what_is_no_country_is_refused(text):
    with pytest.raises(ValueError, match="is no country"):
        CountryCode.parse(text)


def test_a_misspelt_country_gets_the_nearest_name():
    with pytest.raises(ValueError, match=r"did you mean Malaysia\?"):
        CountryCode.parse("Malasia")


@pytest.mark.parametrize(
    ("percent", "value", "duty"),
    [("12.4", "33.85", "4.20"), ("2.5", "1.00", "0.03"), ("2.6", "500000", "13000.00"), ("0", "1", "0.00")],
)
def test_a_duty_is_rounded_half_up_to_the_cent(percent, value, duty):
    assert str(AdValoremRate.of_percent(percent).of(Money.parse(value))) == duty


@given(CENTS)
def test_money_reads_back_as_it_is_shown_and_as_it_is_kept(cents):
    money = Money.of_cents(cents)
    assert money.cents == cents
    assert Money.parse(str(money)) == money


@given(CENTS, CENTS)
def test_adding_money_adds_its_cents(a, b):
    assert (Money.of_cents(a) + Money.of_cents(b)).cents == a + b
    assert (Money.of_cents(a) - Money.of_cents(b)).cents == a - b


@pytest.mark.parametrize("text", ["1.005", "ten", "", "NaN", "Infinity", "1e-3"])
def test_what_is_no_amount_is_refused_not_rounded(text):
    with pytest.raises(ValueError, match="is no amount of money"):
        Money.parse(text)


@given(st.decimals(0, 10, places=6))
def test_equal_rates_print_alike_and_without_trailing_zeros(fraction):
    rate = AdValoremRate(fraction)
    assert rate == AdValoremRate(fraction * 10 / 10)
    assert Decimal(rate.percent) == fraction * 100
    assert "." not in rate.percent or not rate.percent.endswith("0")


@pytest.mark.parametrize("fraction", ["-0.01", "NaN", "Infinity"])
def test_a_rate_is_never_negative_nor_endless(fraction):
    with pytest.raises(ValueError, match="is out of range"):
        AdValoremRate(Decimal(fraction))


def test_a_measure_is_at_most_1000_percent_and_a_sum_of_measures_may_be_more():
    with pytest.raises(ValueError, match="give 0 % to 1000 %"):
        a_measure(percent="1000.01")
    assert (AdValoremRate(Decimal(6)) + AdValoremRate(Decimal(6))).percent == "1200"


@pytest.mark.parametrize("text", ["1,2,3", "12,34.00", "1.234", "5 USD", "", "."])
def test_an_amount_that_is_none_is_refused_and_not_guessed(text):
    with pytest.raises(ValueError, match="no amount of money"):
        Money.parse(text)
