"""Turns: operators are served one after the other, so that a large fleet does not keep a small one waiting."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot
from risk.flows import claims as claiming
from risk.flows.claims import claim
from risk.flows.owed import owe
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")


def a_fleet_of(slug, lots, tmp_path):
    operator = an_operator(slug, slug.title())
    a_fleet(tmp_path, operator, [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(1, lots + 1)])
    return operator


@pytest.fixture
def large_and_small(tmp_path, monkeypatch):
    """A fleet of twelve lots and two of one and two, all owed; batches are of four."""
    monkeypatch.setattr(claiming, "BATCH", 4)
    for slug, lots in (("large", 12), ("small", 1), ("tiny", 2)):
        a_fleet_of(slug, lots, tmp_path)
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="an edition", now=NOW)


def claims():
    """Whose lots each claim takes, until nothing is left."""
    taken = []
    while held := claim(NOW):
        taken.append(sorted(Lot.objects.filter(pk__in=held.lot_ids).values_list("operator__slug", flat=True)))
    return taken


def test_a_large_fleet_leaves_its_turn_to_the_small_ones_after_each_batch(large_and_small):
    assert claims() == [
        ["large"] * 4,
        ["large", "small", "tiny", "tiny"],
        ["large"] * 4,
        ["large"] * 3,
    ]


def test_a_batch_is_filled_with_the_lots_of_whoever_is_next(large_and_small):
    claim(NOW)
    assert len(claim(NOW).lot_ids) == 4


def test_what_fits_a_batch_is_taken_at_once_of_however_many_it_is(large_and_small, monkeypatch):
    monkeypatch.setattr(claiming, "BATCH", 15)
    monkeypatch.setattr(claiming, "FILLED_FROM", 1)
    assert claims() == [["large"] * 12 + ["small", "tiny", "tiny"]]


def test_more_than_a_batch_is_taken_of_few_at_a_time(large_and_small, monkeypatch):
    monkeypatch.setattr(claiming, "BATCH", 14)
    monkeypatch.setattr(claiming, "FILLED_FROM", 1)
    assert claims() == [["large"] * 12 + ["small"], ["tiny", "tiny"]]


def test_a_claim_asks_as_little_of_a_thousand_lots_as_of_ten(tmp_path):
    def questions(slug, lots):
        a_fleet_of(slug, lots, tmp_path)
        with transaction.atomic():
            owe(Lot.objects.filter(operator__slug=slug).values_list("pk", flat=True), cause="a test", now=NOW)
        with CaptureQueriesContext(connection) as asked:
            assert len(claim(NOW).lot_ids) == lots
        return len(asked)

    assert questions("ten", 10) == questions("many", 300)


def test_the_next_lots_are_read_off_an_index_led_by_the_operator(large_and_small):
    """Of whoever is next nothing is sorted, however much it is owed."""
    with CaptureQueriesContext(connection) as asked:
        claim(NOW)
    oldest = next(query["sql"] for query in asked if "LIMIT 4" in query["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {oldest}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {oldest}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "next_lots_of_an_operator" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
