"""Through time: the share of today's fleet changes on the days of the law, and equals that of the day asked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from risk.engine.shares import Kind
from risk.flows.share_on import share_on
from risk.flows.share_through_time import FIRST_DAY, share_through_time
from risk.models import PolicyEdition
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

TODAY = date(2026, 11, 22)
MIXED = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos", hashrate_ths="100"),
    a_row(3, country_of_origin="", country_of_assembly="", customs_value=""),
    a_row(
        4, status="on order", site="", entry_date="", expected_entry_date="2026-12-15", import_country="US"
    ),
    a_row(5, entry_date="2024-05-10", country_of_origin="MY"),
]


def through_of(operator, **asked):
    return share_through_time(operator, edition=PolicyEdition.objects.current(), today=TODAY, **asked)


def test_every_step_equals_the_share_of_its_first_and_its_last_day_to_the_last_digit(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    through, edition = through_of(operator), PolicyEdition.objects.current()
    assert len(through.steps) > 5
    for step in through.steps:
        for on in (step.first, step.through):
            whole = share_on(operator, on=on, edition=edition).whole
            assert (whole.exposed, whole.bar) == (step.exposed, step.bar), on


def test_the_steps_follow_one_another_without_a_gap_from_the_first_day_on_record(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    steps = through_of(operator, first=date(2015, 1, 1)).steps
    assert steps[0].first == FIRST_DAY
    assert all(a.through + timedelta(days=1) == b.first for a, b in pairwise(steps))


def test_a_rig_of_malaysia_becomes_exposed_when_the_reciprocal_duty_begins(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1, country_of_origin="MY", country_of_assembly="MY")])
    moved = next(step for step in through_of(operator).steps[1:] if step.exposed[Kind.ANY].of_units == 1)
    assert moved.first == date(2025, 4, 5)
    assert moved.points["units"] == 100
    assert [measure.authority for measure in moved.begun]


def test_the_command_tells_the_steps_with_what_they_rest_on(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    answer = answer_of("history", "--operator", operator.slug, "--from", "2025-01-01", "--to", "2026-11-30")
    assert answer["steps"][0]["from"] == "2025-01-01"
    assert answer["steps"][-1]["through"] == "2026-11-30"
    assert answer["policy_edition"] == 1
    assert answer["verified_through"]


def test_a_fleet_of_nothing_has_no_share_on_any_day():
    steps = through_of(an_operator()).steps
    assert [step.exposed[Kind.ANY].of_units for step in steps] == [None]
