"""The exposed share through time is worked out by a worker and kept until what it rests on is another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from fleet.models import Lot, Operator
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.shares import MEASURES, Kind, Part
from risk.engine.terms.spans import DateSpan
from risk.fleet_findings import fleet_findings
from risk.flows import claims
from risk.flows.keep_curves import CurveStep, curve_steps, keep_curves, kept_curves
from risk.flows.owed import owe
from risk.flows.share_through_time import share_through_time
from risk.models import Assessment, PolicyEdition, ShareCurve
from risk.services import start_draft
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.facts import a_measure
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

LATER = NOW + timedelta(seconds=20)
MIXED = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY"),
    a_row(3, country_of_origin="US", country_of_assembly="US"),
]


def kept(today=TODAY, until=LATER):
    return keep_curves(today, clock=lambda: NOW, until=until)


def curves_of(operator, today=TODAY, belongs=None):
    operator = Operator.objects.get(pk=operator.pk)
    edition, versions = PolicyEdition.objects.current(), fleet_findings(operator).versions
    return kept_curves(operator, current=edition, today=today, versions=versions, belongs=belongs)


def a_draft(begins: date) -> PolicyEdition:
    """The current edition with one measure more, on everything from everywhere."""
    book = book_of(PolicyEdition.objects.current())
    more = a_measure(code="US-DRAFTED", family="drafted", authority="a draft", span=DateSpan(begins))
    return start_draft(book=PolicyBook((*book.measures, more), book.renumberings, book.refused_headings))


def test_what_is_kept_is_what_the_share_through_time_is(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    assert kept()
    (curve,) = curves_of(operator)
    through = share_through_time(operator, edition=curve.edition, today=TODAY)
    for step in through.steps:
        for measure in MEASURES:
            on_record = curve.share_on(step.first, measure)
            assert on_record == step.exposed[Kind.ANY].of(measure)
    assert curve.is_current
    assert [each.first for each in curve.steps] == [each.first for each in curve_steps(through)]
    assert all(each.unknown["units"] is not None for each in curve.steps)
    assert curve.steps[0].unknown["units"] == through.steps[0].bar[Part.UNKNOWN].of("units")


OF_PARTS = [
    a_row(1, site="Pecos"),
    a_row(2, site="Pecos", model="Whatsminer M60S", country_of_origin="MY"),
    a_row(3, site="Dalton", country_of_origin="TH", country_of_assembly="TH", hashrate_ths=""),
    a_row(
        4, site="Dalton", status="on order", entry_date="", entry_number="", expected_entry_date="2026-12-15"
    ),
    a_row(5, site="Dalton", country_of_origin="", country_of_assembly=""),
]


@pytest.mark.parametrize(
    ("site", "maker", "rows"),
    [
        (None, None, (0, 1, 2, 3, 4)),
        ("Pecos", None, (0, 1)),
        (None, "Bitmain", (0, 2, 3, 4)),
        ("Dalton", "Bitmain", (2, 3, 4)),
        ("Pecos", "MicroBT", (1,)),
    ],
)
def test_the_steps_of_a_part_are_those_of_a_fleet_that_holds_nothing_else(tmp_path, site, maker, rows):
    def belongs(at, of):
        return site in (None, at) and maker in (None, of)

    whole, part = an_operator(), an_operator("birch", "Birch")
    a_fleet(tmp_path, whole, OF_PARTS)
    a_fleet(tmp_path, part, [OF_PARTS[each] for each in rows])
    assert kept()
    (of_part,), (alone,) = curves_of(whole, belongs=belongs), curves_of(part)
    days = {step.first for step in (*of_part.steps, *alone.steps)}
    for day in sorted(days):
        for measure in MEASURES:
            assert of_part.share_on(day, measure) == alone.share_on(day, measure), (day, measure)
    named = [(step.first, step.begun, step.ended, step.lots_of_their_own) for step in alone.steps]
    told = {step.first: (step.begun, step.ended, step.lots_of_their_own) for step in of_part.steps}
    assert [(day, *told[day]) for day, *_ in named] == named
    assert all(after.first == before.through + timedelta(days=1) for before, after in pairwise(of_part.steps))


def test_a_part_that_holds_nothing_has_no_share_and_one_from_before_parts_were_kept_is_not_told(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    kept()
    (curve,) = curves_of(operator, belongs=lambda site, maker: False)
    assert [set(step.exposed.values()) for step in curve.steps] == [{None}]
    ShareCurve.objects.update(parts=None, rests_on="what it rested on then")
    assert curves_of(operator, belongs=lambda site, maker: True) == []
    kept()
    assert len(curves_of(operator, belongs=lambda site, maker: True)) == 1


def test_a_step_is_read_as_it_was_kept(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    through = share_through_time(operator, edition=PolicyEdition.objects.current(), today=TODAY)
    for step in curve_steps(through):
        assert CurveStep.read(step.kept) == step


def test_what_is_on_record_as_things_stand_is_not_worked_out_again(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    kept()
    before = ShareCurve.objects.get()
    assert keep_curves(TODAY, clock=lambda: LATER, until=LATER + timedelta(seconds=1))
    assert ShareCurve.objects.get().made_at == before.made_at


@pytest.mark.parametrize("what", ["an upload", "a day", "a threshold"])
def test_what_moved_since_is_said_to_be_behind_until_a_worker_followed(tmp_path, what):
    operator, today = an_operator(), TODAY
    a_fleet(tmp_path, operator, MIXED)
    kept()
    if what == "an upload":
        a_fleet(tmp_path, operator, [*MIXED, a_row(4)])
    elif what == "a day":
        today = TODAY + timedelta(days=1)
    else:
        Operator.objects.filter(pk=operator.pk).update(tariff_threshold_percent=12)
    assert not curves_of(operator, today)[0].is_current
    kept(today)
    assert curves_of(operator, today)[0].is_current


def test_a_fleet_of_which_something_is_owed_waits_until_it_is_settled(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    owe(Lot.objects.values_list("pk", flat=True), cause="a test", now=NOW)
    assert kept()
    assert not ShareCurve.objects.exists()


def test_while_much_is_owed_to_others_a_fleet_waits_without_being_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "BATCH", 1)
    settled, busy = an_operator(), an_operator("busy")
    a_fleet(tmp_path, settled, MIXED)
    a_fleet(tmp_path, busy, MIXED)
    owe(Lot.objects.filter(operator=busy).values_list("pk", flat=True), cause="a test", now=NOW)
    assert kept()
    assert not ShareCurve.objects.exists()
    Assessment.objects.all().delete()
    assert kept()
    assert curves_of(settled)


def test_while_an_edition_waits_to_be_followed_no_fleet_is_worked_out(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    PolicyEdition.objects.update(followed_at=None)
    assert kept()
    assert not ShareCurve.objects.exists()
    PolicyEdition.objects.update(followed_at=NOW)
    assert kept()
    assert curves_of(operator)


def test_when_the_time_is_over_none_is_begun_and_the_rest_is_said_to_wait(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    assert not kept(until=NOW)
    assert not ShareCurve.objects.exists()


def test_the_newest_draft_is_kept_from_today_on_and_goes_with_the_draft(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    draft = a_draft(TODAY + timedelta(days=12))
    kept()
    in_force, drafted = curves_of(operator)
    assert (in_force.edition.number, drafted.edition) == (1, draft)
    assert drafted.steps[0].first == TODAY
    on = TODAY + timedelta(days=12)
    assert drafted.share_on(on, "units") == 1
    assert in_force.share_on(on, "units") < 1
    draft.delete()
    kept()
    assert [each.edition.number for each in curves_of(operator)] == [1]


def test_one_operators_steps_are_not_anothers(tmp_path):
    operator, other = an_operator(), an_operator("birch", "Birch")
    a_fleet(tmp_path, operator, MIXED)
    kept()
    assert not curves_of(other)


def test_of_fleets_that_moved_the_one_that_waited_longest_goes_first(tmp_path):
    late, early = an_operator(), an_operator("early", "Early")
    for operator in (late, early):
        a_fleet(tmp_path, operator, MIXED)
    assert kept()
    ShareCurve.objects.of(late).update(made_at=NOW + timedelta(seconds=5))
    Operator.objects.move_fleets_on()
    moments = iter([NOW, NOW, LATER])
    assert not keep_curves(TODAY, clock=lambda: next(moments), until=LATER)
    assert [curve.is_current for curve in curves_of(early)] == [True]
    assert [curve.is_current for curve in curves_of(late)] == [False]
