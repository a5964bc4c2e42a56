"""Measures survive as records: JSON and back without loss, and a book of them says the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.policy import Effect, MeasureKind, PolicyBook, RateType, ReliefTier
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from risk.policy_files import (
    record_of,
    record_of_refused_heading,
    record_of_renumbering,
    refused_heading_from,
    renumbering_from,
    spec_from,
)
from risk.policy_files.conditions import conditions_of
from risk.policy_files.records import KEYS, UNSAID
from tests.facts import a_measure, shipped_book

DAYS = st.dates(date(2018, 1, 1), date(2027, 1, 1))
RATES = st.decimals(0, 10, places=5).map(AdValoremRate)
TEXTS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
SOME_TEXTS = st.frozensets(TEXTS, max_size=2)

CONDITION_KEYS = {
    "import_country": "US",
    "hts_prefixes": ["8543.70"],
    "excluded_hts_prefixes": ["8543.70.10"],
    "countries_of_origin": "*",
    "excluded_countries_of_origin": ["US"],
    "transport_modes": ["air", "vessel"],
    "usmca_exempt_from": "2025-03-07",
    "customs_value_over": "800.00",
    "applies_by_default": False,
}
TIERS = st.builds(
    ReliefTier,
    modes=st.none() | st.frozensets(st.sampled_from(TransportMode), min_size=1),
    loaded_before=DAYS,
    entered_before=DAYS,
    rate=RATES,
    legal_reference=TEXTS,
)


@st.composite
def measures(draw):
    """Measures of any kind, with any of the conditions."""
    said = draw(st.lists(st.sampled_from(sorted(CONDITION_KEYS)), unique=True))
    keys = {key: KEYS[key](CONDITION_KEYS[key]) for key in said}
    first = draw(DAYS)
    return a_measure(
        span=DateSpan(first, draw(st.none() | st.dates(first, date(2030, 1, 1)))),
        kind=draw(st.sampled_from(MeasureKind)),
        rate_type=draw(st.sampled_from(RateType)),
        rate=draw(st.none() | RATES),
        conditions=conditions_of({**UNSAID, "code": "US-EXAMPLE", **keys}),
        relief=tuple(draw(st.lists(TIERS, max_size=2))),
        replaces=draw(SOME_TEXTS),
        yields_to=draw(SOME_TEXTS),
        spares_us_content=draw(st.booleans()),
        refundable_from=draw(st.none() | DAYS),
        minimum=draw(st.none() | st.integers(0, 10**6).map(Money.of_cents)),
        names=tuple(sorted(draw(SOME_TEXTS))),
        effect=draw(st.none() | st.sampled_from(Effect)),
        note=draw(st.just("") | TEXTS),
    )


def through_json(record):
    return json.loads(json.dumps(record))


@given(measures())
def test_a_measure_comes_back_from_its_record_as_it_was(measure):
    assert spec_from(through_json(record_of(measure))) == measure


def test_every_shipped_measure_comes_back_and_the_book_says_the_same():
    book = shipped_book()
    again = PolicyBook(
        tuple(spec_from(through_json(record_of(measure))) for measure in book.measures),
        renumberings=tuple(
            renumbering_from(through_json(record_of_renumbering(n))) for n in book.renumberings
        ),
        refused_headings=tuple(
            refused_heading_from(through_json(record_of_refused_heading(r))) for r in book.refused_headings
        ),
    )
    assert again.measures == book.measures
    assert again.digest == book.digest


def test_a_record_has_every_key_in_one_order():
    assert list(record_of(a_measure())) == list(KEYS)


def test_every_key_is_either_always_said_or_has_a_meaning_when_unsaid():
    # A measure that leaves out all that it may is the measure of the keys that it must say.
    must = {key: value for key, value in record_of(a_measure()).items() if key not in UNSAID}
    assert {*must, *UNSAID} == set(KEYS)
    bare = replace(a_measure(), conditions=(), rate=None, rate_type=RateType.NONE)
    assert spec_from(must) == bare


def test_equal_rates_have_equal_records():
    assert record_of(a_measure(percent="25.0")) == record_of(a_measure(percent="25"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ad_valorem_rate": "-1"}, r"ad_valorem_rate: .* is out of range"),
        ({"effective_through": "2017-12-31"}, "before it begins"),
        ({"countries_of_origin": ["XX"]}, "countries_of_origin: 'XX' is no country code"),
        ({"authority": None}, "authority: nothing is no text"),
        ({"colour": "red"}, "no key 'colour'"),
    ],
)
def test_a_record_that_is_no_measure_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        spec_from(record_of(a_measure()) | change)


def test_a_record_with_a_key_too_few_is_refused():
    record = record_of(a_measure())
    del record["legal_reference"]
    with pytest.raises(ValueError, match="says no legal_reference"):
        spec_from(record)
