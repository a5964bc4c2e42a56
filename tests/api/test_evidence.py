"""Evidence of origin through the API: a paper with its cover, kept once, read back, withdrawn."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.models import OriginEvidence
from fleet.models.keys import Scope
from tests.api.programs import Program, a_key
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
EVIDENCE = "/api/v1/evidence/"
PAPER = b"%PDF-1.4 certificate of origin"
SAID = {"kind": "certificate", "title": "Certificate 117", "country": "MY", "strength": "strong"}


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    malaysia = {"country_of_origin": "MY", "country_of_assembly": "MY"}
    a_fleet(tmp_path, operator, [a_row(n, entry_date="2026-06-10", **malaysia) for n in (1, 2)])
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, Scope.FLEET_READ, Scope.FLEET_WRITE, Scope.EXPOSURE_READ))


def send(program, content=PAPER, once=None, **said):
    """POST of a paper."""
    file = SimpleUploadedFile("co-117.pdf", content)
    headers = {"Idempotency-Key": once} if once else {}
    return program.client.post(EVIDENCE, {"file": file, **SAID, **said}, headers=headers)


def test_a_paper_is_kept_with_its_cover_and_read_back(program):
    serials = '[{"first": "YNAHEAUBCJCBA0001", "last": "YNAHEAUBCJCBA0002"}]'
    sent = send(program, issued_on="2026-01-01", expires_on="2027-06-01", serials=serials)
    assert sent.status_code == 201
    told = sent.json()
    assert told["sha256"] == hashlib.sha256(PAPER).hexdigest()
    assert told["serials"] == [{"first": "YNAHEAUBCJCBA0001", "last": "YNAHEAUBCJCBA0002"}]
    address = f"{EVIDENCE}{told['evidence']}/"
    assert program.get(address).json() == told
    assert program.get(EVIDENCE).json()["results"] == [told]
    file = program.get(f"{address}file/")
    assert b"".join(file.streaming_content) == PAPER
    assert file["Content-Disposition"].startswith("attachment")


def test_a_paper_moves_the_likely_column_and_its_withdrawal_moves_it_back(program, operator):
    def likely():
        return answer_of("reserve", "--operator", operator.slug, "--on", "2026-11-28")["total"]["likely"]

    without = likely()
    paper = send(program, entry_number="ABC-1234567-8").json()
    assert float(likely()) < float(without)
    answer = program.post(f"{EVIDENCE}{paper['evidence']}/withdraw/", {"because": "It was forged."})
    assert answer.json()["withdrawn_because"] == "It was forged."
    assert likely() == without
    again = program.post(f"{EVIDENCE}{paper['evidence']}/withdraw/", {"because": "Twice."})
    assert (again.status_code, problem_of(again)["code"]) == (409, "evidence_withdrawn")


def test_a_retry_keeps_one_paper(program):
    first, second = (send(program, once="one", entry_number="ABC-1234567-8") for _ in range(2))
    assert first.json() == second.json()
    assert OriginEvidence.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Name lots, serial numbers or a filter."),
        ({"lots": ["999"]}, "There is no lot 999."),
        ({"entry_number": "nobody's"}, "No lot fits the filter"),
        ({"serials": "SN1"}, "This is no JSON"),
        ({"serials": '["SN1"]'}, "Write ranges like"),
        ({"serials": '[{"first": "SN2", "last": "SN1"}]'}, "is no range of serial numbers"),
        ({"country": "Malaysia", "entry_number": "ABC-1234567-8"}, "does not match"),
        ({"kind": "letter", "entry_number": "ABC-1234567-8"}, "not a valid choice"),
    ],
)
def test_a_paper_that_is_wrong_is_refused_whole(program, said, sentence):
    answer = send(program, **said)
    told = problem_of(answer)
    assert answer.status_code in (400, 422)
    assert sentence in str(told)
    assert not OriginEvidence.objects.exists()


def test_papers_of_another_operator_do_not_exist(program):
    paper = send(program, entry_number="ABC-1234567-8").json()["evidence"]
    stranger = Program(a_key(an_operator(slug="other", name="Other")))
    assert stranger.get(EVIDENCE).json()["results"] == []
    for address in (f"{EVIDENCE}{paper}/", f"{EVIDENCE}{paper}/file/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{EVIDENCE}{paper}/withdraw/", {"because": "No."}).status_code == 404
