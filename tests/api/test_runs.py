"""Freshness and assessment runs for programs, and by the command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot
from fleet.models.keys import Scope
from risk.fleet_findings import forget_findings
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.models import AssessmentRun, Exposure
from risk.services import publish_edition, start_draft
from tests.api.programs import Program, a_key
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
EXPOSURE, RUNS = "/api/v1/exposure/", "/api/v1/exposure/runs/"


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, Scope.EXPOSURE_READ))


def owed(operator, cause="edition 2 published"):
    with transaction.atomic():
        lots = Lot.objects.filter(operator=operator).values_list("pk", flat=True)
        return owe(lots, cause=cause, now=NOW, kind=AssessmentRun.Kind.EDITION)


def assessed():
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW + timedelta(seconds=1))


def test_a_fleet_is_fresh_until_something_is_owed_and_again_when_it_is_assessed(program, operator):
    told = program.get(EXPOSURE).json()
    assert (told["fresh"], told["owed_lots"], told["assessing"]) == (True, 0, None)
    owed(operator)
    told = program.get(EXPOSURE).json()
    assert (told["fresh"], told["owed_lots"]) == (False, 2)
    assert told["assessing"] == {"percent": 0, "lots_done": 0, "lots_left": 2}
    assessed()
    again = program.get(EXPOSURE).json()
    assert again["fresh"]
    assert again["as_of"] > told["as_of"]


def test_a_fleet_is_not_fresh_while_an_edition_waits_to_be_followed(program):
    publish_edition(edition=start_draft(title="the same"), on=TODAY, at=NOW)
    assert not program.get(EXPOSURE).json()["fresh"]
    follow_unfollowed_editions(now=NOW)
    assert program.get(EXPOSURE).json()["fresh"]


def test_a_fleet_is_not_fresh_after_a_day_began_that_nobody_followed(program):
    Exposure.objects.update(holds_through=TODAY - timedelta(days=1))
    assert not program.get(EXPOSURE).json()["fresh"]


def test_runs_are_told_with_their_counts_newest_first(program, operator):
    owed(operator)
    assessed()
    newest, upload = program.get(RUNS).json()["results"]
    assert (newest["cause"], newest["kind"], newest["unchanged"]) == ("Edition 2 published", "edition", 2)
    assert (newest["lots_left"], newest["percent"]) == (0, 100)
    assert (upload["kind"], upload["added"]) == ("upload", 2)
    assert newest["finished_at"] >= newest["begun_at"]


def test_runs_come_in_pages(program, operator):
    for number in range(3):
        owed(operator, f"edition {number} published")
    page = program.get(f"{RUNS}?page_size=2").json()
    assert [run["cause"] for run in page["results"]] == ["Edition 2 published", "Edition 1 published"]
    following = program.get(page["next"]).json()["results"]
    assert following[0]["cause"] == "Edition 0 published"


def test_another_operators_runs_are_not_told(program, operator, tmp_path):
    desert = an_operator("desert", "Desert Hash")
    a_fleet(tmp_path, desert, [a_row(3)])
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="everybody", now=NOW)
    told = program.get(RUNS).json()["results"]
    assert [(run["kind"], run["lots_owed"]) for run in told] == [("asked", 2), ("upload", 2)]


def test_the_questions_of_freshness_do_not_grow_with_the_fleet(program, operator, tmp_path):
    def questions(address):
        with CaptureQueriesContext(connection) as asked:
            program.get(address)
        return len(asked)

    owed(operator)
    questions(EXPOSURE)  # the first use of a key is put on record
    forget_findings()
    few = questions(EXPOSURE), questions(RUNS)
    rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(10, 40)]
    a_fleet(tmp_path, operator, rows)
    for number in range(5):
        owed(operator, f"edition {number} published")
    forget_findings()  # of a fleet that is kept only what differs would be asked for
    assert (questions(EXPOSURE), questions(RUNS)) == few


def test_the_command_tells_what_the_api_tells(program, operator):
    owed(operator)
    told = answer_of("runs", "--operator", operator.slug)
    exposure = program.get(EXPOSURE).json()
    assert {name: told[name] for name in ("fresh", "owed_lots", "as_of", "assessing")} == {
        name: exposure[name] for name in ("fresh", "owed_lots", "as_of", "assessing")
    }
    assert [run["cause"] for run in told["runs"]] == [
        run["cause"] for run in program.get(RUNS).json()["results"]
    ]
    assert [run["lots_owed"] for run in answer_of("runs", "--last", "1")["runs"]] == [2]
