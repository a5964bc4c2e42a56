"""Lines of the log: an object each, with the ids of request and task, and nothing that nobody else should read."""

from __future__ import annotations

import io
import json
import logging

import pytest
from celery import current_app

from ledger import tracing
from ledger.log_lines import JsonLines
from ledger.queue import nudge
from ledger.tasks import fold_measured

OURS = "a-proxys-id-17"


@pytest.fixture
def lines():
    """What is logged from now on, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_id_that_its_answer_names(client, lines, caplog):
    caplog.set_level(logging.INFO)
    answer = client.get("/login/?next=/lots/&secret=hunter2", headers={"X-Request-ID": OURS})
    assert answer["X-Request-ID"] == OURS
    told = [line for line in lines() if line["logger"] == "ledger.tracing"]
    assert [(line["request_id"], line["route"], line["status"]) for line in told] == [(OURS, "login/", 200)]
    assert "hunter2" not in json.dumps(lines())


@pytest.mark.parametrize(
    "told", ["", "short", "x" * 65, "two words", 'a"quote-quote', "line\tend-0123", "ä" * 12]
)
def test_an_id_that_is_not_well_formed_is_replaced(client, told):
    answer = client.get("/health/live", headers={"X-Request-ID": told})
    assert answer["X-Request-ID"] != told
    assert tracing.WELL_FORMED.fullmatch(answer["X-Request-ID"])


def test_two_requests_have_two_ids_and_none_is_left_over(client):
    first, second = (client.get("/health/live")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert tracing.REQUEST_ID.get() == ""


def test_health_checks_are_no_news(client, lines, caplog):
    caplog.set_level(logging.INFO)
    client.get("/health/live")
    assert lines() == []


def test_a_fault_is_one_line_with_its_traceback(lines):
    try:
        raise ValueError("what went wrong")
    except ValueError:
        logging.getLogger("a.room").exception("It failed\nin two lines.")
    (line,) = lines()
    assert line["message"] == "It failed\nin two lines."
    assert line["fault"].endswith("ValueError: what went wrong")


@pytest.fixture
def sent(monkeypatch, tmp_path):
    """Messages that go into a queue of files of the test's own."""
    folder = tmp_path / "messages"
    folder.mkdir()
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder)}
    connection = current_app.connection_for_write("filesystem://", transport_options=options)
    connection.transport_cls = "ledger.file_queue:Transport"
    yield connection, lambda: [json.loads(path.read_text()) for path in sorted(folder.iterdir())]
    connection.release()


def test_what_a_request_sends_carries_its_id_and_when_it_was_sent(sent):
    connection, messages = sent
    before = tracing.REQUEST_ID.set(OURS)
    fold_measured.apply_async(connection=connection)
    tracing.REQUEST_ID.reset(before)
    fold_measured.apply_async(connection=connection)
    first, second = (message["headers"] for message in messages())
    assert first["request_id"] == OURS
    assert "request_id" not in second
    assert 0 <= second["sent_at"] - first["sent_at"] < 60


@pytest.mark.django_db
def test_a_task_logs_and_sends_in_the_name_of_the_request_that_sent_it(lines):
    seen = []

    @current_app.task(name="tests.running.a_task")
    def a_task():
        logging.getLogger("a.room").warning("At work.")
        seen.append(tracing.REQUEST_ID.get())

    a_task.apply(headers={"request_id": OURS}, task_id="task-7")
    (line,) = [line for line in lines() if line["logger"] == "a.room"]
    assert (line["request_id"], line["task_id"], line["task"]) == (OURS, "task-7", "tests.running.a_task")
    assert seen == [OURS]
    assert (tracing.REQUEST_ID.get(), tracing.TASK.get()) == ("", ("", ""))


def test_a_nudge_still_forgives_a_queue_that_is_down(monkeypatch):
    class Down:
        name = "a.task"

        def apply_async(self, **_: object) -> None:
            raise OSError

    nudge(Down())
