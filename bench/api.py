"""What a program waits for: pages of rigs, the exposed share and ten thousand rows, from a server of two workers.

A million rigs on PostgreSQL behind gunicorn, asked over loopback on connections that stay open. Seconds are those
of the client, from the request to the last byte of the answer.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from signal import SIGTERM
from statistics import quantiles
from typing import Any

from bench.databases import POSTGRESQL, database
from bench.figures import Figure, middle
from bench.options import Options
from bench.order_lines import line_to_check
from bench.processes import ROOT, in_fresh_process
from tests.servers import free_port, running, wait_for

ON = date.today().isoformat()
FLEET = {"rigs": 1_000_000, "lots": 2_500, "operators": 1, "kinds": 2_000}
OWNER = "operator-0"
PAGE, DEEP_PAGE = 100, 10_000
ASKED, FEWEST, WARM, LONGEST = 300, 20, 5, 30.0
ROWS, NEW_LOTS = 10_000, 20
FIRST = f"rigs/?page_size={PAGE}"
MILLISECONDS = 60.0  # that 95 of 100 requests may take at most
SECONDS_OF_BULK = 4.0
DEEP_TIMES = 1.2
CHECKED, CHECKS = {1: MILLISECONDS, 500: 600.0}, 200


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Nothing where PostgreSQL is not asked for: the targets are for it."""
    if POSTGRESQL not in options.on:
        return
    with database(POSTGRESQL, folder) as own:
        _asked("bench.fleets:make_fleets", own, **FLEET)
        _asked("bench.fleets:assess_all", own, on=ON)
        key = _asked("bench.api_in_product:issue_key", own, operator=OWNER)
        after = _asked("bench.api_in_product:rig_before", own, operator=OWNER, rows=PAGE * (DEEP_PAGE - 1))
        with served(own, folder) as port:
            ask = Asker(port, key)
            yield from _reading(ask, after)
            yield from _bulk(ask, options.times)


def _reading(ask: Asker, after: int) -> Iterator[Figure]:
    cursor = base64.b64encode(f"p={after}".encode()).decode().replace("=", "%3D")
    deep = f"rigs/?page_size={PAGE}&cursor={cursor}"
    first, depth = _side_by_side(ask, [FIRST, deep])
    yield _p95("rigs/, first page", first)
    yield _p95(f"rigs/, page {DEEP_PAGE:,}", depth)
    ratio = middle(depth) / middle(first)
    yield _figure(f"rigs/, page {DEEP_PAGE:,}, against the first", ratio, "times", DEEP_TIMES)
    yield _p95("exposure/", *_side_by_side(ask, ["exposure/"]))
    for lines, limit in CHECKED.items():
        yield _p95(f"assessments/, {lines} lines", _checks(ask, lines), limit)


