"""Through time: the share of today's fleet changes on the days of the law, and equals that of the day asked."""

from __future__ import annotations

import gc
from datetime import date, timedelta
from itertools import pairwise

import pytest

from fleet.models import Lot
from risk.book import considered
from risk.engine.shares import Kind
from risk.engine.sittings import Sitting
from risk.flows.fleet_as_held import FLEETS_KEPT
from risk.flows.gather_lots import gather
from risk.flows.share_on import share_on
from risk.flows.share_through_time import FIRST_DAY, ThroughTime, share_through_time
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


def test_no_more_answers_are_held_on_to_than_fleets(tmp_path):
    """An answer holds on to the whole fleet that it was worked out for."""
    for number in range(FLEETS_KEPT + 2):
        operator = an_operator(f"operator-{number}", f"Operator {number}")
        a_fleet(tmp_path, operator, [a_row(1)])
        through_of(operator)
    gc.collect()
    assert sum(type(each) is ThroughTime for each in gc.get_objects()) <= FLEETS_KEPT


def test_a_relief_in_transit_that_closes_is_a_step_and_ends_the_finding(tmp_path):
    """Goods of Malaysia on a vessel since 2026-07-20: relief from the 10 % is for entries before 2026-07-28."""
    operator = an_operator()
    transit = {
        "status": "in transit",
        "site": "",
        "entry_date": "",
        "entry_number": "",
        "import_country": "US",
    }
    goods = {"country_of_origin": "MY", "country_of_assembly": "MY", "transport_mode": "vessel"}
    a_fleet(tmp_path, operator, [a_row(4, **transit, **goods, loaded_date="2026-07-20")])
    first, last = date(2026, 7, 20), date(2026, 8, 5)
    through, edition = through_of(operator, first=first, last=last), PolicyEdition.objects.current()
    for step in through.steps:
        for day in (step.first, step.through):
            whole = share_on(operator, on=day, edition=edition).whole
            assert (whole.exposed, whole.bar) == (step.exposed, step.bar)
    assert date(2026, 7, 28) in [step.first for step in through.steps]
    (lot,) = gather(Lot.objects.values_list("pk", flat=True))
    before, after = (
        Sitting(considered(edition), day).assess(lot.facts, lot.vendor, lot.value)
        for day in (date(2026, 7, 27), date(2026, 7, 28))
    )
    assert before.holds.through == date(2026, 7, 27)
    assert [str(each.amounts.duty_to_come) for each in (before, after)] == ["130.00", "630.00"]


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


@pytest.mark.parametrize(
    ("threshold", "moved"),
    [
        # A rig of China pays above the base rate: 25 %; 35 from 2025-02-04; 45 from 03-04; far more in April;
        # 55 from May; 45 from 2025-11-10; 35 from 2026-02-24; 37.5 from 2026-07-24.
        (30, {"2025-02-04": "100"}),
        (36, {"2025-03-04": "100", "2026-02-24": "-100", "2026-07-24": "100"}),
        (50, {"2025-04-05": "100", "2025-11-10": "-100"}),
    ],
)
def test_a_rig_of_china_moves_on_the_days_on_which_its_rate_crosses_the_threshold(tmp_path, threshold, moved):
    operator = an_operator()
    operator.tariff_threshold_percent = threshold
    operator.save()
    a_fleet(tmp_path, operator, [a_row(1)])
    answer = answer_of("history", "--operator", operator.slug)
    points = {step["from"]: step["points"].get("units") for step in answer["steps"]}
    assert {on: by for on, by in points.items() if by not in (None, "0")} == moved


def test_contingent_duty_is_at_stake_from_the_entry_until_the_last_clock_runs_out(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1, entry_date="2019-05-10", country_of_origin="MY")])
    at_stake = {step.first: step.exposed[Kind.CONTINGENT].rigs.units for step in through_of(operator).steps}
    assert at_stake[date(2019, 5, 10)] == 1
    assert at_stake[date(2024, 5, 11)] == 0


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
