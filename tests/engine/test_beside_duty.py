"""Rules without a duty are told with what they mean, never as money; so are claims that are not computed."""

from __future__ import annotations

from datetime import date

import pytest

from risk.engine.beside_duty import NOT_COMPUTED, claims_not_computed, rules_without_duty
from risk.engine.conditions.claimed import Claimed
from risk.engine.duty import rates_on
from risk.engine.exposure import LotValue, assess
from risk.engine.outcomes import Considered
from risk.engine.policy import MeasureKind, RateType
from risk.engine.sanctions import sanction_finding
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.spans import DateSpan
from tests.facts import (
    ENTRY_DAY,
    a_base,
    a_book,
    a_lot,
    a_measure,
    a_vendor,
    an_entry,
    shipped_book,
    the_conditions,
)

MY = CountryCode("MY")


def a_ban(**said):
    facts = {
        "code": "US-BAN",
        "kind": MeasureKind.IMPORT_RESTRICTION,
        "rate_type": RateType.NONE,
        "rate": None,
        "title": "A ban",
        "means": "Such goods stay out.",
        "conditions": the_conditions(origins=frozenset({CountryCode("CN")})),
    }
    return a_measure(**(facts | said))


def codes(reasons):
    return [reason.code for reason in reasons]


def test_a_ban_is_told_with_its_citation_and_what_it_means_and_charges_nothing():
    book = a_book(a_base(), a_ban())
    (finding,) = rules_without_duty(an_entry(), book)
    assert (finding.code, finding.sentence) == (
        "import_restriction",
        "A ban (An act, its page). Such goods stay out.",
    )
    assert [line.measure for line in rates_on(an_entry(), book).lines] == ["US-BASE"]


@pytest.mark.parametrize(
    ("ban", "entry", "found"),
    [
        (a_ban(), an_entry(country_of_origin=MY), []),
        (a_ban(), an_entry(country_of_origin=None), ["import_restriction_possible"]),
        (a_ban(span=DateSpan(date(2030, 1, 1))), an_entry(), []),
        (
            a_ban(conditions=(*the_conditions(), Claimed("US-BAN"))),
            an_entry(),
            ["import_restriction_possible"],
        ),
        (
            a_ban(conditions=(*the_conditions(), Claimed("US-BAN"))),
            an_entry(claims=frozenset({"US-BAN"})),
            ["import_restriction"],
        ),
    ],
    ids=["another origin", "an unknown origin", "not yet", "waits for a finding", "the finding was made"],
)
def test_a_ban_reaches_what_it_looks_at(ban, entry, found):
    assert codes(rules_without_duty(entry, a_book(a_base(), ban))) == found


def test_a_rig_of_china_has_the_presumption_of_forced_labour_as_possible_and_no_small_parcel():
    told = {
        reason.sentence.partition(" (")[0]: reason.code
        for reason in rules_without_duty(an_entry(), shipped_book())
    }
    assert told == {
        "De minimis entry closed to all countries": "import_restriction",
        "Presumption of forced labour": "import_restriction_possible",
    }


def test_every_shipped_rule_without_a_duty_says_what_it_means():
    silent = [m.code for m in shipped_book().measures if m.kind is not MeasureKind.TARIFF and not m.means]
    assert silent == []


def test_the_finding_on_a_lot_tells_the_rules_beside_its_amounts():
    value = LotValue(in_fleet=Money.parse("1000"), ever=Money.parse("1000"))
    book = Considered(shipped_book())
    found = assess(a_lot(), a_vendor(), value, considered=book, on=ENTRY_DAY)
    assert {"import_restriction", "import_restriction_possible"} <= {r.code for r in found.findings}


def test_a_party_that_is_named_is_told_what_that_means():
    finding = sanction_finding(a_vendor(name="Sophgo"), shipped_book(), ENTRY_DAY)
    assert "is not forbidden by this list." in finding.reasons[0].sentence


@pytest.mark.parametrize("claim", NOT_COMPUTED)
def test_a_claim_that_is_not_computed_is_warned_of_and_changes_no_duty(claim):
    entry = an_entry(claims=frozenset({claim}))
    assert codes(claims_not_computed(entry)) == [f"{claim}_not_computed"]
    assert codes(Considered(shipped_book()).outcome(entry).warnings)[0] == f"{claim}_not_computed"
    assert rates_on(entry, shipped_book()) == rates_on(an_entry(), shipped_book())


def test_a_code_of_heading_9802_is_warned_of_as_a_repair():
    assert codes(claims_not_computed(an_entry(hts_code=HtsCode("98020050")))) == ["repair_not_computed"]
    assert claims_not_computed(an_entry()) == ()
