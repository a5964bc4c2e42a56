"""How soon people see what they did: an edit on the front page, an upload's check beside a rescore of every lot.

The product runs as script/server starts it (web, a worker for each queue, scheduler), on SQLite with its own broker
and on PostgreSQL with Redis; it is asked over loopback.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from typing import Any

from bench.databases import POSTGRESQL, SQLITE, database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import ROOT, in_fresh_process, until
from tests.servers import free_port, private_redis, running, wait_for
from tests.sheets import a_csv, a_row

ON = "2026-11-28"
FLEET = {"rigs": 100_000, "lots": 2_500, "operators": 1, "kinds": 2_000}
MANY_LOTS = {"rigs": 400_000, "lots": 200_000, "operators": 50, "kinds": 2_000}
OWNER = "operator-0"
EDITS, UPLOADS = 9, 3
ORIGINS = ("VN", "TH", "MY")


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Edits to fresh pages; with --heavy also uploads beside a rescore, every lot by the product's own workers, and
    two workers against one."""
    for kind in options.on:
        yield _edits(kind, folder / "edits")
        if options.heavy:
            yield _uploads_beside_a_rescore(kind, folder / "beside")
            yield from _all_lots(kind, folder / "all")
    if options.heavy and POSTGRESQL in options.on:
        yield _two_workers(folder / "two")


def _edits(kind: str, folder: Path) -> Figure:
    """Seconds from a corrected country of origin to the front page that is fresh again."""
    folder.mkdir(exist_ok=True)
    with database(kind, folder) as own, _served(kind, own, folder) as ask:
        seconds = [_edit_to_fresh(ask, number) for number in range(EDITS)]
    return Figure(
        benchmark="promptness",
        where=kind,
        work=f"edit to fresh front page, {FLEET['rigs']:,} rigs, median",
        value=middle(seconds),
        unit="s",
        at_most=2,
        beside={"longest": round(max(seconds), 3), "edits": EDITS, "load": _load()},
    )


def _edit_to_fresh(ask: Asker, number: int) -> float:
    rig = ask("GET", f"/api/v1/rigs/?page_size=1&search=SN{number}")["results"][0]["rig"]
    began = time.perf_counter()
    ask("PATCH", f"/api/v1/rigs/{rig}/", {"country_of_origin": ORIGINS[number % len(ORIGINS)]})
    until(lambda: ask("GET", "/api/v1/exposure/")["fresh"])
    ask.page("/")
    return time.perf_counter() - began


def _uploads_beside_a_rescore(kind: str, folder: Path) -> Figure:
    """Seconds from sending a sheet until a worker reads it, while every lot is assessed anew."""
    folder.mkdir(exist_ok=True)
    with database(kind, folder) as own, _served(kind, own, folder, MANY_LOTS) as ask:
        _asked("publish_only", own, code="US-BENCH-ALL", on=ON)
        until(lambda: not ask("GET", "/api/v1/exposure/")["fresh"])
        seconds = [_upload_until_it_is_read(ask, folder, number) for number in range(UPLOADS)]
        if ask("GET", "/api/v1/exposure/")["fresh"]:
            raise RuntimeError("The rescore ended before the uploads did: nothing was measured beside it.")
    return Figure(
        benchmark="promptness",
        where=kind,
        work=f"an upload's check starts beside a rescore of {MANY_LOTS['lots']:,} lots, longest",
        value=round(max(seconds), 2),
        unit="s",
        at_most=3,
        beside={"all": [round(each, 2) for each in seconds], "load": _load()},
    )


def _upload_until_it_is_read(ask: Asker, folder: Path, number: int) -> float:
    sheet = a_csv(folder, [a_row(1_000 * number + row) for row in range(500)], name=f"{number}.csv")
    began = time.perf_counter()
    upload = ask.send("/api/v1/uploads/", sheet)["upload"]

    def has_begun() -> bool:
        told = ask("GET", f"/api/v1/uploads/{upload}/")
        return told["state"] != "waiting" or told["progress"] is not None

    until(has_begun)
    return time.perf_counter() - began


def _all_lots(kind: str, folder: Path) -> Iterator[Figure]:
    """Seconds until the product's own workers have a finding on every lot: the first of each, and then after an
    edition that touches them all. The owing and the following count."""
    folder.mkdir(exist_ok=True)
    lots = f"{MANY_LOTS['lots']:,} lots"
    with database(kind, folder) as own, _running(kind, own, folder, MANY_LOTS) as (_, queue):
        first = _asked("assess_all_by_workers", own | queue)
        moved = _asked("publish_to_workers", own | queue, code="US-BENCH-ALL", on=ON)
    for work, told in (
        (f"{lots}, the first finding of each", first),
        (f"an edition that touches {lots}", moved),
    ):
        yield Figure(
            benchmark="promptness",
            where=kind,
            work=f"{work}, by the workers of script/server",
            value=told["seconds"],
            unit="s",
            at_most=20,
            beside={"lots": told["lots"], "load": _load()},
        )


