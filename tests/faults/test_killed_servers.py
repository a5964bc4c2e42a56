"""Servers that are killed under a running product and come back: Redis empty, PostgreSQL with what was committed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
import redis

from fleet.flows.progress import watched_by
from fleet.models import Upload
from fleet.models.upload import UploadState
from fleet.tasks import _tell_celery
from tests.commands import answer_of
from tests.sheets import a_csv, a_row


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_a_redis_killed_around_a_publish_and_back_with_nothing_in_it_loses_no_lot(
    moment, on_servers, mortal_servers
):
    edition = on_servers.ask("draft", code="US-WITHOUT-QUEUE")
    queue = mortal_servers.redis
    with on_servers.worker(), ThreadPoolExecutor() as meanwhile:
        assert on_servers.becomes_fresh()
        if moment == "before":
            queue.kill()
        published = meanwhile.submit(on_servers.ask, "publish", edition=edition)
        if moment == "during":
            time.sleep(0.1)
            queue.kill()
        published.result()
        if moment == "after":
            queue.kill()
        queue.start()
        assert on_servers.becomes_fresh()
    assert on_servers.ask("differences") == []


def test_a_postgresql_that_restarts_in_the_middle_of_assessments_loses_no_lot(on_servers, mortal_servers):
    on_servers.ask("publish", edition=on_servers.ask("draft", code="US-RESTARTED"))
    with on_servers.worker():
        for seconds in (0.0, 0.3, 0.9):
            assert on_servers.a_worker_is_at_it()
            time.sleep(seconds)
            mortal_servers.restart_postgres()
            on_servers.ask("owe_all")
        assert on_servers.a_worker_is_at_it()
        mortal_servers.restart_postgres()  # what the worker held now is left to its lease
        assert on_servers.becomes_fresh()
    assert on_servers.ask("differences") == []


class WatchedThroughRedis:
    """A task whose states Redis does not take."""

    request = SimpleNamespace(id="1")

    def update_state(self, **_: object) -> None:
        raise redis.exceptions.ConnectionError("Connection closed by server.")


@pytest.mark.usefixtures("shipped")
def test_an_upload_whose_progress_redis_does_not_take_is_applied_all_the_same(tmp_path):
    with watched_by(partial(_tell_celery, WatchedThroughRedis())):
        sheet = a_csv(tmp_path, [a_row()])
        answer_of("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")
    assert Upload.objects.get().state == UploadState.APPLIED
