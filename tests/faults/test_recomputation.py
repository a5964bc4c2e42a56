"""The comparison with a recomputation can fail: it sees a value, a lot or a holding that is not what it was."""

from __future__ import annotations

import pytest
from django.db.models import F

from fleet.models import Holding, Lot
from risk.models import Assessment, Explanation, Exposure
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.faults import recomputation
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped", "fleet")


@pytest.fixture
def fleet(tmp_path):
    """Two lots of two origins, assessed."""
    sheet = a_csv(tmp_path, [a_row(1), a_row(2, country_of_origin="MY")])
    answer_of("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")


def told() -> list[str]:
    return list(recomputation.differences(TODAY))


def test_what_nobody_touched_is_equal():
    kept, again = recomputation.digests()
    assert (told(), kept) == ([], again)


@pytest.mark.parametrize(
    "wrong", [{"replacement_cents": F("replacement_cents") + 1}, {"engine_version": "4"}, {"score": None}]
)
def test_a_value_that_is_not_what_the_facts_come_to_is_told_and_moves_the_digest(wrong):
    Exposure.objects.filter(origin="CN").update(**wrong)
    kept, again = recomputation.digests()
    assert kept != again
    assert any(next(iter(wrong)) in each for each in told())


def test_the_order_in_which_a_database_keeps_json_is_no_difference():
    kept, _ = recomputation.digests()
    for row in Exposure.objects.all():
        Exposure.objects.filter(pk=row.pk).update(facts=dict(reversed(row.facts.items())))
    assert recomputation.digests()[0] == kept


def test_a_finding_on_facts_that_moved_since_is_told():
    Lot.objects.filter(country_of_origin="MY").update(country_of_origin="VN")
    assert any("origin is 'MY'" in each for each in told())


def test_a_lot_without_a_finding_is_told():
    Exposure.objects.filter(origin="CN").update(is_current=False)
    assert [each for each in told() if "no finding" in each]


def test_a_lot_that_was_set_aside_is_told():
    lot = Lot.objects.get(country_of_origin="MY")
    Assessment.objects.create(lot=lot, operator=lot.operator, owed_at=NOW, cause="a test", error="no room")
    assert told() == [f"Lot {lot.pk} was set aside: no room"]


def test_a_holding_that_is_not_what_its_rigs_come_to_is_told():
    Holding.objects.filter(lot__country_of_origin="CN").update(units=7)
    assert any("no rigs come to it" in each for each in told())


def test_a_sentence_changed_in_an_explanation_is_told():
    one = Explanation.objects.first()
    Explanation.objects.filter(pk=one.pk).update(body={**one.body, "clock": "closed"})
    assert [each for each in told() if each.startswith("Explanation")]
