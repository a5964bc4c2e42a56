"""Limits on purchases: what each looks at, what an unknown fact makes of it, and which one decides."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from risk.engine.allocation import over_units, shared_out
from risk.engine.findings import Reason, SanctionLevel
from risk.engine.sanctions import SanctionFinding, together
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import Money
from risk.engine.verdicts import (
    DEFAULT_LIMITS,
    Decided,
    LimitKind,
    LineFound,
    OrderFound,
    PurchaseVerdict,
    decide_line,
    decide_order,
    limit_from,
    limits_that_count,
)
from tests.facts import a_rate

ALLOW, ASK, REFUSE = PurchaseVerdict
CLEAN = LineFound(
    sanction=SanctionLevel.CLEAR,
    is_screened=True,
    rate=a_rate(10),
    worst=a_rate(10),
    landed_unit_cost=Money.parse("4000.00"),
    vendor="Bitmain",
    origin=CountryCode("MY"),
)


def verdict(found: LineFound, *limits: tuple[str, str, str]) -> PurchaseVerdict:
    """What limits in words say of a line."""
    return decide_line(found, [limit_from(*limit) for limit in limits]).verdict


def test_a_line_within_all_limits_is_allowed_and_no_limit_is_named():
    decided = decide_line(CLEAN, DEFAULT_LIMITS)
    assert (decided.verdict, decided.decided_by) == (ALLOW, None)


@pytest.mark.parametrize(
    ("found", "limit", "expected"),
    [
        ({"sanction": SanctionLevel.RESTRICTED}, ("sanction_level", "restricted", "refuse"), REFUSE),
        ({"sanction": SanctionLevel.BLOCKED}, ("sanction_level", "restricted", "refuse"), REFUSE),
        ({"sanction": SanctionLevel.WATCH}, ("sanction_level", "restricted", "refuse"), ALLOW),
        ({"sanction": SanctionLevel.WATCH}, ("sanction_level", "watch", "ask"), ASK),
        ({"rate": a_rate(25)}, ("additional_rate_over", "25", "ask"), ALLOW),
        ({"rate": a_rate("25.1")}, ("additional_rate_over", "25 %", "refuse"), REFUSE),
        ({"unknown": ("vendor",)}, ("unknown", "", "ask"), ASK),
        ({"unknown": ("vendor",)}, ("unknown", "", "refuse"), REFUSE),
        ({}, ("landed_unit_cost_over", "4000", "refuse"), ALLOW),
        ({}, ("landed_unit_cost_over", "3999.99", "refuse"), REFUSE),
        ({}, ("vendor", "BITMAIN", "ask"), ASK),
        ({}, ("vendor", "Canaan", "refuse"), ALLOW),
        ({}, ("country_of_origin", "Malaysia", "refuse"), REFUSE),
        ({}, ("country_of_origin", "CN", "refuse"), ALLOW),
    ],
)
def test_a_limit_speaks_where_it_is_overstepped(found, limit, expected):
    assert verdict(replace(CLEAN, **found), limit) is expected


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        (
            {"sanction": SanctionLevel.UNKNOWN, "is_screened": False},
            ("sanction_level", "restricted", "refuse"),
        ),
        ({"sanction": SanctionLevel.WATCH, "is_screened": False}, ("sanction_level", "restricted", "refuse")),
        ({"rate": None, "worst": a_rate(60)}, ("additional_rate_over", "25", "refuse")),
        ({"rate": None, "worst": None}, ("additional_rate_over", "25", "refuse")),
        ({"landed_unit_cost": None}, ("landed_unit_cost_over", "9000", "refuse")),
        ({"vendor": None}, ("vendor", "Bitmain", "refuse")),
        ({"origin": None}, ("country_of_origin", "CN", "refuse")),
    ],
)
def test_what_is_unknown_asks_whatever_the_limit_would_say(found, limit):
    assert verdict(replace(CLEAN, **found), limit) is ASK


@pytest.mark.parametrize(
    ("said", "expected"), [("sino  GLOBAL", REFUSE), ("Sino Global Ltd", ASK), (None, ASK)]
)
def test_a_vendor_that_the_register_does_not_know_is_refused_by_the_name_that_the_order_gives(said, expected):
    found = replace(CLEAN, vendor=None, vendor_asked=said)
    assert verdict(found, ("vendor", "Sino Global", "refuse")) is expected


def test_a_rate_that_is_within_the_limit_even_at_worst_is_no_question():
    found = replace(CLEAN, rate=None, worst=a_rate(20))
    assert verdict(found, ("additional_rate_over", "25", "refuse")) is ALLOW


def test_the_worst_line_decides_for_the_order_and_the_first_limit_of_the_worst_is_named():
    limits = (*DEFAULT_LIMITS, limit_from("country_of_origin", "CN", "refuse"))
    chinese = replace(CLEAN, origin=CountryCode("CN"), sanction=SanctionLevel.BLOCKED, rate=a_rate(60))
    lines = [decide_line(found, limits, line=number) for number, found in enumerate([CLEAN, chinese])]
    order = decide_order(
        OrderFound(exposed_share=Decimal("0.4"), share_at_worst=Decimal("0.4")), lines, limits
    )
    assert [each.verdict for each in lines] == [ALLOW, REFUSE]
    assert (order.verdict, order.decided_by.limit, order.decided_by.line) == (REFUSE, limits[0], 1)
    assert [each.limit for each in order.because] == [limits[0], limits[1], limits[3]]


def test_an_own_limit_takes_the_place_of_the_shipped_one_of_its_kind_alone():
    level, rate, unknown = DEFAULT_LIMITS
    own = limit_from("additional_rate_over", "30", "ask")
    assert limits_that_count([own]) == (own, level, unknown)
    assert limits_that_count([]) == DEFAULT_LIMITS
    milder = limit_from("sanction_level", "blocked", "refuse")
    assert limits_that_count([milder]) == (milder, rate, unknown)


@pytest.mark.parametrize(
    ("found", "expected"), [({"sanction": SanctionLevel.BLOCKED}, REFUSE), ({"unknown": ("vendor",)}, ASK)]
)
def test_a_limit_on_duty_alone_lets_nobody_pass_whom_the_shipped_limits_stop(found, expected):
    limits = limits_that_count([limit_from("additional_rate_over", "30", "ask")])
    assert decide_line(replace(CLEAN, **found), limits).verdict is expected


@pytest.mark.parametrize(
    ("share", "worst", "expected"),
    [
        ("0.5", "0.5", ALLOW),
        ("0.500001", "0.500001", REFUSE),
        ("0", "0.5", ALLOW),
        ("0", "0.500001", ASK),
        (None, None, ASK),
    ],
)
def test_a_limit_on_the_exposed_share_looks_at_the_order_as_a_whole_and_asks_of_units_in_doubt(
    share, worst, expected
):
    limit = limit_from("exposed_share_over", "50", "refuse")
    found = OrderFound(exposed_share=share and Decimal(share), share_at_worst=worst and Decimal(worst))
    assert decide_line(CLEAN, [limit]) == Decided()
    assert decide_order(found, [Decided()], [limit]).verdict is expected


@pytest.mark.parametrize(
    "limit",
    [
        ("colour", "", "ask"),
        ("unknown", "", "allow"),
        ("unknown", "everything", "ask"),
        ("sanction_level", "clear", "ask"),
        ("additional_rate_over", "much", "ask"),
        ("additional_rate_over", "-1", "ask"),
        ("additional_rate_over", "NaN", "ask"),
        ("landed_unit_cost_over", "-4", "refuse"),
        ("vendor", "", "refuse"),
        ("country_of_origin", "Atlantis", "refuse"),
    ],
)
def test_what_is_no_limit_is_refused_with_a_sentence(limit):
    with pytest.raises(ValueError, match=r"\w"):
        limit_from(*limit)


def test_a_limit_is_told_in_the_words_of_people():
    assert (
        limit_from("additional_rate_over", "25.0", "ask").words == "ask over 25 % of duty above the base rate"
    )
    assert DEFAULT_LIMITS[0].words == "refuse at sanction level restricted or stronger"


def test_of_two_parties_the_stronger_level_stands_and_one_that_was_not_screened_leaves_it_open():
    clear = SanctionFinding(level=SanctionLevel.CLEAR, is_screened=True, reasons=())
    why = Reason("vendor_unknown", "Nobody knows the vendor.")
    unknown = SanctionFinding(level=SanctionLevel.UNKNOWN, is_screened=False, reasons=(why,))
    assert together([clear, unknown]) == unknown
    watch = SanctionFinding(level=SanctionLevel.WATCH, is_screened=True, reasons=())
    assert together([watch, unknown]).level is SanctionLevel.WATCH
    assert not together([watch, unknown]).is_screened


@given(amounts=some.lists(some.integers(0, 10**9), max_size=6), units=some.integers(1, 300))
def test_runs_of_units_bear_what_each_amount_shared_out_alone_would_lay_on_them(amounts, units):
    runs = over_units(amounts, units)
    each = [cents for count, cents in runs for _ in range(count)]
    alone = [shared_out(amount, [1] * units) for amount in amounts]
    assert each == [sum(shares) for shares in zip(*alone, strict=True)] or not amounts
    assert (len(each), sum(each)) == (units, sum(amounts))
    assert each == sorted(each, reverse=True)


MEASURES = {
    LimitKind.SANCTION_LEVEL: "watch",
    LimitKind.UNKNOWN: "",
    LimitKind.ADDITIONAL_RATE: "25",
    LimitKind.LANDED_UNIT_COST: "4000.00",
    LimitKind.EXPOSED_SHARE: "50",
    LimitKind.VENDOR: "Bitmain",
    LimitKind.ORIGIN: "MY",
}


@pytest.mark.parametrize("kind", list(LimitKind))
def test_every_kind_of_limit_can_be_said_judged_and_told(kind):
    limit = limit_from(kind, MEASURES[kind], "ask")
    assert (limit.kind, limit.measure) == (kind, MEASURES[kind])
    assert limit.words.startswith("ask ")
    assert (decide_line(CLEAN, [limit]).verdict is ALLOW) or kind in (LimitKind.VENDOR, LimitKind.ORIGIN)
    decide_order(OrderFound(exposed_share=None, share_at_worst=None), [], [limit])
