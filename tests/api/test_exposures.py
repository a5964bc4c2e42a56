"""The exposed share for programs, and what would become of it."""

from __future__ import annotations

import pytest

from fleet.models.keys import Scope
from risk.models import Exposure
from tests.api.programs import Program, a_key
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
EXPOSURE, WHAT_IF = "/api/v1/exposure/", "/api/v1/what-if/"
A_DUTY = {"code": "IF-1", "rate": "0.25", "effective_from": "2026-01-01", "countries_of_origin": ["CN"]}


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(
        tmp_path,
        operator,
        [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos")],
    )
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, Scope.EXPOSURE_READ))


def test_the_share_is_that_of_the_command(program, operator):
    assert program.get(EXPOSURE).json() == answer_of("exposure", "--operator", operator.slug)
    grouped = program.get(f"{EXPOSURE}?by=site&on=2025-06-10").json()
    assert grouped == answer_of("exposure", "--operator", operator.slug, "--by", "site", "--on", "2025-06-10")


@pytest.mark.parametrize("asked", ["?on=tomorrow", "?by=colour", "?site=Pecos"])
def test_a_question_that_is_none_is_refused(program, asked):
    assert program.get(EXPOSURE + asked).status_code == 400


def test_both_sides_of_a_supposition_and_nothing_is_recorded(program):
    before = list(Exposure.objects.order_by("pk").values())
    answer = program.post(WHAT_IF, {"title": "A duty", "measures": {"added": [A_DUTY]}}, once="one")
    assert answer.status_code == 200
    told = answer.json()
    assert told["lots_moved"] == 1
    assert told["moved"][0]["after"]["additional_rate_percent"] == "62.5"
    assert before == list(Exposure.objects.order_by("pk").values())
    assert (
        program.post(WHAT_IF, {"title": "A duty", "measures": {"added": [A_DUTY]}}, once="one").json() == told
    )


def test_what_cannot_be_supposed_is_refused_with_its_place(program):
    answer = program.post(WHAT_IF, {"measures": {"ended": [{"code": "US-301-CN-L2"}]}})
    assert (answer.status_code, problem_of(answer)["code"]) == (422, "scenario_refused")
    assert "measures.ended, entry 1: through must be said." in problem_of(answer)["detail"]


def test_a_key_without_the_scope_is_told_its_name(operator):
    answer = Program(a_key(operator, Scope.FLEET_READ)).get(EXPOSURE)
    assert answer.status_code == 403
    assert "exposure:read" in problem_of(answer)["detail"]
