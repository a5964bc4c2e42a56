"""Numbers in the words that people read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from risk.dashboard import headline
from risk.dashboard.words import (
    about_dollars,
    counted,
    days_until,
    dollars,
    fact_in_words,
    hashrate,
    percent,
    power,
)
from risk.engine.shares import fleet_shares
from risk.engine.terms.money import FREE, Money
from risk.selectors import FleetExposure
from tests.database import TODAY
from tests.engine.test_shares import a_rate, some_rigs


def exposure(*some):
    """A fleet's exposure without a database."""
    return FleetExposure(
        operator=None,
        assessed_on=TODAY,
        edition=None,
        list_editions={},
        whole=fleet_shares(some, threshold=FREE),
        groups=None,
        owed_lots=0,
        assessed_at=None,
    )


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (None, "not known"),
        ("0", "0 %"),
        ("0.0004", "< 0.1 %"),
        ("0.0005", "0.1 %"),
        ("0.6145", "61.5 %"),
        ("0.75", "75 %"),
        ("0.99951", "> 99.9 %"),
        ("1", "100 %"),
    ],
)
def test_a_share_is_never_told_as_nothing_or_as_all_when_it_is_not(share, told):
    assert percent(None if share is None else Decimal(share)) == told


@pytest.mark.parametrize(
    ("ghs", "told"),
    [
        (500, "500 GH/s"),
        (104_000, "104 TH/s"),
        (310_200_000, "310.2 PH/s"),
        (14_250_000_000, "14.2 EH/s"),
        (3_000_000_000_000, "3,000 EH/s"),
    ],
)
def test_hashrate_is_told_in_the_unit_that_fits(ghs, told):
    assert hashrate(ghs) == told


def test_power_and_money_are_told_in_the_units_that_fit():
    assert (power(3_068), power(8_400_000)) == ("3 kW", "8.4 MW")
    assert dollars(Money.parse("1284000.49")) == "$1,284,000"
    assert (dollars(Money.parse("0")), dollars(Money.parse("0.40"))) == ("$0", "$0.40")
    assert (about_dollars(7_400_000_000), about_dollars(99_900)) == ("$74.0 million", "$999")


def test_one_is_one_and_two_are_two():
    assert (counted(1, "lot"), counted(2400, "rig"), counted(0, "entry", "entries")) == (
        "1 lot",
        "2,400 rigs",
        "0 entries",
    )


def test_facts_and_codes_are_told_by_the_words_of_the_field():
    told = [
        fact_in_words(name) for name in ("hts_code", "hts_code_unreadable", "entry_date", "model_unknown")
    ]
    assert told == ["HTS code", "HTS code unreadable", "entry date", "model unknown"]


def test_days_are_told_as_people_say_them():
    told = [days_until(TODAY.replace(day=day), TODAY) for day in (10, 21, 22, 23, 30)]
    assert told == ["12 days ago", "yesterday", "today", "tomorrow", "in 8 days"]


def test_the_headline_tells_share_whole_and_parts():
    fleet = exposure(
        some_rigs(lot_id=1, units=100, hashrate=200_000, rate=a_rate(25)),
        some_rigs(lot_id=2, units=100, hashrate=100_000),
        some_rigs(lot_id=3, units=100, hashrate=100_000, rate=None, worst=a_rate(60)),
    )
    assert headline(fleet) == "50 % of 40 PH/s is exposed (tariff 50 %, sanction 0 %, unknown 25 %)"


def test_a_fleet_without_hashrate_is_told_by_units():
    told = headline(exposure(some_rigs(hashrate=0, rate=a_rate(25))))
    assert told.startswith("100 % of 10 rigs are exposed")


def test_an_empty_fleet_is_told_in_words():
    assert headline(exposure()) == "The fleet is empty: no rigs are on record yet"


def test_a_fleet_that_nobody_assessed_is_not_told_as_a_share():
    waiting = some_rigs(rate=None, worst=None, doubted_facts=("assessment",))
    assert headline(exposure(waiting)) == "Nothing is assessed yet: 1 lot to go, 10 rigs"
