"""A sitting finds of many lots what assess() finds of each, whatever the book and the lots; and sums the same."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.engine.amounts import Charge, LotValue
from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.conditions.usmca import NotUsmcaFree
from risk.engine.duty import NoBaseRate, rates_on
from risk.engine.exposure import assess
from risk.engine.facts import (
    Affiliation,
    ContestedOrigin,
    LotFacts,
    as_plain,
    facts_that_bear,
    from_plain,
)
from risk.engine.outcomes import Considered
from risk.engine.policy import Effect, MeasureKind, PolicyBook, RateType, ReliefTier, Renumbering
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from tests.facts import a_base, a_lot, a_measure, a_vendor, shipped_book, the_conditions

COUNTRIES = st.sampled_from([CountryCode(code) for code in ("CN", "MY", "CA", "MX", "US", "PY", "TH")])
CODES = st.sampled_from([HtsCode(code) for code in ("8543709860", "85437099", "8471500150", "8544429090")])
PREFIXES = st.sampled_from([HtsPrefix(digits) for digits in ("", "8543", "854370", "8543709860", "8471")])
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))
MODES = st.sampled_from(TransportMode)
RATES = st.decimals(0, "0.7", places=4).map(AdValoremRate)
VALUES = st.integers(0, 10**10).map(Money.of_cents)
NAMES = ("Bitmain", "Canaan", "Auradine", "Xiamen Sophgo Technologies")
CHINESE = frozenset({CountryCode("CN")})
ON = st.sampled_from([date(2019, 6, 1), date(2024, 5, 15), date(2025, 6, 10), date(2026, 11, 22)])


@st.composite
def spans(draw):
    first = draw(DAYS)
    days = draw(st.none() | st.integers(0, 3000))
    return DateSpan(first, None if days is None else first + timedelta(days=days))


@st.composite
def conditions(draw):
    """What a measure looks at: always the country of import, and one or more things beside it."""
    origins = OriginAmong(
        draw(st.none() | st.frozensets(COUNTRIES, min_size=1)), draw(st.frozensets(COUNTRIES, max_size=2))
    )
    codes = HtsCodeUnder(
        tuple(draw(st.lists(PREFIXES, min_size=1, max_size=2))), tuple(draw(st.lists(PREFIXES, max_size=1)))
    )
    others = st.sampled_from(
        [CarriedBy(frozenset({TransportMode.AIR})), NotUsmcaFree(date(2025, 3, 7)), Claimed("US-CLAIMED")]
    )
    return (ImportedInto(CountryCode("US")), codes, origins, *draw(st.lists(others, max_size=1)))


RELIEF = st.builds(
    ReliefTier,
    modes=st.none() | st.frozensets(MODES, min_size=1, max_size=2),
    loaded_before=DAYS,
    entered_before=DAYS,
    rate=RATES,
    legal_reference=st.just("The heading that spares it"),
)


@st.composite
def books(draw):
    """A schedule with or without gaps, some duties upon it, a party that is named, a code renumbered."""
    numbers = count(1)
    duties = st.builds(
        lambda **said: a_measure(code=f"US-{next(numbers)}", family=f"us/{said['authority']}", **said),
        authority=st.sampled_from(["A", "B"]),
        span=spans(),
        rate_type=st.sampled_from([RateType.ADDITIVE, RateType.FLOOR_TOTAL]),
        rate=RATES,
        conditions=conditions(),
        relief=st.lists(RELIEF, max_size=2).map(tuple),
        replaces=st.sampled_from([frozenset(), frozenset({"us/A"}), frozenset({"us/B"})]),
        yields_to=st.sampled_from([frozenset(), frozenset({"US-1"}), frozenset({"us/B"})]),
        spares_us_content=st.booleans(),
        refundable_from=st.none() | DAYS,
        litigation=st.sampled_from(["", "under challenge in a court."]),
    )
    listing = a_measure(
        code="US-LIST",
        kind=MeasureKind.SANCTION,
        rate_type=RateType.NONE,
        rate=None,
        conditions=(),
        span=draw(spans()),
        names=(draw(st.sampled_from(NAMES)),),
        effect=draw(st.sampled_from(Effect)),
    )
    renumbering = Renumbering(
        old=HtsPrefix("85437099"),
        new=HtsPrefix("85437098"),
        since=draw(DAYS),
        legal_reference="The modification that renumbers it",
    )
    base = a_base(rate=draw(RATES), span=DateSpan(draw(DAYS)))
    return PolicyBook(
        measures=(base, listing, *draw(st.lists(duties, max_size=6))),
        renumberings=(renumbering,) if draw(st.booleans()) else (),
    )


LOTS = st.builds(
    LotFacts,
    maker=st.sampled_from(NAMES),
    model=st.sampled_from(["Antminer S21", "Avalon A15"]),
    country_of_assembly=st.none() | COUNTRIES,
    country_of_origin=st.none() | COUNTRIES,
    hashboard_origin=st.none() | COUNTRIES,
    hts_code=st.none() | CODES,
    import_country=st.sampled_from([CountryCode("US"), CountryCode("PY"), None]),
    entry_date=st.none() | DAYS,
    expected_entry_date=st.none() | DAYS,
    entry_number=st.none() | st.sampled_from(["ABC-1234567-8", "ABC-1234567-9"]),
    transport_mode=st.none() | MODES,
    loaded_date=st.none() | DAYS,
    importer_of_record=st.none() | st.just("An importer"),
    us_content_percent=st.none() | st.integers(0, 100).map(Decimal),
    usmca_claim=st.none() | st.booleans(),
    purchase_order=st.none() | st.sampled_from(["PO-1", "PO-2"]),
    has_arrived=st.booleans(),
)

VENDORS = st.builds(
    a_vendor,
    name=st.sampled_from(NAMES),
    affiliations=st.lists(
        st.builds(
            Affiliation,
            other_party=st.sampled_from(NAMES),
            relation=st.just("common control"),
            span=st.none() | spans(),
        ),
        max_size=1,
    ).map(tuple),
    contested_origins=st.lists(
        st.builds(ContestedOrigin, country=COUNTRIES, span=spans(), source=st.just("customs notices")),
        max_size=1,
    ).map(tuple),
    lists_screened=st.sampled_from([frozenset(), frozenset({"US-OFAC-SDN"})]),
)

WORTH = st.builds(
    LotValue,
    in_fleet=st.none() | VALUES,
    ever=st.none() | VALUES,
    units_without_value=st.integers(0, 2),
)


@st.composite
def fleets(draw):
    """Lots of few kinds and few makers: each fact may come back in other lots, as an equal object or in a
    lot that differs in one thing only."""
    kinds, makers = (draw(st.lists(some, min_size=1, max_size=3)) for some in (LOTS, VENDORS))
    other = draw(LOTS)
    changes = st.sampled_from(fields(LotFacts)).map(lambda fact: {fact.name: getattr(other, fact.name)})
    lots = st.builds(replace, st.sampled_from(kinds)) | st.builds(
        lambda kind, change: replace(kind, **change), st.sampled_from(kinds), changes
    )
    vendors = st.sampled_from(makers) | st.builds(replace, st.sampled_from(makers))
    return draw(st.lists(st.tuples(lots, vendors, WORTH), min_size=2, max_size=12))


def found_one_by_one(fleet, book, on):
    """Each lot by the plain path, under a book and outcomes that remember nothing of the lot before."""
    return [
        assess(lot, vendor, value, considered=Considered(replace(book)), on=on)
        for lot, vendor, value in fleet
    ]


@settings(deadline=None)
@given(books(), fleets(), ON)
def test_a_sitting_finds_what_the_plain_path_finds_whatever_the_book(book, fleet, on):
    sitting = Sitting(Considered(book), on)
    assert [sitting.assess(*lot) for lot in fleet] == found_one_by_one(fleet, book, on)


@settings(deadline=None, max_examples=40)
@given(fleets(), ON)
def test_a_sitting_finds_what_the_plain_path_finds_under_the_shipped_law(fleet, on):
    sitting = Sitting(Considered(shipped_book()), on)
    assert [sitting.assess(*lot) for lot in fleet] == found_one_by_one(fleet, shipped_book(), on)


@given(LOTS, VENDORS, WORTH)
def test_facts_that_were_kept_are_read_back_as_they_were(lot, vendor, worth):
    for facts in (lot, vendor, worth):
        again = from_plain(type(facts), json.loads(json.dumps(as_plain(facts))))
        assert again == facts
        assert as_plain(again) == as_plain(facts)


@pytest.mark.parametrize(
    "spoilt",
    [{"colour": "red"}, {"has_arrived": "yes"}, {"entry_date": "soon"}, {"country_of_origin": "XX"}],
)
def test_values_that_are_no_facts_are_refused(spoilt):
    with pytest.raises(ValueError, match=r"."):
        from_plain(LotFacts, as_plain(a_lot()) | spoilt)


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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
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
