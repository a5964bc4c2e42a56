"""What programs are told beside the exposed share: lots, entries, history, doubts, reserve, refunds, the law."""

from __future__ import annotations

import base64

import pytest

from fleet.models.keys import Scope
from tests.api.programs import Program, a_key
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
API = "/api/v1/"


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    malaysia = {"country_of_origin": "MY", "country_of_assembly": "MY", "entry_number": ""}
    rows = [a_row(1), a_row(2, **malaysia), a_row(3, entry_number="B", country_of_origin="TH")]
    a_fleet(tmp_path, operator, rows)
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, Scope.EXPOSURE_READ, Scope.POLICY_READ))


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("exposure/history/?from=2025-06-01&to=2025-07-01", "history --from 2025-06-01 --to 2025-07-01"),
        ("exposure/doubts/", "doubts"),
        ("exposure/reserve/?on=2026-06-01", "reserve --on 2026-06-01"),
        ("exposure/refunds/?on=2026-06-01&edition=1", "refunds --on 2026-06-01 --edition 1"),
    ],
)
def test_an_address_tells_what_the_command_tells(program, operator, address, command):
    name, *said = command.split()
    assert program.get(API + address).json() == answer_of(name, "--operator", operator.slug, *said)


def test_the_entries_are_those_of_the_command_a_page_at_a_time(program, operator):
    told = answer_of("entries", "--operator", operator.slug, "--on", "2026-06-01")["entries"]
    pages, address = [], f"{API}entries/?on=2026-06-01&page_size=2"
    while address:
        pages.append(program.get(address).json())
        address = pages[-1]["next"]
    assert [len(page["results"]) for page in pages] == [2, 1]
    assert [entry for page in pages for entry in page["results"]] == told
    assert program.get(pages[1]["previous"]).json()["results"] == told[:2]


def test_an_entry_is_found_by_its_number(program):
    (entry,) = program.get(f"{API}entries/?number=B&rigs=true").json()["results"]
    assert (entry["entry_number"], entry["units"], len(entry["rigs"])) == ("B", 1, 1)
    assert program.get(f"{API}entries/?rigs=true").status_code == 400
    assert program.get(f"{API}entries/?number=nobody's").json()["results"] == []


@pytest.mark.parametrize(
    "cursor", ["x", "e30=", "WzFd", "////", base64.urlsafe_b64encode(b"[" * 3000).decode()]
)
def test_a_cursor_that_no_answer_gave_is_refused(program, cursor):
    answer = program.get(f"{API}entries/?cursor={cursor}")
    assert (answer.status_code, problem_of(answer)["errors"][0]["code"]) == (400, "cursor_unknown")


def test_lots_are_found_by_their_findings_and_explained_one_by_one(program, operator):
    everything = program.get(f"{API}exposure/lots/").json()["results"]
    assert len(everything) == 3
    (china,) = program.get(f"{API}exposure/lots/?country_of_origin=CN&maker=Bitmain").json()["results"]
    assert china in everything
    assert program.get(f"{API}exposure/lots/?is_unknown=true").json()["results"] == []
    explained = program.get(f"{API}exposure/lots/{china['lot']}/").json()
    assert explained == answer_of("explain", "--operator", operator.slug, "--lot", str(china["lot"]))


def test_a_lot_of_another_operator_does_not_exist(program, tmp_path):
    other = an_operator(slug="other", name="Other")
    a_fleet(tmp_path, other, [a_row(9)])
    lot = Program(a_key(other, Scope.EXPOSURE_READ)).get(f"{API}exposure/lots/").json()["results"][0]["lot"]
    assert program.get(f"{API}exposure/lots/{lot}/").status_code == 404


def test_the_law_is_told_with_its_citations(program):
    (edition,) = program.get(f"{API}policy/editions/").json()["results"]
    assert edition["edition"] == 1
    (measure,) = program.get(f"{API}policy/measures/?code=US-301-CN-L2").json()["results"]
    assert (measure["rate_percent"], measure["effective_from"]) == ("25", "2018-08-23")
    assert "83 FR 40823" in measure["legal_reference"]
    assert measure["record"]["ad_valorem_rate"] == "0.25"
    early = program.get(f"{API}policy/measures/?code=US-301-CN-L2&in_force_on=2018-08-22").json()
    assert early["results"] == []


@pytest.mark.parametrize("address", ["policy/measures/?edition=9", "exposure/reserve/?edition=9"])
def test_an_edition_that_is_not_published_is_named(program, address):
    answer = program.get(API + address)
    (wrong,) = problem_of(answer)["errors"]
    assert (answer.status_code, wrong["field"], wrong["code"]) == (400, "edition", "edition_unknown")


def test_the_last_day_does_not_lie_before_the_first(program):
    answer = program.get(f"{API}exposure/history/?from=2026-01-02&to=2026-01-01")
    assert answer.status_code == 400
    assert "before the first" in problem_of(answer)["errors"][0]["sentence"]
