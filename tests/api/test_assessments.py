"""The check before a purchase, for programs: as the commands answer, kept, and turned into an order once."""

from __future__ import annotations

import json

import pytest

from fleet.models.keys import Scope
from tests.api.programs import Program, a_key
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
ASSESSMENTS = "/api/v1/assessments/"
LINE = {
    "model": "Antminer S21 XP",
    "quantity": 500,
    "unit_value": "3900.00",
    "country_of_origin": "MY",
    "country_of_assembly": "MY",
    "expected_entry_date": "2026-12-15",
    "transport_mode": "air",
    "vendor": "Bitmain",
}


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, Scope.ASSESSMENTS_WRITE, Scope.FLEET_WRITE, Scope.FLEET_READ))


def test_x(program):
    answer = program.post(ASSESSMENTS, {"lines": [LINE]})
    print(json.dumps(answer.json(), indent=1))
    assert answer.status_code == 201
    assert 0
