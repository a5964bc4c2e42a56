"""What an edition is held against: the goods of all lots, those that are alike at once, and none left out."""

from functools import partial

import pytest

from fleet import selectors
from fleet.models import Holding, Lot
from fleet.selectors import lots_of_makers, standing_goods
from ledger.written_queries import WrittenQuery
from tests.console.visitors import a_fleet, an_operator
from tests.database import TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

MADE_HERE = {"country_of_origin": "US", "country_of_assembly": "US", "import_country": "US"}


def ordered(number, **said):
    """A rig of a purchase order of its own."""
    return a_row(number, **said) | {"Purchase Order": f"PO-{number}"}


@pytest.fixture
def lots(tmp_path):
    """Two lots that differ in days and papers alone, two made here of which one was entered, one of another model,
    and one that holds nothing any more."""
    rows = [
        ordered(1),
        ordered(2, entry_date="2026-01-05"),
        ordered(3, **MADE_HERE, entry_date="", entry_number=""),
        ordered(4, **MADE_HERE, entry_date="", entry_number="ABC-1234567-8"),
        ordered(5, model="Whatsminer M60S"),
        ordered(6),
    ]
    a_fleet(tmp_path, an_operator(), rows)
    gone = Lot.objects.get(purchase_order="PO-6")
    Holding.objects.filter(lot=gone).delete()
    return set(Lot.objects.exclude(pk=gone.pk).values_list("pk", flat=True))


@pytest.fixture(params=(5_000, 2, 1))
def at_once(request, monkeypatch):
    """However many rows come in a step."""
    query = WrittenQuery(partial(selectors._next_standing, at_once=request.param))
    monkeypatch.setattr(selectors, "_STANDING", query)


def test_every_lot_that_holds_rigs_is_told_once(lots, at_once):
    told = [pk for goods in standing_goods() for pk in goods.lot_ids]
    assert sorted(told) == sorted(lots)


def looked_at_first(facts):
    """What measures look at first."""
    entries = [facts.entry(on=TODAY, origin=origin) for origin in (facts.origin, facts.hashboard_origin)]
    return [(each.import_country, each.hts_code, each.country_of_origin) for each in entries]


def test_measures_look_at_the_goods_of_one_first_as_at_those_of_each(lots, at_once):
    each = {lot.lot_id: lot for lot in lots_of_makers(lots)}
    for goods in standing_goods():
        for pk in goods.lot_ids:
            assert each[pk].maker_id == goods.maker_id
            assert looked_at_first(each[pk].facts) == looked_at_first(goods.facts)


def test_lots_that_differ_in_days_and_papers_alone_are_told_together(lots):
    orders = dict(Lot.objects.values_list("pk", "purchase_order"))
    together = sorted(sorted(orders[pk] for pk in goods.lot_ids) for goods in standing_goods())
    assert together == [["PO-1", "PO-2"], ["PO-3", "PO-4"], ["PO-5"]]
