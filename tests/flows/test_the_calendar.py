"""The calendar: nothing the night before, once at midnight, in order after a gap, and never backward."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from fleet.models import Lot
from risk import tasks
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_calendar import follow_the_calendar, take_back_the_calendar
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe, owe_by_the_calendar
from risk.models import Assessment, AssessmentRun, Exposure, PolicyEdition, RunStep
from risk.policy_files import ended_by_act
from risk.selectors import day_that_stands
from risk.services import publish_edition, start_draft
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
Kind = AssessmentRun.Kind

EVE = date(2027, 1, 31)
DAY = EVE + timedelta(days=1)
LATER = date(2027, 2, 10)
"""A measure on Chinese goods ends with EVE; one on goods of every other country with the day before LATER."""


def clock():
    return NOW


@pytest.fixture
def fleet(tmp_path):
    """A Chinese and a Malaysian lot, found as they stand on EVE, under a law that will change twice."""
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    book = book_of(PolicyEdition.objects.current())
    ends = {"US-301-CN-L2": EVE, "US-301FL-10": LATER - timedelta(days=1)}
    measures = tuple(_ended(m, ends[m.code]) if m.code in ends else m for m in book.measures)
    changed = PolicyBook(measures, book.renumberings, book.refused_headings)
    publish_edition(edition=start_draft(book=changed), on=EVE, at=NOW)
    follow_unfollowed_editions(now=NOW)
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="the eve", now=NOW)
    assess_owed_lots(assessed_on=EVE, clock=clock)
    AssessmentRun.objects.filter(kind=Kind.CALENDAR).delete()
    return operator


def _ended(measure, through):
    return ended_by_act(replace(measure, span=DateSpan(measure.span.first, through)), "an act of this test")


def followed(day):
    follow_the_calendar(day, clock=clock)
    assess_owed_lots(assessed_on=day_that_stands(day), clock=clock)


def days():
    return list(AssessmentRun.objects.filter(kind=Kind.CALENDAR).order_by("pk").values_list("day", flat=True))


def rates():
    found = Exposure.objects.current().select_related("lot")
    return {finding.lot.country_of_origin: f"{finding.rate * 100:.1f}" for finding in found}


def as_found():
    """What stands, but for when and by which run it was found."""
    names = ("lot_id", "basis", "holds_from", "holds_through", "rate", "band")
    return list(Exposure.objects.current().order_by("lot_id").values(*names))


def test_the_night_before_a_measure_ends_nothing_happens(fleet):
    before = as_found()
    followed(EVE)
    assert (days(), as_found(), rates()["CN"]) == ([], before, "37.5")


def test_at_midnight_the_touched_lots_are_assessed_once_and_the_run_names_the_measure(fleet):
    followed(DAY)
    followed(DAY)
    run = AssessmentRun.objects.get(kind=Kind.CALENDAR)
    assert run.cause == f"The calendar: {DAY}; US-301-CN-L2 ended"
    assert run.moved == [{"what": "measure_ended", "code": "US-301-CN-L2", "sentence": "US-301-CN-L2 ended"}]
    counts = RunStep.objects.filter(run=run).counted()[run.pk]
    assert (counts.owed, counts.assessed, counts.left) == (2, 2, 0)
    assert rates() == {"CN": "12.5", "MY": "10.0"}


def test_a_machine_that_was_off_comes_up_through_each_day_in_order(fleet):
    followed(LATER)
    assert days() == [DAY, LATER]
    first, last = AssessmentRun.objects.filter(kind=Kind.CALENDAR).order_by("pk")
    assert ("US-301-CN-L2 ended" in first.cause, "US-301FL-10 ended" in last.cause) == (True, True)
    assert rates() == {"CN": "12.5", "MY": "0.0"}
    assert set(first.exposures.values_list("holds_from", flat=True)) == {DAY}


def test_what_comes_of_a_gap_is_what_comes_of_assessing_on_the_last_day(fleet):
    followed(LATER)
    in_steps = as_found()
    Exposure.objects.all().delete()
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="from scratch", now=NOW)
    assess_owed_lots(assessed_on=LATER, clock=clock)
    assert as_found() == in_steps


def test_a_clock_set_back_assesses_nothing_for_an_earlier_day(fleet):
    followed(DAY)
    before = as_found()
    followed(EVE)
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="an edit meanwhile", now=NOW, kind=Kind.EDIT)
    followed(EVE)
    assert (as_found(), days(), day_that_stands(EVE)) == (before, [DAY], DAY)


def test_a_clock_that_went_forward_and_back_ends_with_nothing_owed_and_goes_on_from_there(fleet):
    followed(LATER)
    followed(EVE)
    assert not Assessment.objects.exists()
    stands = as_found()
    followed(DAY)
    followed(LATER)
    assert (as_found(), days()) == (stands, [DAY, LATER])


def test_a_person_takes_the_calendar_back_after_a_clock_was_wrong(fleet):
    followed(LATER)
    assert take_back_the_calendar(EVE) == 2
    followed(EVE)
    assert (rates(), days()) == ({"CN": "37.5", "MY": "10.0"}, [EVE])
    followed(DAY)
    assert (rates()["CN"], days()) == ("12.5", [EVE, DAY])


def test_another_day_that_a_person_asks_for_moves_no_calendar(fleet, time_machine):
    time_machine.move_to(datetime(2027, 1, 31, 17, tzinfo=UTC), tick=False)
    answer_of("assess", "--on", LATER.isoformat())
    assert (rates()["CN"], day_that_stands(EVE)) == ("12.5", EVE)
    answer_of("assess")
    assert (rates()["CN"], days()) == ("37.5", [EVE])


def test_two_sweeps_that_follow_one_day_make_one_run_of_it(fleet, monkeypatch):
    from risk.flows import owed

    lots = owed.lots_ended_before(DAY) or list(Lot.objects.values_list("pk", flat=True))
    owe_by_the_calendar(DAY, now=NOW)
    monkeypatch.setattr(owed, "lots_owed_by_the_calendar", lambda day: lots)
    owe_by_the_calendar(DAY, now=NOW)
    run = AssessmentRun.objects.get(kind=Kind.CALENDAR)
    assert RunStep.objects.filter(run=run).counted()[run.pk].owed == 2


def test_what_was_set_aside_is_not_tried_again_by_every_sweep(fleet, caplog):
    Lot.objects.filter(country_of_origin="MY").update(us_content_percent=200)
    followed(DAY)
    attempts = Assessment.objects.get().attempts
    followed(DAY)
    assert Assessment.objects.get().attempts == attempts


def test_midnight_is_that_of_the_policys_time_zone(fleet, time_machine):
    """23:59 on the eve in New York is the next day already in Greenwich."""
    time_machine.move_to(datetime(2027, 2, 1, 4, 59, tzinfo=UTC), tick=False)
    tasks.sweep()
    assert rates()["CN"] == "37.5"
    time_machine.move_to(datetime(2027, 2, 1, 5, 0, tzinfo=UTC), tick=False)
    tasks.sweep()
    assert rates()["CN"] == "12.5"


def test_expected_dates_and_clocks_that_run_out_are_named(fleet, tmp_path):
    rows = [
        a_row(3, entry_date="2026-03-23"),  # 314 days later is the eve
        a_row(4, entry_date="", expected_entry_date=EVE.isoformat(), status="on order", site=""),
    ]
    a_fleet(tmp_path, fleet, rows)
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="the eve", now=NOW)
    assess_owed_lots(assessed_on=EVE, clock=clock)
    followed(DAY)
    told = {each["what"] for each in AssessmentRun.objects.get(kind=Kind.CALENDAR).moved}
    assert told == {"measure_ended", "clock", "expected_date_passed"}
