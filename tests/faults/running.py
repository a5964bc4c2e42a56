"""A product of a test's own as script/server runs it: started, asked, killed, and waited for until it is fresh."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import redis

from tests.servers import free_port, new_postgres, postgres_command, program, redis_command, wait_for

ROOT = Path(__file__).resolve().parents[2]
WORKER = "celery -A config worker -P threads -c 2 -B --without-gossip --without-mingle --without-heartbeat"
# What a test waits for comes sooner than in production, and lists are fetched from nowhere.
IMPATIENT = {
    "SWEEP_SECONDS": "1",
    "ASSESSMENT_LEASE_SECONDS": "10",
    "UPLOAD_LEASE_SECONDS": "8",
    "OFFLINE": "1",
}
PATIENCE = 600
"""Seconds until a product that has all that it needs must be done; a slow machine is no fault."""

Worker = subprocess.Popen[bytes]


class Refused(Exception):
    """A deed was refused, with the sentence."""


class Died(Exception):
    """The process that did the deed ended in the middle."""


class Product:
    """A product: its folder, its database, its queue. `environment` names them as the settings read them; `code` is
    the folder of the code that runs."""

    def __init__(self, environment: dict[str, str], *, code: Path = ROOT) -> None:
        self._code = code
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **IMPATIENT,
            **environment,
        }
        self.kind = "servers" if environment["DATABASE_URL"] else "embedded"
        self._people: subprocess.Popen[str] | None = None
        self._workers: list[Worker] = []

    def manage(self, *arguments: str) -> str:
        """What a command says; one that fails is an error with its own words."""
        call = [sys.executable, "manage.py", *arguments]
        ended = subprocess.run(
            call,
            cwd=self._code,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def fill(self, **fleet: int) -> None:
        """Makers, models, the law, and fleets that are assessed."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_catalogue")
        self.manage("load_policies", "--publish")
        self.ask("make_fleet", **fleet)
        self.end()

    def ask(self, deed: str, **told: Any) -> Any:
        """Do one of tests.faults.deeds; what it answers. Raises Refused and Died."""
        if self._people is None:
            self._people = self._started_people()
        assert self._people.stdin and self._people.stdout
        self._people.stdin.write(json.dumps({"deed": deed, **told}) + "\n")
        self._people.stdin.flush()
        said = self._people.stdout.readline()
        if not said:
            self._dismiss_people()
            raise Died(f"{deed}: {self._log('people').read_text()[-2000:]}")
        answer = json.loads(said)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["answer"]

    def _started_people(self) -> subprocess.Popen[str]:
        with self._log("people").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.deeds"],
                cwd=self._code,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _log(self, name: str) -> Path:
        folder = Path(self.environment["VAR_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def start_worker(self, *, code: str = "") -> Worker:
        """A worker with its scheduler, as script/server starts it; `code` is what it runs before everything else."""
        celery, *options = WORKER.split()
        begun = ["-c", f"{code}\nfrom celery.__main__ import main\nmain()"] if code else ["-m", celery]
        with self._log("worker").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, *begun, *options],
                cwd=self._code,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the scheduler is a child of its own: both are ended together
            )
        self._workers.append(worker)
        return worker

    @contextmanager
    def worker(self, *, code: str = "") -> Iterator[Worker]:
        """A worker for as long as the block lasts."""
        worker = self.start_worker(code=code)
        try:
            yield worker
        finally:
            kill(worker)

    def is_fresh(self) -> bool:
        """Whether nothing is left to do."""
        return not any(self.ask("owed").values())

    def becomes_fresh(self) -> bool:
        """Whether nothing is left to do, in time."""
        return within(PATIENCE, self.is_fresh)

    def a_worker_is_at_it(self) -> bool:
        """Whether lots come into a worker's hands; on a quick machine it may have done with all of them already."""

        def is_at_it() -> bool:
            owed = self.ask("owed")
            return bool(owed["claimed"]) or not owed["lots"]

        return within(PATIENCE, is_at_it, every=0.01)

    def end(self) -> None:
        """Kill every process of it that lives."""
        for worker in self._workers:
            kill(worker)
        self._dismiss_people()

    def _dismiss_people(self) -> None:
        if self._people is not None:
            self._people.kill()
            self._people.communicate()
            self._people = None


def kill(worker: Worker) -> None:
    """End a worker and its scheduler at once, as a fault would; nothing where it has ended."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def within(seconds: float, is_so: Callable[[], bool], *, every: float = 0.1) -> bool:
    """Whether it becomes so in time; the limit is generous, a slow machine is no fault."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(every)
    return False


class Server:
    """A server program that is killed and started again, on the same port and data."""

    def __init__(self, command: list[Any], log: Path, answer: Callable[[], object], **how: Any) -> None:
        self._command, self.log, self._answer, self._how = command, log, answer, how
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, start_new_session=True, **self._how
            )
        wait_for(self._answer, (psycopg.OperationalError, redis.ConnectionError), self.log)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it at once; what it only held in memory is gone."""
        self._process.send_signal(number)
        self._process.wait()


class Servers:
    """A PostgreSQL that keeps what it has committed, and a Redis that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        data, self._port, redis_port = new_postgres(folder), free_port(), free_port()
        self.postgres_url = f"postgresql://tests@127.0.0.1:{self._port}/"
        self.redis_url = f"redis://127.0.0.1:{redis_port}/0"
        # A commit is on the disk before it is told; the machine itself does not fail, so nobody waits for the disk.
        command = [*postgres_command(data.path, self._port), "--synchronous_commit=on"]
        ready = self.postgres_url + "postgres"
        self.postgres = Server(
            command,
            folder / "postgres.log",
            lambda: psycopg.connect(ready).close(),
            cwd=data.path,
            **data.who,
        )
        self.redis = Server(
            redis_command(folder, redis_port),
            folder / "redis.log",
            lambda: redis.Redis(port=redis_port).ping(),
        )

    def restart_postgres(self) -> None:
        """What `pg_ctl restart -m immediate` does: every connection is cut, nothing is put in order before."""
        self.postgres.kill(signal.SIGQUIT)
        self.postgres.start()

    def database(self, name: str, *, like: str = "template1") -> str:
        """A new database, a copy of another; its address."""
        with psycopg.connect(self.postgres_url + "postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
            # Of a sequence PostgreSQL logs some numbers ahead, and copies it without that log: were it killed before
            # the next checkpoint, the copy would give out numbers a second time.
            connection.execute("CHECKPOINT")
        return self.postgres_url + name


@contextmanager
def servers() -> Iterator[Servers]:
    """Servers of one's own that may be killed, for as long as the block lasts."""
    assert program("initdb") and program("redis-server")
    with ExitStack() as stack:
        # A folder of its own at the top: PostgreSQL may run as nobody, who must be able to get there.
        made = Servers(Path(stack.enter_context(TemporaryDirectory(prefix="faults-"))))
        stack.callback(made.postgres.kill, signal.SIGQUIT)
        stack.callback(made.redis.kill)
        yield made