def _checks(ask: Asker, lines: int) -> list[float]:
    """Milliseconds of each check of an order of so many lines, after the first ones."""
    order = {"purchase_order": "PO-BENCH", "lines": [line_to_check(number) for number in range(lines)]}
    taken = [ask("POST", "assessments/", order)[0] * 1000 for _ in range(WARM + CHECKS // lines + FEWEST)]
    return taken[WARM:]


def _side_by_side(ask: Asker, addresses: list[str]) -> list[list[float]]:
    """Milliseconds of each request, the addresses in turn, so that all have the same neighbours; of slow ones few."""
    taken: list[list[float]] = [[] for _ in addresses]
    until = time.monotonic() + LONGEST
    for number in range(WARM + ASKED):
        for mine, address in zip(taken, addresses, strict=True):
            seconds, _ = ask("GET", address)
            if number >= WARM:
                mine.append(seconds * 1000)
        if time.monotonic() > until and len(taken[0]) >= FEWEST:
            break
    return taken


def _bulk(ask: Asker, times: int) -> Iterator[Figure]:
    works: tuple[tuple[str, Callable[[int], list[dict[str, Any]]], str], ...] = (
        ("new rigs", _new_rows, "created"),
        ("rigs, the whole of 25 lots, stored", _moved_rows, "updated"),
        ("rigs of 2,500 lots racked", _racked_rows, "updated"),
    )
    for work, rows_of, outcome in works:
        seconds = []
        for number in range(times):
            took, told = ask("POST", "rigs/bulk/", rows_of(number))
            if told[outcome] != ROWS:
                raise RuntimeError(f"Not all rows were {outcome}: {json.dumps(told)[:500]}")
            seconds.append(took)
        yield _figure(
            f"rigs/bulk/, {ROWS:,} {work}", middle(seconds), "s", SECONDS_OF_BULK, slowest=max(seconds)
        )


def _new_rows(number: int) -> list[dict[str, Any]]:
    return [
        {
            "serial_number": f"BULK{number}N{n:06d}",
            "mac_address": f"aa:bb:{number:02x}:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
            "model": "Antminer S21 200T",
            "site": f"site {n % 4}",
            "country_of_origin": ("MY", "TH")[n % 2],
            "entry_date": "2025-06-10",
            "entry_number": f"XYZ-{number}-{n % NEW_LOTS}",
            "customs_value": "3900.00",
            "hashrate_ths": 200,
            "power_w": 3500,
        }
        for n in range(ROWS)
    ]


def _moved_rows(number: int) -> list[dict[str, Any]]:
    """All rigs of some lots get another status: what came together is put away together."""
    status = ("stored", "deployed")[number % 2]
    lots, rigs_a_lot = FLEET["lots"], FLEET["rigs"] // FLEET["lots"]
    numbers = (n * lots + lot for lot in range(ROWS // rigs_a_lot) for n in range(rigs_a_lot))
    return [{"serial_number": f"SN{n}", "status": status} for n in numbers]


def _racked_rows(number: int) -> list[dict[str, Any]]:
    """Rigs of every lot get another rack."""
    return [{"serial_number": f"SN{n}", "rack": f"R{number}-{n % 40}"} for n in range(ROWS)]


class Asker:
    """A client with one connection."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "If-Match": "*",
        }

    def __call__(self, verb: str, address: str, body: Any = None) -> tuple[float, Any]:
        """Seconds, and the answer. Raises RuntimeError for one that is no success."""
        sent = None if body is None else json.dumps(body).encode()
        began = time.perf_counter()
        try:
            self._connection.request(verb, f"/api/v1/{address}", sent, self._headers)
            answer = self._connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens it anew, so that one fault is one
            raise
        seconds = time.perf_counter() - began
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{verb} {address}: {answer.status} {read[:500]!r}")
        return seconds, json.loads(read)


@contextmanager
def served(own: dict[str, str], folder: Path) -> Iterator[int]:
    """The product's web server with two workers; gives its port."""
    port, log = free_port(), folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "120"]
    command += ["--keep-alive", "75"]  # longer than a client rests between two requests
    environment = {**os.environ, **own, "API_REQUESTS_A_MINUTE": str(10**6), "ALLOWED_HOSTS": "127.0.0.1"}
    with running(command, SIGTERM, log, cwd=ROOT, env=environment):
        wait_for(lambda: _knock(port), OSError, log)
        yield port


def _knock(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/health/")
    connection.getresponse().read()
    connection.close()


def _figure(work: str, value: float, unit: str, at_most: float, **beside: Any) -> Figure:
    told = {"beside": {**beside, "load": round(os.getloadavg()[0], 1)}, "where": POSTGRESQL}
    return Figure(benchmark="api", work=work, value=round(value, 2), unit=unit, at_most=at_most, **told)


def _p95(work: str, taken: list[float], limit: float = MILLISECONDS) -> Figure:
    beside = {"median": middle(taken), "requests": len(taken)}
    return _figure(work, quantiles(taken, n=20)[-1], "ms, p95", limit, **beside)


def _asked(function: str, own: dict[str, str], **told: Any) -> Any:
    return in_fresh_process(function, environment=own, **told).answer
