"""A sitting finds of many lots what assess() finds of each, whatever the book and the lots; and sums the same."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.amounts import Charge, LotValue
from risk.engine.duty import NoBaseRate, rates_on
from risk.engine.exposure import assess
from risk.engine.facts import LotFacts, facts_that_bear
from risk.engine.outcomes import Considered
from risk.engine.policy import PolicyBook, RateType
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import Money
from risk.engine.terms.spans import DateSpan
from tests.engine.random_law import (
    CHINESE,
    CODES,
    COUNTRIES,
    DAYS,
    LOTS,
    MODES,
    ON,
    VALUES,
    VENDORS,
    WORTH,
    books,
    fleets,
)
from tests.facts import a_base, a_lot, a_measure, a_vendor, shipped_book, the_conditions


def found_one_by_one(fleet, book, on):
    """Each lot by the plain path, under a book and outcomes that remember nothing of the lot before."""
    return [
        assess(lot, vendor, value, considered=Considered(replace(book)), on=on)
        for lot, vendor, value in fleet
    ]


@given(books(), fleets(), ON)
def test_a_sitting_finds_what_the_plain_path_finds_whatever_the_book(book, fleet, on):
    sitting = Sitting(Considered(book), on)
    assert [sitting.assess(*lot) for lot in fleet] == found_one_by_one(fleet, book, on)


@given(fleets(), ON)
def test_a_sitting_finds_what_the_plain_path_finds_under_the_shipped_law(fleet, on):
    sitting = Sitting(Considered(shipped_book()), on)
    assert [sitting.assess(*lot) for lot in fleet] == found_one_by_one(fleet, shipped_book(), on)


@given(fleets(), ON)
def test_outcomes_that_were_forgotten_are_found_again(fleet, on):
    sitting = Sitting(Considered(shipped_book(), most=1), on)
    assert [sitting.assess(*lot) for lot in fleet] == found_one_by_one(fleet, shipped_book(), on)


def test_no_more_outcomes_are_kept_than_told():
    considered = Considered(shipped_book(), most=3)
    for day in range(1, 9):
        considered.outcome(a_lot().entry(on=date(2026, 11, day), origin=CountryCode("CN")))
        assert considered.kept <= 3


@given(st.permutations(range(4)), ON)
def test_the_order_of_the_lots_does_not_matter(order, on):
    fleet = [(a_lot(entry_number=f"ABC-{n}"), a_vendor(), a_value(n)) for n in range(4)]
    sitting = Sitting(Considered(shipped_book()), on)
    found = {at: sitting.assess(*fleet[at]) for at in order}
    assert [found[at] for at in range(4)] == found_one_by_one(fleet, shipped_book(), on)


NAMED_ONLY = {"maker", "model", "entry_number", "importer_of_record", "purchase_order"}


@pytest.mark.parametrize("fact", sorted({each.name for each in fields(LotFacts)} - NAMED_ONLY))
def test_lots_that_differ_in_a_fact_of_the_goods_are_decided_apart(fact):
    lot, other = a_lot(), replace(a_lot(), **{fact: "another"})
    assert facts_that_bear(other) != facts_that_bear(lot)


@given(books(), LOTS, LOTS, VENDORS, WORTH, ON)
def test_names_and_numbers_of_a_lot_change_no_finding(book, lot, other, vendor, worth, on):
    numbers = {"entry_number"} if not (lot.entry_number and other.entry_number) else set()
    renamed = replace(lot, **{name: getattr(other, name) for name in NAMED_ONLY - numbers})
    found, again = found_one_by_one([(lot, vendor, worth), (renamed, vendor, worth)], book, on)
    assert found == again


def test_an_entry_number_tells_a_domestic_lot_from_an_entered_one():
    made_here = a_lot(country_of_origin=None, country_of_assembly=CountryCode("US"), entry_date=None)
    assert facts_that_bear(made_here) != facts_that_bear(replace(made_here, entry_number="ABC-1234567-8"))


def test_equal_facts_that_cannot_be_decided_fail_each_and_the_others_go_on():
    twice = PolicyBook((a_base(), a_base(code="US-BASE-AGAIN", span=DateSpan(date(2020, 1, 1)))))
    sitting, on = Sitting(Considered(twice), date(2026, 11, 22)), date(2026, 11, 22)
    for _ in range(2):
        with pytest.raises(ValueError, match="More than one base rate"):
            sitting.assess(a_lot(), a_vendor(), a_value(1))
    abroad = a_lot(import_country=CountryCode("PY"))
    expected = assess(abroad, a_vendor(), a_value(1), considered=Considered(twice), on=on)
    assert sitting.assess(abroad, a_vendor(), a_value(1)) == expected


@given(books(), books(), st.tuples(DAYS, COUNTRIES, CODES), VALUES)
def test_a_charge_is_the_sum_of_its_lines_of_duty_less_the_others(one, other, goods, value):
    day, origin, code = goods
    entry = a_lot(hts_code=code, us_content_percent=Decimal(30)).entry(on=day, origin=origin)
    try:
        owed, spared = (rates_on(entry, book) for book in (one, other))
    except NoBaseRate:
        return
    assert Charge.of(owed.lines).on(value) == owed.on(value).total
    more = owed.on(value).total.cents - spared.on(value).total.cents
    assert Charge.of(owed.lines, less=spared.lines).on(value) == Money.of_cents(max(more, 0))


@given(books(), DAYS, st.none() | MODES, st.none() | st.booleans())
def test_a_silent_origin_is_bounded_by_all_origins_though_only_those_apart_are_tried(book, day, mode, claim):
    certain = (a_base(code="US-EVER"), a_measure(code="US-CN", conditions=the_conditions(origins=CHINESE)))
    duties = tuple(m for m in book.measures if m.rate_type is not RateType.BASE)
    considered = Considered(PolicyBook((*certain, *duties)))
    silent = a_lot(transport_mode=mode, usmca_claim=claim).entry(on=day, origin=None)
    outcome = considered.outcome(silent)
    each = [considered.outcome(replace(silent, country_of_origin=o)) for o in considered.book.origins_named]
    assert outcome.answer is None
    assert outcome.best == min(one.best for one in each)
    assert outcome.worst == max(one.worst for one in each)


def a_value(thousands: int) -> LotValue:
    worth = Money.of_cents(100_000 * thousands)
    return LotValue(in_fleet=worth, ever=worth)


@given(books() | st.just(shipped_book()), LOTS, DAYS, st.integers(0, 400))
def test_on_days_on_which_the_law_reads_alike_an_entry_is_answered_alike(book, lot, day, days_on):
    later = day + timedelta(days=days_on)
    if book.first_day_alike(later) != book.first_day_alike(day):
        later = day
    days = (book.first_day_alike(day), day, later)
    found = [Considered(book).outcome(lot.entry(on=each, origin=lot.origin)) for each in days]
    if found[0].answer is None:  # its sentence may name the day
        found = [(each.answer, each.best, each.worst) for each in found]
    assert found[0] == found[1] == found[2]
