"""What a vendor means to an operator: shares, concentration, origins, evidence, and what a listing would do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.models import Lot, OriginEvidence
from risk.flows.what_if import what_if
from risk.models import PolicyEdition
from risk.scenarios import read_scenario
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_row
from vendors.dashboard.scorecard import concentration, scorecard
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")

ROWS = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY"),
    a_row(3, country_of_origin="", country_of_assembly="", customs_value=""),
    a_row(4, model="WhatsMiner M60S 186T", country_of_origin="US", country_of_assembly="US", entry_date=""),
    a_row(5, status="retired"),
]


@pytest.fixture
def fleet(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, ROWS)
    return operator


def card(operator, slug="bitmain", edition=None):
    return scorecard(Vendor.objects.get(slug=slug), operator, today=TODAY, edition=edition)


def test_the_share_of_the_fleet_is_told_by_units_hashrate_and_value_without_rigs_that_are_gone(fleet):
    shares = {line.measure: line for line in card(fleet).shares}
    assert (shares["units"].amount, shares["units"].share) == ("3 rigs", "75 %")
    assert shares["hashrate"].share == "75 %"
    assert shares["value"].amount == "$10,000"
    assert shares["units"].concentration == "0.62"  # (9 + 1) / 16
    assert card(fleet).rank == "number 1 of 2 makers by rigs"
    assert card(fleet, "microbt").rank == "number 2 of 2 makers by rigs"


@given(st.lists(st.integers(0, 10**9), max_size=9))
def test_concentration_lies_between_one_over_the_makers_and_one(amounts):
    index = concentration(amounts)
    if not sum(amounts):
        assert index is None
        return
    assert Decimal(1) / len(amounts) - Decimal("0.000001") <= index <= 1


def test_origins_are_counted_and_a_silent_one_is_named_so(fleet):
    assert {line.name: line.rigs for line in card(fleet).origins} == {
        "China": "1 rig",
        "Malaysia": "1 rig",
        "not given": "1 rig",
    }


def test_the_sanction_level_is_that_of_the_lots_as_assessed(fleet):
    assert {line.name: line.lots for line in card(fleet).sanctions} == {"watch": "3 lots"}


def test_evidence_is_told_with_its_expiry_and_what_has_none(fleet):
    papers = {"valid": TODAY + timedelta(days=12), "old": TODAY}
    for (title, expires), lot in zip(
        papers.items(),
        Lot.objects.filter(
            operator=fleet, model__maker__slug="bitmain", holdings__status="deployed"
        ).order_by("pk"),
        strict=False,
    ):
        paper = OriginEvidence.objects.create(
            operator=fleet,
            title=title,
            kind="certificate",
            country="MY",
            strength="strong",
            expires_on=expires,
            added_at=NOW,
            file="x",
        )
        paper.lots.add(lot)
    told = card(fleet)
    assert [(line.title, line.expires, line.has_expired) for line in told.papers] == [
        ("valid", "4 Dec 2026, in 12 days", False),
        ("old", "22 Nov 2026, today", True),
    ]
    assert told.uncovered == "2 of 3 lots without evidence of origin in force"


def test_a_listing_tomorrow_exposes_what_the_what_if_engine_says(fleet):
    edition = PolicyEdition.objects.current()
    told = card(fleet, edition=edition)
    shares = {name: (before, after) for name, before, after in told.listed.lines}
    assert shares["units"][1] == "75 %"
    assert shares["units"][0] != shares["units"][1]
    on = TODAY + timedelta(days=1)
    said = {"vendors": {"listed": [{"vendor": "Bitmain", "effect": "blocks", "since": on.isoformat()}]}}
    supposed = what_if(fleet, read_scenario(said), edition=edition, on=on)
    assert f"{supposed.after.whole.exposed['any'].of_units * 100:f}".rstrip("0").rstrip(".") == "75"


def test_a_vendor_of_which_the_operator_holds_nothing_has_no_card(fleet):
    assert card(fleet, "canaan") is None
    assert card(an_operator("other", "Other")) is None
