"""Programs that ask at a steady rate while a rescore runs: how long the slowest wait, and whether anybody is refused.

A million rigs on PostgreSQL behind gunicorn with two workers, and the product's own workers beside them. Requests go
out by the clock, whether earlier ones have been answered or not, so that a server that lags is not spared.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from signal import SIGTERM
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bench.api import FLEET, ON, OWNER, Asker, served
from bench.databases import POSTGRESQL, database
from bench.figures import Figure, middle
from bench.options import Options
from bench.order_lines import line_to_check
from bench.processes import ROOT, in_fresh_process, processor_seconds
from tests.servers import private_redis, running

A_SECOND, SECONDS, AT_ONCE = 60, 60, 24
QUIET_SECONDS = 20
"""So long the same requests go out before, while nothing else is done."""
WARM = 20
EDITIONS = 3
"""So many editions that touch every lot are published, one after another, while the requests go out."""
PARTS = {"web": "gunicorn", "workers": "celery", "database": "postgres", "queue": "redis"}
"""Whose processor time is told, with the word by which their processes are known."""
TOLD: dict[str, Any] = {"benchmark": "load", "where": POSTGRESQL}
SHARES = {
    "a rig": 42,
    "exposure": 20,
    "rigs": 23,
    "assessments, 1 line": 12,
    "edit of a rig": 2,
    "bulk of 20": 1,
}


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Nothing where PostgreSQL is not asked for: the target is for it."""
    if POSTGRESQL not in options.on:
        return
    with (
        TemporaryDirectory(prefix="bench-redis-") as data,
        private_redis(Path(data)) as queue,
        database(POSTGRESQL, folder) as own,
    ):
        own["REDIS_URL"] = queue
        _asked("bench.fleets:make_fleets", own, **FLEET)
        _asked("bench.fleets:assess_all", own, on=ON)
        key = _asked("bench.api_in_product:issue_key", own, operator=OWNER)
        first = _asked("bench.api_in_product:rig_before", own, operator=OWNER, rows=1)
        with served(own, folder) as port, _workers(own, folder):
            load = Load(port, key, first)
            yield _all_requests(_alone(load), "all requests, no edition")
            yield from _figures(_beside_editions(load, own))


@contextmanager
def _workers(own: dict[str, str], folder: Path) -> Iterator[None]:
    """One worker for all queues, with the scheduler."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "prompt,batch,outside", "-B"]
    command += ["-P", "threads", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = {**os.environ, **own, "OFFLINE": "1"}
    with running(command, SIGTERM, folder / "worker.log", cwd=ROOT, env=environment):
        yield


def _alone(load: Load) -> Load:
    """Requests while nothing else is done."""
    for name in SHARES:
        for _ in range(WARM):
            load.ask(name, 0)
    load.forget()
    load.run(QUIET_SECONDS)
    return load


def _beside_editions(load: Load, own: dict[str, str]) -> Load:
    """One minute of requests, with editions published meanwhile."""
    load.forget()
    with ThreadPoolExecutor(1) as publisher:
        published = publisher.submit(_publish, own)
        load.run(SECONDS)
        published.result()
    return load


def _publish(own: dict[str, str]) -> None:
    for number in range(EDITIONS):
        _asked("bench.fleets:publish_only", own, code=f"US-LOAD-{number}", on=ON)


class Load:
    """Requests by the clock from many threads, each with a connection of its own."""

    def __init__(self, port: int, key: str, first_rig: int) -> None:
        self._port, self._key, self._first = port, key, first_rig
        self._own = threading.local()
        self._chance = Random(7)  # noqa: S311 - the same mix each time
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.used: dict[str, float] = {}

    def run(self, seconds: int) -> None:
        """All requests of so many seconds, spread evenly; returns when the last is answered."""
        names = self._chance.choices(list(SHARES), list(SHARES.values()), k=A_SECOND * seconds)
        before, began = processor_seconds(PARTS), time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as clients:
            for number, name in enumerate(names):
                due = began + number / A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))
                clients.submit(self._timed, name, number, due)
        self.used = {part: used - before[part] for part, used in processor_seconds(PARTS).items()}

    def _timed(self, name: str, number: int, due: float) -> None:
        """Milliseconds from the moment when it was due, as its sender waits for it."""
        try:
            self.ask(name, number)
        except Exception as fault:  # every kind of failure is counted by its words
            self.faults[f"{name}: {fault}"[:200]] += 1
        self.taken[name].append((time.monotonic() - due) * 1000)

    def ask(self, name: str, number: int) -> None:
        """One request."""
        verb, address, body = self._requests()[name](number)
        if not hasattr(self._own, "ask"):
            self._own.ask = Asker(self._port, self._key)
        self._own.ask(verb, address, body)

    def forget(self) -> None:
        """Begin to count."""
        self.taken.clear()
        self.faults.clear()

    def _requests(self) -> dict[str, Callable[[int], tuple[str, str, Any]]]:
        order = {"purchase_order": "PO-LOAD"}
        return {
            "a rig": lambda number: ("GET", f"rigs/{self._first + number}/", None),
            "rigs": lambda number: ("GET", "rigs/?page_size=25", None),
            "exposure": lambda number: ("GET", "exposure/", None),
            "assessments, 1 line": lambda number: (
                "POST",
                "assessments/",
                {**order, "lines": [line_to_check(number)]},
            ),
            "edit of a rig": lambda number: (
                "PATCH",
                f"rigs/{self._first + number}/",
                {"rack": f"R{number}"},
            ),
            "bulk of 20": lambda number: (
                "POST",
                "rigs/bulk/",
                [{"serial_number": f"SN{20 * number + n}", "position": f"{number}"} for n in range(20)],
            ),
        }


def _figures(load: Load) -> Iterator[Figure]:
    faults = sum(load.faults.values())
    yield Figure(work="errors", value=faults, unit="", at_most=0, beside=dict(load.faults), **TOLD)
    yield _all_requests(load, "all requests")
    for name in SHARES:
        taken = load.taken[name]
        beside = {"median": middle(taken), "requests": len(taken)}
        yield Figure(work=name, value=_p99(taken), unit="ms, p99", beside=beside, **TOLD)


def _all_requests(load: Load, work: str) -> Figure:
    """How long the slowest of all waited, and what one of them costs of processors."""
    every = [each for taken in load.taken.values() for each in taken]
    beside = {"median": middle(every), "requests": len(every), "load": round(os.getloadavg()[0], 1)}
    beside |= {f"processor_ms_{part}": round(used * 1000 / len(every), 1) for part, used in load.used.items()}
    return Figure(work=work, value=_p99(every), unit="ms, p99", beside=beside, **TOLD)


def _p99(taken: list[float]) -> float:
    return round(quantiles(taken, n=100)[-1], 1)


def _asked(function: str, own: dict[str, str], **told: Any) -> Any:
    return in_fresh_process(function, environment=own, **told).answer
