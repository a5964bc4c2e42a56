"""The clock is set back and forward: findings follow the day, nothing waits for a day of the future."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count

from config.schedules import Every
from fleet.flows.read_upload import read_upload
from fleet.models import Upload
from fleet.models.upload import UploadState
from ledger.holds import LONGEST
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import LEASE, claim
from risk.flows.owed import owe, owe_by_the_calendar
from risk.models import Exposure
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.faults import recomputation
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")
A_YEAR = timedelta(days=365)


@pytest.fixture
def fleet(tmp_path):
    """Lots of three origins, assessed on TODAY."""
    rows = [a_row(number, country_of_origin=origin) for number, origin in enumerate(("CN", "MY", "VN"))]
    sheet = a_csv(tmp_path, rows)
    answer_of("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")
    assess(TODAY)


def assess(day):
    owe_by_the_calendar(day, now=NOW)
    return assess_owed_lots(assessed_on=day, clock=lambda: NOW)


def current():
    return dict(Exposure.objects.current().values_list("lot_id", "basis"))


def test_a_day_set_forward_and_back_ends_in_the_findings_of_that_day_each_on_record_once(fleet):
    before = current()
    for day in (TODAY + A_YEAR, TODAY - A_YEAR, TODAY + 3 * A_YEAR, TODAY):
        assess(day)
        assert list(recomputation.differences(day)) == []
    assert current() == before
    twice = Exposure.objects.values("lot", "basis").annotate(times=Count("pk")).filter(times__gt=1)
    assert not twice


def test_lots_held_by_a_worker_whose_clock_was_ahead_are_free_once_it_is_right(fleet):
    owe(current(), cause="the clock", now=NOW)
    assert claim(NOW + A_YEAR)
    assert claim(NOW)


def test_a_clock_that_is_ahead_by_less_than_a_hold_only_makes_others_wait(fleet):
    owe(current(), cause="the clock", now=NOW)
    assert claim(NOW + timedelta(seconds=30))
    assert not claim(NOW)
    assert LEASE < LONGEST


def test_an_upload_held_by_a_worker_whose_clock_was_ahead_is_read(fleet, tmp_path):
    upload = Upload.objects.get()
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.WAITING, claimed_until=NOW + A_YEAR)
    assert read_upload(upload.pk, clock=lambda: NOW).is_settled


@pytest.mark.parametrize(
    ("since", "is_due"),
    [(timedelta(0), False), (timedelta(seconds=21), True), (-timedelta(seconds=5), True), (-A_YEAR, True)],
)
def test_the_scheduler_waits_for_no_day_of_the_future(since, is_due):
    every = Every(timedelta(seconds=20), nowfun=lambda: NOW)
    assert every.is_due(NOW - since).is_due is is_due
