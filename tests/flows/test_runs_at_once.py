"""Changes that owe lots while workers assess them: nothing waits for ever, nothing is lost, every count adds up."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from threading import Event

import pytest
from django.db import connection, transaction

from fleet.models import Lot
from risk.flows import claims as claiming
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.owed import owe
from risk.models import Assessment, AssessmentRun, RunStep
from tests.at_once import at_once
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped_for_good")
Kind = AssessmentRun.Kind


@pytest.fixture
def lots(tmp_path, monkeypatch):
    """Forty lots of two operators, assessed; batches are of seven."""
    for slug in ("prairie", "desert"):
        rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(1, 21)]
        a_fleet(tmp_path, an_operator(slug, slug.title()), rows)
    monkeypatch.setattr(claiming, "BATCH", 7)
    return list(Lot.objects.order_by("pk").values_list("pk", flat=True))


def test_edits_and_editions_while_workers_assess_leave_every_run_with_counts_that_add_up(lots):
    def changes(seed, kind):
        chance = Random(seed)
        for number in range(8):
            some = chance.sample(lots, chance.randint(1, len(lots)))
            with transaction.atomic():
                owe(some, cause=f"change {number}", now=NOW + timedelta(minutes=number), kind=kind)

    def works():
        for _ in range(6):
            assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)

    at_once(
        lambda: changes(1, Kind.EDITION),
        lambda: changes(2, Kind.EDIT),
        lambda: changes(3, Kind.ASKED),
        works,
        works,
    )
    works()
    assert not Assessment.objects.exists()
    for counts in RunStep.objects.all().counted().values():
        assert counts.owed == counts.went_on + counts.assessed


def test_a_day_of_the_calendar_that_is_followed_twice_at_once_is_one_run(lots):
    def follows():
        with transaction.atomic():
            owe(lots, cause="the calendar", now=NOW, kind=Kind.CALENDAR, day=TODAY)

    at_once(follows, follows, follows)
    run = AssessmentRun.objects.get(kind=Kind.CALENDAR)
    assert RunStep.objects.filter(run=run).counted()[run.pk].owed == len(lots)


def test_a_claim_passes_over_what_another_worker_is_taking_to_the_lots_behind(lots):
    """Else the second of two workers would come away with nothing, and stop."""
    with transaction.atomic():
        owe(lots, cause="an edition", now=NOW)
    has_taken, may_commit, taken = Event(), Event(), {}

    def first():
        with transaction.atomic():
            taken["first"] = claiming.claim(NOW).lot_ids
            has_taken.set()
            may_commit.wait(10 if connection.features.has_select_for_update_skip_locked else 0)

    def second():
        has_taken.wait(10)
        taken["second"] = claiming.claim(NOW).lot_ids
        may_commit.set()

    at_once(first, second)
    assert len(taken["first"]) == len(taken["second"]) == 7
    assert not set(taken["first"]) & set(taken["second"])
