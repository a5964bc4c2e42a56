"""What a test may ask for (a database, Redis, a browser), and the network, closed but for this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import redis

from tests.servers import fresh_database

pytest_plugins = ["tests.database"]

# Laws are tried on the same made-up cases in every run: it is quick, and it judges the change alone.
# To search for new cases: script/test tests/engine --hypothesis-profile=search
hypothesis.settings.register_profile("house", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", max_examples=2000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for no database is run once: on servers it would do the very same again (tests.servers)."""
    if os.environ.get("ONLY_THROUGH_THE_DATABASE"):
        pure = [item for item in items if not asks_for_a_database(item)]
        items[:] = [item for item in items if asks_for_a_database(item)]
        config.hook.pytest_deselected(items=pure)


def asks_for_a_database(item: pytest.Item) -> bool:
    """By a mark, or by a fixture of it or below it."""
    asked = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def given_by_script_test(name: str) -> str:
    """What script/test has put into the environment; without it the test fails, it is never skipped."""
    value = os.environ.get(name)
    if not value:
        pytest.fail(
            f"{name} is not set: this test needs a server or browser of its own. Run script/test.",
            pytrace=False,
        )
    return value


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    with fresh_database(given_by_script_test("TEST_POSTGRES_URL")) as url:
        yield url


@pytest.fixture
def redis_url() -> str:
    """The address of an empty Redis database, one for each process of pytest-xdist."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"{given_by_script_test('TEST_REDIS_URL').rpartition('/')[0]}/{1 + int(worker)}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of the browser's program."""
    return given_by_script_test("TEST_CHROMIUM")


# What Chromium says to the world of its own accord, switched off.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    """Lets pytest-playwright drive the machine's own Chromium, quiet in the background."""
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": [*QUIET, *as_root]}


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """No test leaves this machine: a connection to any other address is an error."""

    def guarded(connect):
        def connect_on_this_machine(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
                raise ConnectionRefusedError(f"Tests do not leave this machine: not to {address[0]}.")
            return connect(self, address)

        return connect_on_this_machine

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def is_loopback(host: str) -> bool:
    """Whether the host, as given to a socket, is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
