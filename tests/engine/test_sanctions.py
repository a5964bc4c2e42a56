"""How far lists reach a maker: by the hits that were decided, by its owners, and not at all where lists are stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from risk.engine.facts import Affiliation, Holding, Listing, ListScreened, VendorFacts
from risk.engine.findings import SanctionLevel
from risk.engine.kept_facts import as_plain, from_plain
from risk.engine.list_effects import LIST_EFFECTS, NOT_ON_RECORD, effect_of
from risk.engine.sanctions import days_of_lists, sanction_finding
from risk.engine.terms.spans import DateSpan
from tests.facts import a_book, a_measure, a_vendor

ON = date(2026, 11, 22)
NOBODY = a_book(a_measure())


def a_listing(list_code="US-OFAC-SDN", party="Bitmain", **said) -> Listing:
    wanted = {
        "entity_id": "7001",
        "listed_name": "SOMEBODY",
        "edition": "ofac_sdn 2 as of 2022-04-21",
        "is_confirmed": True,
        "programs": ("RUSSIA-EO14024",),
    }
    return Listing(party=party, list_code=list_code, **(wanted | said))


def found(vendor: VendorFacts, on=ON):
    return sanction_finding(vendor, NOBODY, on)


def held(owner="Owner", percent=None, owned="Bitmain") -> Holding:
    known = {} if percent is None else {"low": Decimal(percent), "high": Decimal(percent)}
    return Holding(owner=owner, owned=owned, **known)


@pytest.mark.parametrize(
    ("list_code", "level"),
    [
        ("US-OFAC-SDN", SanctionLevel.BLOCKED),
        ("US-BIS-EL", SanctionLevel.RESTRICTED),
        ("US-DHS-UFLPA", SanctionLevel.RESTRICTED),
        ("US-DOD-1260H", SanctionLevel.WATCH),
        ("OWN", SanctionLevel.WATCH),
    ],
)
def test_a_confirmed_hit_reaches_as_far_as_its_list(list_code, level):
    finding = found(a_vendor(listings=(a_listing(list_code),)))
    assert finding.level is level
    (reason,) = finding.reasons
    assert reason.code == "listed"
    for part in (list_code, "7001", "SOMEBODY", "RUSSIA-EO14024", "ofac_sdn 2 as of 2022-04-21"):
        assert part in reason.sentence


def test_every_effect_has_a_citation_and_an_unknown_list_says_that_it_has_none():
    assert all(effect.legal_reference and effect.title for effect in LIST_EFFECTS.values())
    assert effect_of("US-NEW").legal_reference == NOT_ON_RECORD


def test_an_open_hit_is_watched_and_never_clear():
    finding = found(a_vendor(listings=(a_listing(is_confirmed=False),)))
    assert (finding.level, finding.reasons[0].code) == (SanctionLevel.WATCH, "hit_open")


def test_a_listing_counts_from_its_day_through_its_end():
    span = DateSpan(date(2022, 4, 20), date(2026, 11, 30))
    vendor = a_vendor(listings=(a_listing(span=span),))
    levels = [found(vendor, day).level for day in (date(2022, 4, 19), date(2022, 4, 20), date(2026, 12, 1))]
    assert levels == [SanctionLevel.CLEAR, SanctionLevel.BLOCKED, SanctionLevel.CLEAR]
    assert days_of_lists(vendor, NOBODY) == {date(2022, 4, 20), date(2026, 12, 1)}


def test_a_stale_list_is_not_screened_and_never_clear():
    lists = (ListScreened(list_code="US-OFAC-SDN", edition="ofac_sdn 2", fresh_through=ON),)
    vendor = a_vendor(lists_screened=lists)
    assert found(vendor).level is SanctionLevel.CLEAR
    after = date(2026, 11, 23)
    stale = found(vendor, after)
    assert (stale.level, stale.is_screened) == (SanctionLevel.UNKNOWN, False)
    assert "stale" in stale.reasons[0].sentence
    assert days_of_lists(vendor, NOBODY) == {after}


def test_a_fresh_list_beside_a_stale_one_says_so():
    lists = (
        ListScreened(list_code="US-BIS-EL", edition="csl 1", fresh_through=date(2022, 5, 1)),
        ListScreened(list_code="US-OFAC-SDN", edition="ofac_sdn 2", fresh_through=date(2026, 11, 30)),
    )
    finding = found(a_vendor(lists_screened=lists))
    assert (finding.level, finding.is_screened) == (SanctionLevel.CLEAR, True)
    assert [reason.code for reason in finding.reasons] == ["list_stale"]


def test_for_questions_about_other_days_the_lists_of_today_count():
    lists = (ListScreened(list_code="US-OFAC-SDN", edition="ofac_sdn 2", fresh_through=ON),)
    vendor, far = a_vendor(lists_screened=lists), date(2027, 6, 1)
    assert found(vendor.as_known_on(ON), far).level is SanctionLevel.CLEAR
    assert found(vendor.as_known_on(far), far).level is SanctionLevel.UNKNOWN


def test_a_hit_binds_although_every_list_is_stale():
    finding = found(a_vendor(lists_screened=(), listings=(a_listing(),)))
    assert (finding.level, finding.is_screened) == (SanctionLevel.BLOCKED, False)


@pytest.mark.parametrize(
    ("holdings", "level", "code"),
    [
        ((held(percent=50),), SanctionLevel.BLOCKED, "blocked_by_ownership"),
        ((held(percent=49),), SanctionLevel.WATCH, "minority_holding"),
        ((held(),), SanctionLevel.UNKNOWN, "ownership_cannot_be_excluded"),
        (
            (held(percent=50, owned="Middle"), held("Middle", 50)),
            SanctionLevel.BLOCKED,
            "blocked_by_ownership",
        ),
        ((held(percent=30), held("Other", 30)), SanctionLevel.BLOCKED, "blocked_by_ownership"),
    ],
)
def test_listed_owners_reach_by_the_50_percent_rule(holdings, level, code):
    listings = (a_listing(party="Owner"), a_listing(party="Other", entity_id="7002"))
    finding = found(a_vendor(holdings=holdings, listings=listings))
    assert (finding.level, finding.reasons[0].code) == (level, code)
    assert "path: Owner → " in finding.reasons[0].sentence
    assert "Owner is 'SOMEBODY' (US-OFAC-SDN 7001" in finding.reasons[0].sentence


def test_an_owner_of_whom_nobody_has_decided_is_watched():
    listings = (a_listing(party="Owner", is_confirmed=False),)
    finding = found(a_vendor(holdings=(held(percent=90),), listings=listings))
    assert (finding.level, finding.reasons[0].code) == (SanctionLevel.WATCH, "tie_hit_open")


def test_owners_on_the_entity_list_wait_for_a_person_since_the_rule_may_be_back():
    listings = (a_listing("US-BIS-EL", party="Owner"),)
    vendor = a_vendor(holdings=(held(percent=60),), listings=listings)
    assert found(vendor, date(2025, 10, 1)).level is SanctionLevel.RESTRICTED
    assert found(vendor, date(2026, 1, 1)).level is SanctionLevel.WATCH
    assert found(vendor, ON).level is SanctionLevel.UNKNOWN
    assert date(2026, 11, 10) in days_of_lists(vendor, NOBODY)


def test_a_sister_that_is_listed_makes_a_maker_watched_while_the_tie_stands():
    tie = Affiliation(other_party="Sister", relation="common control", span=DateSpan(date(2020, 1, 1)))
    vendor = a_vendor(affiliations=(tie,), listings=(a_listing(party="Sister"),))
    assert found(vendor).reasons[0].code == "affiliate_listed"
    assert found(vendor).level is SanctionLevel.WATCH
    assert found(vendor, date(2019, 1, 1)).level is SanctionLevel.CLEAR


def test_kept_facts_come_back_as_they_were():
    vendor = a_vendor(
        lists_screened=(ListScreened(list_code="US-OFAC-SDN", edition="ofac_sdn 2", fresh_through=ON),),
        listings=(a_listing(span=DateSpan(date(2022, 4, 20))),),
        holdings=(replace(held(percent=50), source="a paper"),),
    )
    assert from_plain(VendorFacts, as_plain(vendor)) == vendor
