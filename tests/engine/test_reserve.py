"""Low, likely and high of one lot, the clocks of an entry, and the route of a refund; no database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from risk.engine.amounts import LotValue
from risk.engine.exposure import Stage
from risk.engine.facts import ContestedOrigin
from risk.engine.outcomes import Considered
from risk.engine.refunds import Route, refundable_lines, route_on
from risk.engine.reserve import EvidenceOfOrigin, LotEvidence, Strength, clocks_of, reserve_of
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.terms.spans import DateSpan
from tests.facts import a_lot, a_vendor, shipped_book

CHINA, MALAYSIA, THAILAND = CountryCode("CN"), CountryCode("MY"), CountryCode("TH")
TODAY = date(2026, 11, 28)
MILLION = Money.parse("1000000.00")
DISPUTED = a_vendor(
    contested_origins=(
        ContestedOrigin(country=CHINA, span=DateSpan(date(2024, 4, 1)), source="a public filing"),
    )
)


def worth(money):
    return LotValue(in_fleet=money, ever=money)


def a_paper(**said):
    facts = {
        "title": "Certificate 7",
        "country": MALAYSIA,
        "span": DateSpan(date(2024, 4, 1)),
        "strength": Strength.STRONG,
    }
    return EvidenceOfOrigin(**(facts | said))


def covering_all(*papers):
    return LotEvidence(whole=papers, covers_all=True, left=NO_MONEY)


def uncovered(*papers, value=MILLION):
    return LotEvidence(whole=papers, left=value)


def reserved(evidence, *, on=TODAY, entry_date=date(2024, 5, 15), **facts):
    lot = a_lot(**({"country_of_origin": MALAYSIA, "entry_date": entry_date} | facts))
    return reserve_of(lot, DISPUTED, worth(MILLION), evidence, Sitting(Considered(shipped_book()), on))


@pytest.mark.parametrize("entered", [date(2024, 4, 1), date(2024, 5, 15), date(2024, 6, 30)])
def test_a_lot_declared_malaysia_and_contested_as_china_owes_25_points_of_its_value(entered):
    found = reserved(uncovered(), entry_date=entered)
    assert (found.low, found.likely, found.high) == (
        NO_MONEY,
        Money.parse("250000.00"),
        Money.parse("250000.00"),
    )
    assert (found.declared.country, found.contested) == (MALAYSIA, CHINA)
    assert (found.assessed.country, found.assessed.source, found.assessed.since) == (
        CHINA,
        "a public filing",
        date(2024, 4, 1),
    )


def test_evidence_in_force_empties_the_likely_column_and_leaves_the_high_one():
    found = reserved(covering_all(a_paper()))
    assert (found.likely, found.high) == (NO_MONEY, Money.parse("250000.00"))
    assert (found.assessed.country, found.assessed.source) == (MALAYSIA, "evidence: Certificate 7")


def test_only_the_value_that_no_paper_covers_is_likely():
    found = reserved(LotEvidence(partly=(a_paper(),), left=Money.parse("400000.00")))
    assert (found.likely, found.high) == (Money.parse("100000.00"), Money.parse("250000.00"))
    assert "only a part" in found.because


def test_expired_evidence_says_which_paper_and_since_when():
    expired = a_paper(span=DateSpan(date(2024, 4, 1), TODAY - timedelta(days=1)))
    found = reserved(uncovered(expired))
    assert found.because == f"The evidence has expired: Certificate 7, on {TODAY}."
    assert found.likely == Money.parse("250000.00")


def test_evidence_of_another_origin_moves_the_assessed_one_and_never_the_declared_one():
    found = reserved(
        covering_all(a_paper(), a_paper(title="Work order", country=CHINA)), entry_date=date(2023, 5, 1)
    )
    assert (found.declared.country, found.assessed.country) == (MALAYSIA, CHINA)
    assert found.likely == found.high == Money.parse("250000.00")


def test_a_weak_paper_persuades_nobody():
    weak = a_paper(strength=Strength.WEAK, country=CHINA)
    assert reserved(covering_all(a_paper(), weak)).assessed.country == MALAYSIA
    assert reserved(uncovered(a_paper(strength=Strength.WEAK))).likely == Money.parse("250000.00")


def test_after_five_years_nothing_can_be_asked():
    assert reserved(uncovered(), on=date(2029, 5, 15)).high == Money.parse("250000.00")
    assert reserved(uncovered(), on=date(2029, 5, 16)).high == NO_MONEY


def test_a_lot_without_an_entry_date_or_an_origin_is_unknown_and_not_nothing():
    undated = reserved(uncovered(), entry_date=None)
    assert (undated.stage, undated.likely, undated.high) == (Stage.ENTERED_UNDATED, None, None)
    silent = reserved(uncovered(), country_of_origin=None, country_of_assembly=None)
    assert (silent.low, silent.likely, silent.high) == (NO_MONEY, None, None)
    assert silent.because.startswith("No origin is on record")


def test_an_entry_into_another_country_has_none_of_these_clocks_and_owes_nothing():
    elsewhere = reserved(uncovered(), import_country=CountryCode("PY"))
    assert (elsewhere.clock, elsewhere.clocks, elsewhere.high) == (None, (), NO_MONEY)


def test_a_lot_without_a_value_is_unknown():
    lot = a_lot(country_of_origin=MALAYSIA, entry_date=date(2024, 5, 15))
    sitting = Sitting(Considered(shipped_book()), TODAY)
    found = reserve_of(lot, DISPUTED, worth(None), LotEvidence(), sitting)
    assert (found.likely, found.high) == (None, None)


def test_the_clocks_of_an_entry_are_those_of_the_worked_dispute():
    assumed = clocks_of(date(2024, 5, 15), date(2025, 3, 20))
    assert [(clock.name, clock.last_day, clock.days_left, clock.is_estimated) for clock in assumed] == [
        ("liquidation", date(2025, 3, 25), 5, True),
        ("protest", date(2025, 9, 21), 185, True),
        ("penalty", date(2029, 5, 15), 1517, False),
    ]
    on_record = clocks_of(date(2024, 5, 15), date(2025, 11, 24), liquidated=date(2025, 5, 27))
    assert [(clock.last_day, clock.days_left) for clock in on_record] == [
        (date(2025, 5, 27), None),
        (date(2025, 11, 23), None),
        (date(2029, 5, 15), 1268),
    ]


def entered_from_china(on=TODAY):
    lot = a_lot(entry_date=date(2025, 6, 10))
    book = shipped_book()
    found = Sitting(Considered(book), on).assess(lot, a_vendor(), worth(Money.parse("500000.00")))
    return list(refundable_lines(found, book, entry_date=date(2025, 6, 10), on=on))


def test_of_an_entry_of_june_2025_the_duties_struck_down_come_back_and_never_section_301():
    lines = entered_from_china()
    duties = {each.line.measure: each.line.on(Money.parse("500000.00")).duty for each in lines}
    assert sorted(map(str, duties.values())) == ["100000.00", "50000.00"]
    assert not any("301" in measure for measure in duties)
    assert entered_from_china(on=date(2026, 2, 19)) == []


@pytest.mark.parametrize(
    ("on", "route", "left"),
    [
        (date(2026, 4, 19), Route.UNKNOWN, None),
        (date(2026, 4, 20), Route.PORTAL, 80),
        (date(2026, 7, 9), Route.PORTAL, 0),
        (date(2026, 7, 10), Route.PROTEST, 99),
        (date(2026, 10, 17), Route.PROTEST, 0),
        (date(2026, 10, 18), Route.COURT, None),
    ],
)
def test_a_refund_has_the_route_that_is_open_on_the_day(on, route, left):
    found = route_on("us/ieepa/china-fentanyl", date(2025, 6, 10), on)
    assert (found.route, found.days_left) == (route, left)
    assert {each.route.route for each in entered_from_china(on)} == {route}


def test_where_the_record_names_no_route_it_is_unknown():
    found = route_on("us/section-122/import-surcharge", date(2026, 3, 1), TODAY)
    assert (found.route, found.last_day, found.days_left) == (Route.UNKNOWN, None, None)