def _two_workers(folder: Path) -> Figure:
    """How many times as fast two workers are as one, with every lot owed, on PostgreSQL."""
    folder.mkdir(exist_ok=True)
    seconds = {}
    with database(POSTGRESQL, folder) as own:
        _asked("make_fleets", own, **MANY_LOTS)
        _asked("assess_all", own, on=ON)
        for number in (1, 2):
            _asked("publish_only", own, code=f"US-BENCH-{number}", on=ON)
            _asked("follow", own)
            seconds[number] = _drained_by(number, own)
    return Figure(
        benchmark="promptness",
        where=POSTGRESQL,
        work=f"{MANY_LOTS['lots']:,} lots, one worker against two",
        value=round(seconds[1] / seconds[2], 2),
        unit="times",
        at_least=1.25,
        beside={"one_s": seconds[1], "two_s": seconds[2], "cores": os.cpu_count(), "load": _load()},
    )


def _drained_by(number: int, own: dict[str, str]) -> float:
    """Seconds from the first worker's first claim until the last one finds nothing more."""
    with ThreadPoolExecutor(number) as workers:
        ends = [workers.submit(_asked, "drain", own, on=ON) for _ in range(number)]
        told = [each.result() for each in ends]
    return round(max(each["ended"] for each in told) - min(each["began"] for each in told), 2)


# ---------------------------------------------------------------------------------------------- the running product


@contextmanager
def _served(
    kind: str, own: dict[str, str], folder: Path, fleet: dict[str, int] | None = None
) -> Iterator[Asker]:
    """A fleet whose lots are assessed, behind script/server."""
    with _running(kind, own, folder, fleet or FLEET, is_assessed=True) as (ask, _):
        until(lambda: ask("GET", "/api/v1/exposure/")["fresh"])
        yield ask


@contextmanager
def _running(
    kind: str, own: dict[str, str], folder: Path, fleet: dict[str, int], *, is_assessed: bool = False
) -> Iterator[tuple[Asker, dict[str, str]]]:
    """A fleet behind script/server: who asks for it, and what a process needs to reach its queue."""
    _asked("make_fleets", own, **fleet)
    if is_assessed:
        _asked("assess_all", own, on=ON)
    key = in_fresh_process("bench.api_in_product:issue_key", environment=own, operator=OWNER).answer
    session = in_fresh_process("bench.api_in_product:sign_in", environment=own, operator=OWNER).answer
    port, log = free_port(), folder / "server.log"
    with _queue(kind) as queue:
        environment = {**os.environ, **own, **queue, "API_REQUESTS_A_MINUTE": str(10**6), "OFFLINE": "1"}
        command = ["script/server", "--no-demo", "--port", str(port)]
        with running(command, SIGTERM, log, cwd=ROOT, env=environment):
            ask = Asker(port, key, session)
            wait_for(lambda: ask("GET", "/health/"), (OSError, http.client.HTTPException, RuntimeError), log)
            yield ask, queue


@contextmanager
def _queue(kind: str) -> Iterator[dict[str, str]]:
    if kind == SQLITE:
        yield {"REDIS_URL": ""}
        return
    with TemporaryDirectory(prefix="bench-redis-") as data, private_redis(Path(data)) as url:
        yield {"REDIS_URL": url}


class Asker:
    """A program with a key, and a person who is signed in."""

    def __init__(self, port: int, key: str, session: str) -> None:
        self._port = port
        self._program = {"Authorization": f"Bearer {key}", "If-Match": "*"}
        self._person = {"Cookie": f"sessionid={session}"}

    def __call__(self, verb: str, address: str, body: Any = None) -> Any:
        """The answer. Raises RuntimeError for one that is no success."""
        sent = None if body is None else json.dumps(body).encode()
        return json.loads(self._answer(verb, address, sent, {"Content-Type": "application/json"}))

    def send(self, address: str, sheet: Path) -> Any:
        """A spreadsheet as a form sends it."""
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{sheet.name}"\r\n\r\n'
        sent = head.encode() + sheet.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return json.loads(self._answer("POST", address, sent, kind))

    def page(self, address: str) -> bytes:
        """A page of the console."""
        return self._answer("GET", address, None, self._person)

    def _answer(self, verb: str, address: str, sent: bytes | None, headers: dict[str, str]) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(verb, address, sent, {**self._program, **headers})
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{verb} {address}: {answer.status} {read[:500]!r}")
        return read


def _load() -> float:
    return round(os.getloadavg()[0], 1)


def _asked(function: str, own: dict[str, str], **told: Any) -> Any:
    return in_fresh_process(f"bench.fleets:{function}", environment=own, **told).answer
