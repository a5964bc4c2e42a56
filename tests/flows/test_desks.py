"""A worker that is cut short goes on where it was: what lots alike have in common is worked out once."""

from datetime import timedelta
from functools import partial

import pytest

from fleet.models import Lot
from risk.engine import sittings
from risk.flows import claims
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.models import Assessment, Exposure, PolicyEdition
from risk.services import publish_edition, put_measures, start_draft
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.facts import a_measure
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def lots(tmp_path, monkeypatch):
    """Three lots that are alike, all owed, of which a batch takes one."""
    rows = [a_row(number) | {"Purchase Order": f"PO-{number}"} for number in range(3)]
    answer_of(
        "import_fleet", str(a_csv(tmp_path, rows)), "--operator", "prairie", "--create-operator", "Prairie"
    )
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


def test_who_was_not_cut_short_keeps_nothing(lots, decided):
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    owe(lots, cause="a test", now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    assert len(decided) == 2
