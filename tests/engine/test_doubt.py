"""Doubt: what each missing fact could change, and what to ask for first, by hand."""

from __future__ import annotations

from decimal import Decimal

from risk.engine.doubt import fleet_doubt
from risk.engine.findings import SanctionLevel
from risk.engine.shares import Held, Measured, Standing
from risk.engine.terms.rigs import RigStatus
from tests.facts import a_rate

NO_THRESHOLD = a_rate(0)


def held(lot_id, units, terahash, *, lacks=(), rate=None, worst=50, is_screened=True, status="deployed"):
    standing = Standing(
        lot_id=lot_id,
        maker="Bitmain",
        model="S21",
        country_of_origin=None,
        country_of_assembly=None,
        rate=None if rate is None else a_rate(rate),
        best=a_rate(rate or 0),
        worst=None if worst is None else a_rate(worst if rate is None else rate),
        sanction=SanctionLevel.CLEAR,
        is_screened=is_screened,
        band="none",
        duty_to_come=None,
        contingent=None,
        refundable=None,
        replacement=None,
        doubted_facts=lacks,
    )
    ghs = terahash * 1000
    rigs = Measured(units=units, hashrate_ghs=ghs, units_with_hashrate=units if ghs else 0)
    return Held(standing=standing, site="Pecos", status=RigStatus(status), rigs=rigs)


def test_three_lots_without_an_origin_are_one_ask_that_settles_them():
    lots = [held(i, 10, 3000, lacks=("country_of_origin",)) for i in (1, 2, 3)]
    doubt = fleet_doubt([*lots, held(4, 10, 1000, lacks=("import_country",))], threshold=NO_THRESHOLD)
    first, second = doubt.asks
    assert (first.facts, first.lots, first.rigs.units) == (("country_of_origin",), (1, 2, 3), 30)
    assert (first.settled, second.settled) == (Decimal("0.9"), Decimal(1))


def test_a_lot_that_lacks_two_facts_is_settled_only_by_both():
    doubt = fleet_doubt(
        [held(1, 1, 100, lacks=("country_of_origin", "hts_code")), held(2, 1, 60, lacks=("hts_code",))],
        threshold=NO_THRESHOLD,
    )
    # 100 TH/s for two facts is less for each than 60 TH/s for one.
    assert [ask.facts for ask in doubt.asks] == [("hts_code",), ("country_of_origin", "hts_code")]


def test_a_fact_that_bears_on_amounts_alone_has_a_range_and_is_no_ask():
    doubt = fleet_doubt([held(1, 5, 10, lacks=("customs_value",), rate=25)], threshold=NO_THRESHOLD)
    assert doubt.asks == ()
    assert [(each.fact, each.undecided.units) for each in doubt.facts] == [("customs_value", 0)]


def test_a_bound_that_is_not_known_for_one_lot_is_known_for_none():
    lots = [held(1, 1, 1, lacks=("hts_code",)), held(2, 1, 1, lacks=("hts_code",), worst=None)]
    assert fleet_doubt(lots, threshold=NO_THRESHOLD).facts[0].worst is None


def test_a_maker_that_was_never_screened_is_asked_for():
    doubt = fleet_doubt([held(1, 1, 1, rate=0, is_screened=False)], threshold=NO_THRESHOLD)
    assert doubt.asks[0].facts == ("list_screening",)


def test_the_share_lies_between_what_is_exposed_and_that_with_everything_unknown():
    doubt = fleet_doubt(
        [held(1, 1, 25, rate=25), held(2, 1, 25, lacks=("hts_code",)), held(3, 1, 50, rate=0)],
        threshold=NO_THRESHOLD,
    )
    assert (doubt.exposed.of_hashrate, doubt.exposed_at_most.of_hashrate) == (Decimal("0.25"), Decimal("0.5"))


def test_unknown_rigs_without_a_hashrate_are_weighed_by_units():
    doubt = fleet_doubt([held(1, 4, 0, lacks=("hts_code",))], threshold=NO_THRESHOLD)
    assert doubt.asks[0].settled == 1


def test_retired_rigs_raise_no_doubt():
    doubt = fleet_doubt([held(1, 1, 1, lacks=("hts_code",), status="retired")], threshold=NO_THRESHOLD)
    assert (doubt.asks, doubt.facts, doubt.unknown.units) == ((), (), 0)
