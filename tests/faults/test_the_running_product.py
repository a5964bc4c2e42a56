"""The product as script/server runs it: a real worker and beat in another process, on both kinds of servers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sheets import a_csv, a_row

ROOT = Path(__file__).resolve().parents[2]
WORKER = "celery -A config worker -P threads -c 2 -B --without-gossip --without-mingle --without-heartbeat"
PUBLISH_WITHOUT_LIST_2 = """
from dataclasses import replace
from datetime import date
from django.utils import timezone
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.models import PolicyEdition
from risk.policy_files import ended_by_act
from risk.services import publish_edition, start_draft

book = book_of(PolicyEdition.objects.current())
def ended(m):
    return ended_by_act(replace(m, span=DateSpan(m.span.first, date(2020, 1, 1))), "an act of this test")

measures = (ended(m) if m.code == "US-301-CN-L2" else m for m in book.measures)
book = PolicyBook(tuple(measures), book.renumberings, book.refused_headings)
publish_edition(edition=start_draft(book=book), on=timezone.localdate(), at=timezone.now())
"""


class Product:
    """A product of the test's own: its folder, its database, its queue."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}

    def manage(self, *arguments: str) -> str:
        call = [sys.executable, "manage.py", *arguments]
        ended = subprocess.run(
            call, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def rate_of(self, serial: object) -> str:
        told = json.loads(self.manage("explain", "--operator", "prairie", "--serial", str(serial), "--json"))
        return told["additional_rate_percent"]

    def start_worker(self) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", *WORKER.split()]
        return subprocess.Popen(
            call,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # the scheduler is a child of its own: both are ended together
        )


def kill(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and its scheduler at once, as a fault would."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so in time; the limit is generous, a slow machine is no fault."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(0.3)
    return False


@pytest.fixture(params=["embedded", "servers"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Product:
    environment = {"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": ""}
    if request.param == "servers":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    made = Product(environment)
    made.manage("migrate", "--verbosity", "0")
    made.manage("load_catalogue")
    made.manage("load_policies", "--publish")
    sheet = a_csv(tmp_path, [a_row()])
    made.manage("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")
    return made


@pytest.fixture
def worker(product: Product) -> Iterator[subprocess.Popen[bytes]]:
    process = product.start_worker()
    yield process
    kill(process)


def test_publishing_an_edition_moves_the_fleet_within_seconds(product, worker):
    assert product.rate_of(a_row()["Serial Number"]) == "37.5"
    product.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
    assert within(60, lambda: product.rate_of(a_row()["Serial Number"]) == "12.5")


def test_what_was_published_while_no_worker_lived_is_done_by_the_next(product):
    product.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
    assert product.rate_of(a_row()["Serial Number"]) == "37.5"
    process = product.start_worker()
    try:
        assert within(60, lambda: product.rate_of(a_row()["Serial Number"]) == "12.5")
    finally:
        kill(process)


def test_a_change_is_saved_and_done_later_when_the_queue_is_down(tmp_path):
    """Nothing listens on the queue's port: the publication is kept, and a sweep without the queue finds it."""
    environment = {"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": ""}
    product = Product(environment)
    product.manage("migrate", "--verbosity", "0")
    product.manage("load_catalogue")
    product.manage("load_policies", "--publish")
    sheet = a_csv(tmp_path, [a_row()])
    product.manage("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")
    deaf = Product(environment | {"REDIS_URL": "redis://127.0.0.1:1/0"})
    deaf.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
    deaf.manage("assess")
    assert product.rate_of(a_row()["Serial Number"]) == "12.5"
