"""A page in the depth of a large fleet reads what it tells, and nothing before it: no count, no rows left out."""

from __future__ import annotations

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.fleets import make_fleets
from fleet.models import Operator, Rig
from tests.api.programs import a_program

pytestmark = pytest.mark.usefixtures("shipped")

RIGS, LOTS, OPERATORS, PAGE = 20_000, 40, 4, 50


@pytest.fixture
def operator():
    """One of four operators, whose rigs came in turn."""
    each = LOTS // OPERATORS
    make_fleets(rigs=RIGS, lots=LOTS, operators=OPERATORS, kinds=5, sheets_each=each)
    return Operator.objects.get(slug="operator-1")


@pytest.fixture
def program(operator):
    """A program with a key of that operator."""
    return a_program(operator)


def deep_address(operator, pages):
    """The page after so many."""
    ids = Rig.objects.of(operator).order_by("pk").values_list("pk", flat=True)
    cursor = base64.b64encode(f"p={ids[pages * PAGE - 1]}".encode()).decode()
    return f"/api/v1/rigs/?page_size={PAGE}&cursor={cursor.replace('=', '%3D')}"


def question_of(program, address):
    """The page, and the question that it asked."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = program.get(address).json()
    finding, reading = [each["sql"] for each in asked if 'FROM "fleet_rig"' in each["sql"]]
    assert reading.count("JOIN") == 5
    return page, finding


def nodes(plan):
    """Every node of a plan of PostgreSQL."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def rows_read(question):
    """How many rigs a question touches; every one on the way counts, told or not."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {question}")
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            (scan,) = [each for each in nodes(plan[0]["Plan"]) if each.get("Relation Name") == "fleet_rig"]
            assert scan["Node Type"] in ("Index Scan", "Index Only Scan"), scan
            return scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
        cursor.execute(f"EXPLAIN QUERY PLAN {question}")
        steps = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "SEARCH fleet_rig USING COVERING INDEX fleet_rig_operato" in steps, steps
        assert "(operator_id=?" in steps
        assert "TEMP B-TREE" not in steps
        return PAGE + 1


def test_the_last_page_reads_no_more_rigs_than_the_first(program, operator):
    first, question = question_of(program, f"/api/v1/rigs/?page_size={PAGE}")
    page, deep = question_of(program, deep_address(operator, RIGS // OPERATORS // PAGE - 2))
    assert (len(first["results"]), len(page["results"])) == (PAGE, PAGE)
    assert page["next"]
    for asked in (question, deep):
        assert "OFFSET" not in asked.upper()
        assert "COUNT(" not in asked.upper()
        # One more, to know whether there is a next page; PostgreSQL may walk over rigs of the others between them.
        assert PAGE + 1 <= rows_read(asked) <= OPERATORS * (PAGE + 1)


def test_pages_lead_to_every_rig_once_and_back(program, operator):
    address, seen = "/api/v1/rigs/?page_size=1000", []
    while address:
        page = program.get(address).json()
        seen += [each["rig"] for each in page["results"]]
        address, last = page["next"], address
    assert seen == list(Rig.objects.of(operator).order_by("pk").values_list("pk", flat=True))
    before = program.get(program.get(last).json()["previous"]).json()
    assert [each["rig"] for each in before["results"]] == seen[-2000:-1000]
