"""/metrics: for those alone who may see it, counted in the database and at the queue, measured in every process."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from ipaddress import ip_network
from pathlib import Path

import pytest
import redis
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.parser import text_string_to_metric_families

from bench.fleets import make_fleets
from config.watching.figures import Moment, all_figures
from fleet.models import Lot
from ledger import measuring
from ledger.models import OutboxEvent
from risk.flows.owed import owe
from tests.house.tree import ROOT
from tests.servers import free_port, running, wait_for

TOKEN, SECRET = "a token of this test", "hunter2-hunter2"
REQUESTS = 24
NOW = datetime.fromtimestamp(time.time(), UTC)


def figures(text: str) -> dict[tuple[str, ...], float]:
    """(name, label, …) -> value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def asked(client, **how) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", **how)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    return figures(answer.content.decode())


def with_token(token: str = TOKEN) -> dict[str, object]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


@pytest.mark.django_db
def test_without_a_setting_there_is_no_such_page(client):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", **with_token("")).status_code == 404


@pytest.mark.django_db
def test_only_who_has_the_token_or_asks_from_a_near_network_sees_it(client, settings):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", **with_token("another")).status_code == 404
    assert client.get("/metrics", **with_token()).status_code == 200
    settings.METRICS_TOKEN = ""
    settings.METRICS_NETWORKS = [ip_network("10.1.0.0/16")]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3", **with_token("")).status_code == 404


@pytest.mark.usefixtures("shipped")
def test_what_is_owed_and_what_waits_is_counted_with_its_age(client, settings, django_assert_max_num_queries):
    settings.METRICS_TOKEN = TOKEN
    make_fleets(rigs=12, lots=6, operators=3, kinds=6)
    of_one = Lot.objects.filter(operator__slug="operator-0")
    an_hour_ago = datetime.fromtimestamp(time.time() - 3600, UTC)
    before = asked(client, **with_token())
    owe(of_one.values_list("pk", flat=True), cause="a test", now=an_hour_ago)
    OutboxEvent.objects.create(kind="upload.applied", about="upload:1")
    with django_assert_max_num_queries(15):
        told = asked(client, **with_token())
    assert told["rig_ledger_owed_assessments",] - before["rig_ledger_owed_assessments",] == of_one.count()
    assert 3600 <= told["rig_ledger_owed_assessments_oldest_seconds",] < 3900
    assert told["rig_ledger_operators", "owed"] - before["rig_ledger_operators", "owed"] == 1
    assert sum(value for name, value in told.items() if name[0] == "rig_ledger_operators") >= 3
    assert told["rig_ledger_waiting_outbox_events",] - before["rig_ledger_waiting_outbox_events",] == 1
    assert not any(value for name, value in told.items() if name[0] == "rig_ledger_uncounted")


@pytest.mark.usefixtures("shipped")
def test_the_law_and_the_lists_have_an_age_in_days():
    at = Moment(now=NOW, today=date(2026, 11, 28))
    told = {family.name: family.samples for family in all_figures(at)}
    assert told["rig_ledger_law_unchecked_days"][0].value == 49  # checked through 2026-10-10


@pytest.mark.django_db
def test_no_operator_is_named(client, settings):
    settings.METRICS_TOKEN = TOKEN
    make_fleets(rigs=2, lots=2, operators=1, kinds=2)
    assert "operator-0" not in client.get("/metrics", **with_token()).content.decode()


@pytest.mark.django_db
def test_a_message_in_redis_is_as_old_as_it_was_sent(client, settings, redis_url):
    settings.METRICS_TOKEN, settings.REDIS_URL = TOKEN, redis_url
    with redis.Redis.from_url(redis_url) as queue:
        for minutes in (10, 5):  # as Celery's transport does it: the newest first
            queue.lpush("prompt", json.dumps({"headers": {"sent_at": time.time() - minutes * 60}}))
        told = asked(client, **with_token())
        queue.flushdb()
    assert told["rig_ledger_queue_messages", "prompt"] == 2
    assert 600 <= told["rig_ledger_queue_oldest_seconds", "prompt"] < 900
    assert told["rig_ledger_queue_messages", "batch"] == 0


@pytest.mark.django_db
def test_a_queue_that_is_down_leaves_the_other_figures_in_place(client, settings):
    settings.METRICS_TOKEN, settings.REDIS_URL = TOKEN, "redis://127.0.0.1:1/0"
    told = asked(client, **with_token())
    assert told["rig_ledger_uncounted", "queues"] == 1
    assert ("rig_ledger_owed_assessments",) in told


class Web:
    """A web server with two processes, whose database and queue do not answer."""

    def __init__(self, port: int, log: Path) -> None:
        self._port, self.log = port, log

    def ask(self, address: str) -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=10)) as connection:
            connection.request("GET", address, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("web"), free_port()
    environment = os.environ | {
        "VAR_DIR": str(folder),
        "METRICS_TOKEN": TOKEN,
        "LOG_FORMAT": "json",
        "DATABASE_URL": f"postgresql://rigs:{SECRET}@127.0.0.1:1/rigs",
        "REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "2", "--no-control-socket"]
    made = Web(port, folder / "web.log")
    with running(command, signal.SIGTERM, made.log, cwd=ROOT, env=environment):
        wait_for(lambda: made.ask("/health/"), OSError, made.log)
        yield made


def test_requests_of_all_web_processes_are_counted_together(web):
    for _ in range(REQUESTS):
        assert web.ask("/health/live") == (200, '{"status": "ok"}')
    told = figures(web.ask("/metrics")[1])
    assert told["rig_ledger_request_seconds_count", "GET", "health/live", "200"] == REQUESTS


def test_figures_that_cannot_be_counted_are_left_out_and_named(web):
    told = figures(web.ask("/metrics")[1])
    uncounted = {name[1]: value for name, value in told.items() if name[0] == "rig_ledger_uncounted"}
    assert [group for group, value in uncounted.items() if not value] == ["disk"]


def test_with_database_and_queue_down_it_is_not_ready_and_tells_no_secret(web):
    status, body = web.ask("/health/ready")
    lacking = [part["part"] for part in json.loads(body)["parts"] if not part["is_ready"]]
    assert (status, lacking) == (503, ["database", "migrations", "queue"])
    assert SECRET not in body + web.log.read_text()


KEY = mmap_key("rig_ledger_task_seconds", "rig_ledger_task_seconds_sum", ["task"], ["a.task"], "")


def test_what_processes_that_have_gone_had_measured_is_added_up_once(tmp_path, monkeypatch):
    monkeypatch.setattr(measuring, "FOLDER", tmp_path)
    for name, seconds in (("gone-1", 1.0), ("gone-2", 2.0), ("alive-3", 4.0)):
        file = tmp_path / f"histogram_{name}.db"
        kept = MmapedDict(str(file))
        kept.write_value(KEY, seconds, 0)
        kept.close()
        if name.startswith("gone"):
            os.utime(file, (1, 1))
    assert total() == 7
    assert measuring.fold_the_gone(time.time()) == 2
    assert sorted(path.name for path in tmp_path.glob("*.db")) == [
        "histogram_alive-3.db",
        measuring.OF_THE_GONE,
    ]
    assert total() == 7
    assert measuring.fold_the_gone(time.time()) == 0
    assert measuring.fold_the_gone(time.time() + 2 * measuring.GONE_AFTER) == 1
    assert total() == 7


def total() -> float:
    return sum(sample.value for family in measuring.all_measured() for sample in family.samples)


def test_nothing_is_measured_where_nobody_may_see_it():
    assert not list(measuring.FOLDER.glob("*.db"))
