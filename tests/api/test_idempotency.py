"""The same request again is the same answer again, and one deed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from fleet.api import uploads
from fleet.models import Upload
from keeping.housekeeping.clearing import housekeep
from ledger.api.idempotency import LEASE, LIFE
from ledger.models import AuditEntry, IdempotencyKey
from tests.api.programs import UPLOADS, Program, a_key, a_program, work
from tests.console.visitors import an_operator
from tests.sheets import a_csv, a_row


@pytest.fixture
def program(shipped):
    return a_program()


@pytest.fixture
def path(tmp_path):
    return a_csv(tmp_path, [a_row(1)])


def test_the_same_request_again_is_answered_as_the_first_time(program, path):
    first = program.send(path, once="one")
    work()
    again = program.send(path, once="one")
    assert (again.status_code, again.content, again["Location"]) == (202, first.content, first["Location"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert again["Content-Type"] == first["Content-Type"]
    assert (Upload.objects.count(), AuditEntry.objects.filter(deed="API POST").count()) == (1, 1)


def test_the_file_may_have_another_name_but_not_another_content(program, path, tmp_path):
    program.send(path, once="one")
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes())
    assert program.send(copy, once="one").status_code == 202
    copy.write_bytes(path.read_bytes() + b"\n")
    refused = program.send(copy, once="one")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("change", [{"query": "?dry_run=true"}, {"mode": "create"}])
def test_other_fields_and_another_query_are_another_request(program, path, change):
    program.send(path, once="one")
    assert program.send(path, once="one", **change).json()["code"] == "idempotency_key_reused"


def test_a_key_may_be_quoted_as_the_standard_writes_it(program, path):
    first = program.send(path, once="one")
    assert program.send(path, once='"one"').content == first.content


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ключ"])
def test_a_malformed_key_is_refused(program, path, key):
    answer = program.client.post(f"{UPLOADS}1/apply/", headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


def test_a_refusal_is_given_again_too(program, path):
    answers = [program.send(path, once="one", mode="sideways") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert answers[1]["Content-Type"] == "application/problem+json"
    assert answers[1]["Idempotency-Replayed"] == "true"


def test_what_another_time_may_be_answered_otherwise_is_not_kept(program, path):
    address = program.send(path, "?dry_run=true")["Location"]
    assert program.post(f"{address}apply/", once="one").status_code == 409
    work()
    assert program.post(f"{address}apply/", once="one").status_code == 202


def test_a_bug_lets_go_of_the_key(program, path, monkeypatch):
    def broken(**_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(uploads, "accept_upload", broken)
        program.send(path, once="one")
    assert program.send(path, once="one").status_code == 202


def in_flight(program, path):
    """A first request whose process died before it answered."""
    program.send(path, once="one")
    Upload.objects.all().delete()
    IdempotencyKey.objects.update(status=None, body="", headers={})


def test_while_the_first_is_in_flight_the_second_is_told_to_wait(program, path):
    in_flight(program, path)
    answer = program.send(path, once="one")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
    assert answer["Retry-After"] == "1"


def test_a_process_that_died_does_not_block_a_key_for_ever(program, path):
    in_flight(program, path)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert program.send(path, once="one").status_code == 202
    assert Upload.objects.count() == 1


def test_a_process_that_was_taken_for_dead_undoes_its_deed(program, path, monkeypatch):
    real = uploads.accept_upload

    def slow(**given):
        accepted = real(**given)
        IdempotencyKey.objects.update(claim="somebody else's")
        return accepted

    monkeypatch.setattr(uploads, "accept_upload", slow)
    answer = program.send(path, once="one")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
    assert Upload.objects.count() == 0


def test_after_a_day_a_key_is_free_again(program, path):
    program.send(path, once="one")
    with time_machine.travel(timezone.now() + LIFE + timedelta(seconds=1)):
        assert "Idempotency-Replayed" not in program.send(path, once="one")
        housekeep(now=timezone.now(), only=["answered_requests"])
        assert IdempotencyKey.objects.count() == 1
    with time_machine.travel(timezone.now() + 3 * LIFE):
        housekeep(now=timezone.now(), only=["answered_requests"])
    assert not IdempotencyKey.objects.exists()


def test_the_keys_of_two_operators_do_not_meet(program, path):
    program.send(path, once="one")
    other = a_program(an_operator("birch", "Birch"))
    assert "Idempotency-Replayed" not in other.send(path, once="one")
    assert Upload.objects.count() == 2


def test_a_key_of_another_program_does_not_read_an_answer_that_it_may_not(program, path):
    first = program.send(path, once="one")
    operator = Upload.objects.select_related("operator").get().operator
    reader = a_program(operator, "fleet:read")
    assert reader.send(path, once="one").status_code == 403
    rotated = a_program(operator)
    assert rotated.send(path, once="one").content == first.content


def test_a_hundred_retries_at_once_make_one_upload(shipped_for_good, path):
    key = a_key(an_operator())

    def retry(_):
        try:
            answer = Program(key).send(path, once="one")
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    threads = 100 if connection.vendor == "postgresql" else 12
    with ThreadPoolExecutor(max_workers=20) as pool:
        answers = list(pool.map(retry, range(threads)))
    assert {status for status, _ in answers} <= {202, 409}
    assert len({body for status, body in answers if status == 202}) == 1
    assert (Upload.objects.count(), IdempotencyKey.objects.count()) == (1, 1)
    assert Program(key).send(path, once="one").status_code == 202
