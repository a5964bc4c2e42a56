"""A real browser in front of the real server, with a fleet in it; every complaint of the browser fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker

from config import celery_app
from fleet.models import Operator
from tests.commands import answer_of
from tests.console.visitors import PASSWORD, a_member, an_admin, an_operator

# Playwright runs an event loop in this thread, and Django refuses its database beside one without this word.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def fleet(shipped_for_good: None, settings: Any) -> Operator:
    """The sample operator with the short sample sheet, read and assessed; ann manages it."""
    operator = an_operator("prairie-hash", "Prairie Hash LLC")
    a_member(operator)
    sheet = settings.SAMPLE_WORKBOOK.with_name("prairie-hash-small.csv")
    answer_of("import_fleet", str(sheet), "--operator", operator.slug)
    return operator


@pytest.fixture
def worker(fleet: Operator) -> Iterator[None]:
    """A Celery worker on the embedded queue, as script/server starts one."""
    with start_worker(celery_app, pool="solo", perform_ping_check=False, loglevel="warning"):
        yield


class Console:
    """A page of the console, and what the browser complained of while it was shown."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    def open(self, path: str) -> Any:
        """Go to a page and wait until it has loaded."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, username: str = "ann") -> Any:
        """By the form, as people do."""
        page = self.open("/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({self.page.url})")

    def _see(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"a request to {request.url}")


@pytest.fixture
def console(fleet: Operator, live_server: Any, page: Any) -> Iterator[Console]:
    """A browser at the door. Errors on its console and requests to other hosts fail the test at its end."""
    page.set_default_timeout(10_000)
    shown = Console(page, live_server.url)
    yield shown
    assert not shown.complaints


@pytest.fixture
def admin(fleet: Operator) -> None:
    """A platform admin, root."""
    an_admin()
