"""Measures alike may not both bite on the same goods on the same day."""

from __future__ import annotations

from datetime import date

import pytest

from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.facts import UNITED_STATES
from risk.engine.policy import RateType, Renumbering
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from risk.policy_files import check
from tests.facts import a_base, a_measure, the_conditions

CN, HK, MY = map(CountryCode, ("CN", "HK", "MY"))
ITS_END = "Not in effect from 2026-01-01: the act that ended it."
YEAR_2025 = DateSpan(date(2025, 1, 1), date(2025, 12, 31))


def other(**said):
    """A measure like the example, under another code."""
    return a_measure(**({"code": "US-OTHER"} | said))


def under(*prefixes, excluded=(), origins=None, more=()):
    """Conditions on a code, an origin and whatever else."""
    into, among = ImportedInto(UNITED_STATES), OriginAmong(origins)
    codes = HtsCodeUnder(tuple(map(HtsPrefix.parse, prefixes)), tuple(map(HtsPrefix.parse, excluded)))
    return (into, among, codes, *more)


MEET = {
    "the same goods": (a_measure(), other()),
    "one shared day": (
        a_measure(span=YEAR_2025, note=ITS_END),
        other(span=DateSpan(date(2025, 12, 31))),
    ),
    "a branch under a branch": (
        a_measure(conditions=under("8543")),
        other(conditions=under("8543.70.98", "8471")),
    ),
    "one shared origin": (
        a_measure(conditions=under("*", origins=frozenset({CN, HK}))),
        other(conditions=under("*", origins=frozenset({HK, MY}))),
    ),
    "base rates of two families": (a_base(), a_base(code="US-OTHER", family="us/other")),
    "a total beside a rate on top": (a_measure(), other(rate_type=RateType.FLOOR_TOTAL)),
}

DO_NOT_MEET = {
    "one begins when the other has ended": (
        a_measure(span=YEAR_2025, note=ITS_END),
        other(span=DateSpan(date(2026, 1, 1))),
    ),
    "different branches": (a_measure(conditions=under("8543")), other(conditions=under("8471"))),
    "a branch that the other excludes": (
        a_measure(conditions=under("*", excluded=("8471",))),
        other(conditions=under("8471.50")),
    ),
    "different origins": (
        a_measure(conditions=under("*", origins=frozenset({CN}))),
        other(conditions=under("*", origins=frozenset({MY}))),
    ),
    "different modes of transport": (
        a_measure(conditions=under("*", more=(CarriedBy(frozenset({TransportMode.AIR})),))),
        other(conditions=under("*", more=(CarriedBy(frozenset({TransportMode.VESSEL})),))),
    ),
    "one waits for a claim": (
        a_measure(),
        other(conditions=(*the_conditions(), Claimed("US-OTHER"))),
    ),
    "one yields to the other": (a_measure(), other(yields_to=frozenset({"US-EXAMPLE"}))),
    "one replaces the other": (a_measure(), other(replaces=frozenset({"US-EXAMPLE"}))),
    "different families": (a_measure(), other(family="us/other")),
    "a fee beside a duty": (a_measure(), other(rate_type=RateType.FEE)),
}


@pytest.mark.parametrize("pair", MEET)
def test_a_pair_that_meets_is_told(pair):
    complaints = check(MEET[pair])
    assert [complaint.code for complaint in complaints] == ["overlap"]


@pytest.mark.parametrize("pair", DO_NOT_MEET)
def test_a_pair_that_does_not_meet_is_not(pair):
    assert check(DO_NOT_MEET[pair]) == []


def test_the_complaint_names_the_later_measure_the_earlier_one_and_the_shared_days():
    earlier = a_measure(span=YEAR_2025, note=ITS_END)
    later = other(span=DateSpan(date(2025, 6, 1)))
    (complaint,) = check([later, earlier])
    assert complaint.sentence == (
        "us/example, US-OTHER, 2025-06-01: it and US-EXAMPLE both apply to the same goods from 2025-06-01 "
        "through 2025-12-31; end one before the other begins, or let one give way (yields_to)."
    )


def test_two_numbers_of_the_same_goods_meet_over_a_renumbering():
    renumbering = Renumbering(
        old=HtsPrefix("85437099"),
        new=HtsPrefix("85437098"),
        since=date(2022, 1, 27),
        legal_reference="the note",
    )
    pair = (a_measure(conditions=under("8543.70.99")), other(conditions=under("8543.70.98")))
    assert check(pair) == []
    assert [complaint.code for complaint in check(pair, renumberings=[renumbering])] == ["overlap"]
