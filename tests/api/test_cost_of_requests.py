"""What a request of each kind asks the database: a fixed number of questions, however large the fleet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.models import Rig
from fleet.models.keys import Scope
from tests.api.programs import Program, a_key
from tests.api.test_assessments import LINE
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
API = "/api/v1/"
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN")


@pytest.fixture(params=[2, 40])
def fleet(request, tmp_path):
    """A program of an operator with so many rigs, which has asked before."""
    operator = an_operator()
    rows = [a_row(n, country_of_origin=("CN", "MY")[n % 2]) for n in range(request.param)]
    a_fleet(tmp_path, operator, rows)
    program = Program(a_key(operator, *Scope))
    program.get(f"{API}exposure/")
    program.post(f"{API}assessments/", {"lines": [LINE]})
    return program


def asked(request: Callable[[], Any]) -> int:
    """How many questions, but for the beginnings and ends of transactions."""
    with CaptureQueriesContext(connection) as statements:
        answer = request()
    assert answer.status_code in (200, 201), answer.content
    return sum(not each["sql"].startswith(OF_TRANSACTIONS) for each in statements)


def test_reading_takes_a_fixed_and_small_number_of_questions(fleet):
    rig = Rig.objects.order_by("pk").first()
    # The key; the rig; what it was called before.
    assert asked(lambda: fleet.get(f"{API}rigs/{rig.pk}/")) == 3
    # The key; the ids of the page; its rigs.
    assert asked(lambda: fleet.get(f"{API}rigs/?page_size=25")) == 3
    # The key; the day that the calendar reached; what was not followed; the lists in force; what is owed; when it was
    # last looked at; the versions of fleet and findings; the edition in force.
    assert asked(lambda: fleet.get(f"{API}exposure/")) == 8


def test_an_edit_of_a_rack_is_not_read_by_who_asks_for_what_is_held(fleet):
    rig = Rig.objects.order_by("pk").first()
    assert asked(lambda: fleet.patch(f"{API}rigs/{rig.pk}/", {"rack": "R7"})) <= 35
    assert asked(lambda: fleet.get(f"{API}exposure/")) == 8


def test_a_check_takes_a_fixed_number_of_questions(fleet):
    lines = [LINE | {"quantity": number + 1} for number in range(20)]
    counts = [
        asked(lambda some=some: fleet.post(f"{API}assessments/", {"lines": some}))
        for some in (lines, lines[:1])
    ]
    assert counts[0] == counts[1] <= 40


def test_rows_of_a_bulk_take_a_fixed_number_of_questions(fleet):
    serials = list(Rig.objects.order_by("pk").values_list("serial_number", flat=True))
    counts = [
        asked(
            lambda some=some, at=at: fleet.post(
                f"{API}rigs/bulk/", [{"serial_number": name, "position": at} for name in some]
            )
        )
        for at, some in (("0", serials[:1]), ("1", serials[:1]), ("2", serials))
    ]
    # The first begins the run of assessing that those after it join.
    assert counts[1] == counts[2] <= 45
