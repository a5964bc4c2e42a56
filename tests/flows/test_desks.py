"""A worker that is cut short goes on where it was: what lots alike have in common is worked out once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import OperationalError

from fleet.models import Lot
from risk.engine import sittings
from risk.flows import assess_lots, claims
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import LEASE
from risk.flows.desks import taken_up
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.models import Assessment, Explanation, Exposure, PolicyEdition
from risk.services import publish_edition, put_measures, start_draft
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.facts import a_measure
from tests.sheets import a_row
from vendors.models import ContestedOrigin, Vendor

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def lots(tmp_path, monkeypatch):
    """Three lots that are alike, all owed, of which a batch takes one."""
    rows = [a_row(number) | {"Purchase Order": f"PO-{number}"} for number in range(3)]
    a_fleet(tmp_path, an_operator(), rows)
    monkeypatch.setattr(claims, "BATCH", 1)
    lots = list(Lot.objects.values_list("pk", flat=True))
    owe(lots, cause="a test", now=NOW)
    return lots


@pytest.fixture
def decided(monkeypatch):
    """How often a lot was decided."""
    asked = []
    decide = sittings.finding_on

    def counted(*told, **more):
        asked.append(told)
        return decide(*told, **more)

    monkeypatch.setattr(sittings, "finding_on", counted)
    return asked


one_batch = partial(assess_owed_lots, clock=lambda: NOW, until=NOW)


def test_lots_alike_are_decided_once_over_all_turns_of_a_worker(lots, decided):
    for _ in lots:
        assert one_batch(assessed_on=TODAY).is_cut_short
    assert not Assessment.objects.exists()
    assert len(decided) == 1
    assert Exposure.objects.current().values("explanation").distinct().count() == 1


def test_for_another_day_they_are_decided_anew(lots, decided):
    one_batch(assessed_on=TODAY)
    one_batch(assessed_on=TODAY + timedelta(days=1))
    assert len(decided) == 2


def test_under_another_edition_they_are_decided_anew(lots, decided):
    one_batch(assessed_on=TODAY)
    draft = put_measures(edition=start_draft(title="one measure more"), measures=[a_measure(code="US-MORE")])
    publish_edition(edition=draft, on=TODAY, at=NOW, reason="a test")
    follow_unfollowed_editions(now=NOW)
    for _ in lots:
        one_batch(assessed_on=TODAY)
    current = PolicyEdition.objects.current()
    assert set(Exposure.objects.current().values_list("edition", flat=True)) == {current.pk}
    assert len(decided) == 2


def test_what_became_of_a_maker_meanwhile_is_seen(lots):
    one_batch(assessed_on=TODAY)
    maker = Vendor.objects.get(name="Bitmain")
    ContestedOrigin.objects.create(vendor=maker, country="VN", first_date=date(2024, 1, 1))
    while one_batch(assessed_on=TODAY).is_cut_short:
        pass
    found = Exposure.objects.current().order_by("lot")
    makers = found.values_list("explanation__body__maker__contested_origins", flat=True)
    # The first lot was assessed before it was told, and nobody owed it again.
    assert ["VN" in {each["country"] for each in told} for told in makers] == [False, True, True]


def test_an_explanation_that_the_database_lost_meanwhile_is_written_again(lots):
    one_batch(assessed_on=TODAY)
    Exposure.objects.all().delete()
    Explanation.objects.all().delete()
    one_batch(assessed_on=TODAY)
    assert Exposure.objects.get().explanation == Explanation.objects.get()


def test_after_a_fault_they_are_decided_anew(lots, decided, monkeypatch):
    one_batch(assessed_on=TODAY)
    with monkeypatch.context() as gone, pytest.raises(OperationalError):
        gone.setattr(assess_lots, "gather", _gone)
        one_batch(assessed_on=TODAY)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW + LEASE)
    assert len(decided) == 2


def _gone(_):
    raise OperationalError("the database went away")


def test_each_thread_has_its_own(lots):
    one_batch(assessed_on=TODAY)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(taken_up).result() is None
    assert taken_up() is not None


def test_who_was_not_cut_short_keeps_nothing(lots, decided):
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    owe(lots, cause="a test", now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    assert len(decided) == 2
