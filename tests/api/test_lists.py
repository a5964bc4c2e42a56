"""Lists of the API: a filter takes what the schema says, and says of all else what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fleet.models.keys import Scope
from tests.api.programs import a_program, work
from tests.api.test_assessments import ASSESSMENTS, LINE
from tests.api.test_matrix import Owner, PathOfSchema, paths
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

PAGING = {"cursor", "page_size", "fields"}
OF_WORDS = "no-such-word"
WORKED_OUT = (
    "/api/v1/entries/"  # no rows: its query is a shape of its own, and rigs are told of one entry alone
)


@pytest.fixture
def owner(tmp_path, settings) -> Owner:
    """An operator of whom every list has something."""
    settings.API_REQUESTS_A_MINUTE = 10**6
    owner = Owner(operator=an_operator(), folder=tmp_path)
    a_fleet(tmp_path, owner.operator, [a_row(1)])
    return owner


def lists() -> Iterator[tuple[PathOfSchema, dict[str, dict[str, Any]]]]:
    """The paths that are lists, each with what narrows it."""
    for path in paths():
        told = {each["name"]: each for each in path.told.get("GET", {}).get("parameters", ())}
        if "cursor" in told and path.template != WORKED_OUT:
            narrowing = {name: each for name, each in told.items() if each["in"] == "query"}
            yield path, {name: each["schema"] for name, each in narrowing.items() if name not in PAGING}


def wrong_for(schema: dict[str, Any]) -> str | None:
    """A value that the schema does not allow; None where it allows every text."""
    is_closed = "enum" in schema or "format" in schema or schema["type"] in ("integer", "number", "boolean")
    return OF_WORDS if is_closed else "x" * (schema["maxLength"] + 1) if "maxLength" in schema else None


def test_of_a_list_what_is_unknown_wrong_empty_or_there_twice_is_refused_by_name(owner):
    program, strange = owner.program, []
    for path, narrowing in lists():
        address = path.at(owner.ids_of(path))
        tried = [
            ("pump=1", "pump", "parameter_unknown"),
            ("page_size=7&page_size=7", "page_size", "parameter_repeated"),
        ]
        tried += [
            (f"{name}={wrong_for(each)}", name, "") for name, each in narrowing.items() if wrong_for(each)
        ]
        tried += [(f"{name}=", name, "") for name in narrowing]
        for query, name, code in tried:
            answer = program.get(f"{address}?{query}")
            errors = answer.json().get("errors") or [{}]
            if answer.status_code != 400 or errors[0]["field"] != name or code not in ("", errors[0]["code"]):
                strange.append((path.template, query, answer.status_code, errors[:1]))
    assert not strange


def test_every_row_that_a_filter_gives_is_one_of_the_list(owner):
    program, strange = owner.program, []
    for path, narrowing in lists():
        address = path.at(owner.ids_of(path))
        every = program.get(f"{address}?page_size=1000").json()["results"]
        for name, each in narrowing.items():
            words = each.get("enum") or {
                "boolean": ["true", "False", "1"],
                "integer": ["1"],
                "number": ["1.5"],
            }.get(each["type"], ["2025-06-10" if "format" in each else "aa"])
            for word in words:
                answer = program.get(f"{address}?{name}={word}")
                if answer.status_code != 200 or not all(row in every for row in answer.json()["results"]):
                    strange.append((path.template, name, word, answer.status_code))
    assert not strange


def test_uploads_and_their_problems_are_narrowed_by_what_they_are(tmp_path):
    program = a_program(an_operator(), *Scope)
    for name, rows in (("a.csv", [a_row(1), a_row(2, hts_code="84.71")]), ("b.csv", [a_row(3)])):
        program.send(a_csv(tmp_path, rows, name=name), "?dry_run=true")
    work()
    found = program.get("/api/v1/uploads/?file=a.csv&state=checked").json()["results"]
    assert [each["file"] for each in found] == ["a.csv"]
    problems = f"/api/v1/uploads/{found[0]['upload']}/problems/?is_warning=false"
    assert [each["row"] for each in program.get(f"{problems}&row=3").json()["results"]] == [3]
    assert not program.get(f"{problems}&row=2").json()["results"]


def test_checks_are_narrowed_by_order_verdict_and_whether_they_were_ordered():
    program = a_program(an_operator(), *Scope)
    for number in ("PO-1", "PO-2"):
        program.post(ASSESSMENTS, {"purchase_order": number, "lines": [LINE]})
    (first,) = program.get(f"{ASSESSMENTS}?purchase_order=po-1").json()["results"]
    program.post(f"{ASSESSMENTS}{first['id']}/order/", {"because": "cleared"})
    ordered = program.get(f"{ASSESSMENTS}?is_ordered=true&verdict={first['verdict']}").json()["results"]
    assert [each["purchase_order"] for each in ordered] == ["PO-1"]
    assert [
        each["purchase_order"] for each in program.get(f"{ASSESSMENTS}?is_ordered=0").json()["results"]
    ] == ["PO-2"]
