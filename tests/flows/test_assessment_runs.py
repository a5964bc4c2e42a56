"""Runs: every owed lot belongs to one, each lot passes once, and the counts of a run always add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot, Rig
from fleet.signals import lots_changed
from risk.flows import assess_lots
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import claim, settle, still_held
from risk.flows.fold_steps import fold_steps
from risk.flows.owed import owe
from risk.models import Assessment, AssessmentRun, Exposure, RunStep, Turn
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
Kind = AssessmentRun.Kind


@pytest.fixture
def operator(tmp_path):
    """Three lots, assessed on TODAY."""
    operator = an_operator()
    countries = ("CN", "MY", "TH")
    rows = [a_row(n, country_of_origin=c, country_of_assembly=c) for n, c in enumerate(countries, start=1)]
    a_fleet(tmp_path, operator, rows)
    owed(cause="the day of the test")
    assessed()
    return operator


def owed(lots=None, *, cause="a test", kind=Kind.ASKED, now=NOW, **named):
    ids = (lots if lots is not None else Lot.objects.all()).values_list("pk", flat=True)
    with transaction.atomic():
        return owe(list(ids), cause=cause, now=now, kind=kind, **named)


def assessed(now=NOW, **named):
    return assess_owed_lots(assessed_on=TODAY, clock=lambda: now, **named)


def counts_of(run):
    return RunStep.objects.filter(run=run).counted()[run.pk]


def test_an_upload_is_a_run_of_its_operator_that_says_so(operator):
    run = AssessmentRun.objects.get(kind=Kind.UPLOAD)
    assert (run.operator, run.turn) == (operator, Turn.PROMPT)
    assert run.cause.startswith("Upload ")
    assert run.cause.endswith(" applied")
    assert (counts_of(run).owed, counts_of(run).added, counts_of(run).left) == (3, 3, 0)


def test_what_a_run_owes_is_what_became_of_its_lots(operator):
    Lot.objects.filter(country_of_origin="CN").update(country_of_origin="VN")
    run = owed()
    begun = counts_of(run)
    assert (begun.owed, begun.left, begun.percent, begun.finished_at) == (3, 3, 0, None)
    assessed(NOW + timedelta(seconds=2))
    ended = counts_of(run)
    assert (ended.changed, ended.unchanged, ended.left, ended.percent) == (1, 2, 0, 100)
    assert ended.finished_at == NOW + timedelta(seconds=2)
    assert str(ended.rate_by(NOW)) == "1.5"


def test_a_changed_finding_knows_its_run(operator):
    Lot.objects.filter(country_of_origin="CN").update(country_of_origin="VN")
    run = owed()
    assessed()
    assert [finding.lot.country_of_origin for finding in run.exposures.all()] == ["VN"]


def test_a_finding_that_comes_back_belongs_to_the_run_that_brought_it_back(operator):
    lots = Lot.objects.filter(country_of_assembly="CN")
    for origin in ("VN", "CN"):
        lots.update(country_of_origin=origin)
        run = owed(lots)
        assessed()
    assert run.exposures.get().is_current
    assert Exposure.objects.filter(lot__in=lots).count() == 2


def test_a_lot_that_is_owed_again_goes_on_to_the_later_run_and_is_counted_once(operator):
    first = owed(cause="first")
    later = owed(Lot.objects.filter(country_of_origin="CN"), cause="later")
    assessed()
    assert (counts_of(first).owed, counts_of(first).went_on, counts_of(first).unchanged) == (3, 1, 2)
    assert (counts_of(later).owed, counts_of(later).unchanged) == (1, 1)
    assert counts_of(first).finished_at and counts_of(later).finished_at


def test_a_lot_that_is_owed_again_while_a_worker_has_it_is_not_settled_by_that_worker(operator):
    first = owed()
    held = claim(NOW)
    later = owed(Lot.objects.filter(country_of_origin="CN"), cause="later")
    with transaction.atomic():
        settle(still_held(held), added=(), changed=(), set_aside={}, now=NOW)
    assert Assessment.objects.get().run == later
    assert (counts_of(first).went_on, counts_of(first).unchanged, counts_of(first).left) == (1, 2, 0)
    assert counts_of(later).left == 1


def test_a_worker_that_lost_its_claim_writes_no_finding(operator, monkeypatch):
    Lot.objects.filter(country_of_origin="CN").update(country_of_origin="VN")
    owed()
    gather = assess_lots.gather

    def owed_meanwhile(lot_ids):
        gathered = gather(lot_ids)
        if not Assessment.objects.filter(cause="meanwhile").exists():
            Lot.objects.filter(country_of_origin="VN").update(country_of_origin="MX")
            owed(cause="meanwhile")
        return gathered

    monkeypatch.setattr(assess_lots, "gather", owed_meanwhile)
    assessed()
    assert not Exposure.objects.filter(origin="VN").exists()
    assert Exposure.objects.current().filter(origin="MX").count() == 1


def test_what_cannot_be_assessed_is_counted_as_set_aside_and_again_when_it_is_tried_again(operator, caplog):
    broken = Lot.objects.filter(country_of_origin="CN")
    broken.update(us_content_percent=200)
    run = owed()
    assessed()
    assert (counts_of(run).set_aside, counts_of(run).left) == (1, 0)
    broken.update(us_content_percent=None)
    later = owed(broken)
    assessed()
    assert (counts_of(run).went_on, counts_of(later).unchanged) == (0, 1)


def test_fifty_edits_in_a_minute_are_one_run_in_which_each_lot_is_owed_once(operator):
    rig = Rig.objects.first()
    runs = set()
    for second in range(50):
        with transaction.atomic():
            made = owe(
                [rig.lot_id], cause=f"edit {second}", now=NOW + timedelta(seconds=second), kind=Kind.EDIT
            )
        runs.add(made)
    assert len(runs) == 1
    assert (counts_of(made).owed, counts_of(made).changes) == (1, 50)
    assert assessed().unchanged == 1


def test_an_edit_after_a_minute_begins_a_run_unless_the_last_still_waits(operator):
    lots = Lot.objects.filter(country_of_origin="CN")
    first = owed(lots, kind=Kind.EDIT)
    still = owed(lots, kind=Kind.EDIT, now=NOW + timedelta(minutes=5))
    assert still == first
    assessed()
    assert owed(lots, kind=Kind.EDIT, now=NOW + timedelta(minutes=6)) != first


def test_edits_of_two_operators_are_two_runs(operator, tmp_path):
    a_fleet(tmp_path, an_operator("desert", "Desert Hash"), [a_row(9)])
    runs = [owed(Lot.objects.filter(operator__slug=slug), kind=Kind.EDIT) for slug in ("prairie", "desert")]
    assert [run.operator.slug for run in runs] == ["prairie", "desert"]


def test_a_persons_correction_is_assessed_before_a_batch(operator):
    owed()
    with transaction.atomic():
        rig = Rig.objects.get(lot__country_of_origin="MY")
        owe([rig.lot_id], cause="an edit", now=NOW, kind=Kind.EDIT)
    assert claim(NOW).lot_ids == [rig.lot_id]
    assert len(claim(NOW).lot_ids) == 2


def test_a_lot_for_which_a_person_waits_keeps_its_place_when_a_batch_owes_it_too(operator):
    lots = Lot.objects.filter(country_of_origin="CN")
    owed(lots, kind=Kind.EDIT)
    edition = owed(kind=Kind.EDITION)
    row = Assessment.objects.get(lot=lots.get())
    assert (row.priority, row.run) == (Turn.PROMPT, edition)


def test_who_does_prompt_work_leaves_the_batch_alone(operator):
    owed(kind=Kind.EDITION)
    assert not claim(NOW, through=Turn.PROMPT)
    owed(Lot.objects.filter(country_of_origin="CN"), kind=Kind.EDIT)
    assert assessed(through=Turn.PROMPT).unchanged == 1
    assert Assessment.objects.count() == 2


def test_what_a_worker_of_earlier_code_owed_is_assessed_too(operator):
    lot = Lot.objects.first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO risk_assessment (lot_id, cause, owed_at, claim, attempts, error)"
            " VALUES (%s, 'earlier', %s, '', 0, '')",
            [lot.pk, NOW],
        )
    assert assessed().unchanged == 1
    assert not Assessment.objects.exists()


def test_owing_many_lots_asks_as_little_as_owing_one(operator, tmp_path):
    def questions(lots):
        with CaptureQueriesContext(connection) as asked:
            owed(lots)
        return len(asked)

    few = questions(Lot.objects.filter(country_of_origin="CN"))
    rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(10, 60)]
    a_fleet(tmp_path, operator, rows)
    assert questions(Lot.objects.all()) == few


def test_a_correction_by_a_person_is_a_run_of_edits(operator):
    lots_changed.send(sender=Rig, lot_ids=[Lot.objects.first().pk], cause="a correction of 2 rigs")
    run = AssessmentRun.objects.get(kind=Kind.EDIT)
    assert (run.cause, run.operator) == ("A correction of 2 rigs", operator)


def test_steps_of_runs_that_are_long_over_are_folded_and_count_the_same(operator):
    run = owed(cause="once")
    assessed()
    for lot in Lot.objects.all():
        owed(Lot.objects.filter(pk=lot.pk), cause="again", kind=Kind.EDIT)
        assessed()
    before = {pk: RunStep.objects.filter(run=pk).counted()[pk] for pk in _runs()}
    steps = RunStep.objects.count()
    assert fold_steps(now=NOW + timedelta(hours=23)) == 0
    fewer = fold_steps(now=NOW + timedelta(days=2))
    assert (fewer > 0, RunStep.objects.count()) == (True, steps - fewer)
    assert {pk: RunStep.objects.filter(run=pk).counted()[pk] for pk in _runs()} == before
    assert fold_steps(now=NOW + timedelta(days=2)) == 0
    assert run.pk in before


def _runs():
    return AssessmentRun.objects.values_list("pk", flat=True)
