"""The exposed share: every lot once in the bar, shares that add up, and nothing unknown counted as clean."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from risk.engine.findings import SanctionLevel
from risk.engine.shares import Held, Kind, Measured, Part, Standing, fleet_shares, grouped
from risk.engine.terms.money import FREE, AdValoremRate, Money
from risk.engine.terms.rigs import RigStatus


def a_rate(percent):
    return AdValoremRate.of_percent(str(percent))


def a_standing(**said) -> Standing:
    facts = {
        "lot_id": 1,
        "maker": "Bitmain",
        "model": "Antminer S21",
        "country_of_origin": "CN",
        "country_of_assembly": "CN",
        "rate": FREE,
        "best": FREE,
        "worst": FREE,
        "sanction": SanctionLevel.CLEAR,
        "is_screened": True,
        "band": "none",
        "duty_to_come": Money.of_cents(0),
        "contingent": Money.of_cents(0),
        "refundable": Money.of_cents(0),
        "replacement": Money.of_cents(0),
    }
    return Standing(**(facts | said))


def some_rigs(
    units=10, hashrate=2000, power=3500, value=100_000, status=RigStatus.DEPLOYED, site="A", **said
) -> Held:
    rigs = Measured(
        units=units,
        hashrate_ghs=units * hashrate,
        units_with_hashrate=units if hashrate else 0,
        power_w=units * power,
        units_with_power=units if power else 0,
        value_cents=units * value,
        units_with_value=units if value else 0,
    )
    return Held(standing=a_standing(**said), site=site, status=status, rigs=rigs)


def test_a_tenth_of_the_units_can_be_a_quarter_of_the_hashrate():
    slow, fast = (
        some_rigs(units=90, hashrate=100),
        some_rigs(units=10, hashrate=300, lot_id=2, rate=a_rate(10)),
    )
    exposed = fleet_shares([slow, fast], threshold=FREE).exposed[Kind.TARIFF]
    assert (exposed.of_units, exposed.of_hashrate) == (Decimal("0.1"), Decimal("0.25"))


def test_a_lot_is_counted_once_and_sanction_comes_first():
    both = a_standing(rate=a_rate(25), sanction=SanctionLevel.RESTRICTED)
    assert both.part(FREE) is Part.SANCTION
    assert both.kinds(FREE) == {Kind.TARIFF, Kind.SANCTION, Kind.ANY}


def test_a_missing_fact_that_could_expose_the_lot_makes_it_unknown():
    assert a_standing(rate=None, best=FREE, worst=a_rate(25)).part(FREE) is Part.UNKNOWN
    assert a_standing(rate=None, best=FREE, worst=None).part(FREE) is Part.UNKNOWN


def test_a_missing_fact_that_changes_nothing_leaves_the_lot_where_it_is():
    assert a_standing(rate=None, best=a_rate(10), worst=a_rate(25)).part(FREE) is Part.TARIFF
    assert a_standing(rate=None, best=FREE, worst=a_rate(5)).part(a_rate(10)) is Part.CLEAR


def test_an_unscreened_maker_is_never_clear_and_watch_does_not_hide_it():
    assert a_standing(sanction=SanctionLevel.UNKNOWN, is_screened=False).part(FREE) is Part.UNKNOWN
    assert a_standing(sanction=SanctionLevel.WATCH, is_screened=False).part(FREE) is Part.UNKNOWN
    assert a_standing(sanction=SanctionLevel.WATCH).part(FREE) is Part.WATCH


def test_the_threshold_of_the_operator_decides_from_which_rate_on_a_lot_is_exposed():
    assert a_standing(rate=a_rate(10)).tariff_exposed(a_rate(10)) is False
    assert a_standing(rate=a_rate("10.1")).tariff_exposed(a_rate(10)) is True


def test_retired_and_sold_rigs_are_outside_the_fleet():
    held = [some_rigs(units=5), some_rigs(units=7, status=RigStatus.SOLD, rate=a_rate(25), lot_id=2)]
    assert fleet_shares(held, threshold=FREE).fleet.units == 5


def test_a_unit_without_hashrate_leaves_both_sides_of_that_share():
    known, silent = some_rigs(units=10, rate=a_rate(25)), some_rigs(units=90, hashrate=0, lot_id=2)
    shares = fleet_shares([known, silent], threshold=FREE)
    assert shares.exposed[Kind.TARIFF].of_units == Decimal("0.1")
    assert shares.exposed[Kind.TARIFF].of_hashrate == 1
    assert shares.fleet.units_with_hashrate == 10


def test_a_share_of_nothing_is_none():
    assert fleet_shares([], threshold=FREE).exposed[Kind.ANY].of_units is None


def test_an_unknown_amount_is_counted_beside_the_sum_and_not_in_it():
    held = [some_rigs(contingent=Money.of_cents(500)), some_rigs(lot_id=2, contingent=None)]
    amount = fleet_shares(held, threshold=FREE).duty["contingent"]
    assert (amount.known, amount.unknown_lots) == (Money.of_cents(500), 1)


def test_groups_add_up_to_the_fleet():
    held = [
        some_rigs(units=3, site="A"),
        some_rigs(units=4, site="B", lot_id=2),
        some_rigs(units=5, site=None, lot_id=3),
    ]
    groups = grouped(held, lambda each: each.site, threshold=FREE)
    assert {name: group.fleet.units for name, group in groups.items()} == {None: 5, "B": 4, "A": 3}


fleets = st.lists(
    st.builds(
        some_rigs,
        units=st.integers(0, 1000),
        hashrate=st.integers(0, 300_000),
        power=st.integers(0, 7000),
        value=st.integers(0, 10_000_00),
        status=st.sampled_from(RigStatus),
        lot_id=st.integers(1, 10),
        rate=st.sampled_from([None, FREE, a_rate(10), a_rate(25)]),
        worst=st.sampled_from([None, FREE, a_rate(25)]),
        sanction=st.sampled_from(SanctionLevel),
        is_screened=st.booleans(),
    ),
    max_size=12,
)


@given(fleets)
def test_the_bar_adds_up_to_one_in_every_measure(held):
    shares = fleet_shares(held, threshold=FREE)
    for measure in ("units", "hashrate", "power", "value"):
        parts = [shares.bar[part].of(measure) for part in Part]
        assert all(part is None for part in parts) or sum(parts) == 1


@given(fleets)
def test_either_is_never_less_than_its_parts_nor_more_than_their_sum(held):
    exposed = {kind: shares.rigs.units for kind, shares in fleet_shares(held, threshold=FREE).exposed.items()}
    assert max(exposed[Kind.TARIFF], exposed[Kind.SANCTION]) <= exposed[Kind.ANY]
    assert exposed[Kind.ANY] <= exposed[Kind.TARIFF] + exposed[Kind.SANCTION]
