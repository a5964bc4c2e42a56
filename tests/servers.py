"""Private PostgreSQL and Redis: on free ports, in a folder of their own, gone afterwards whatever happens.

`python -m tests.servers [pytest arguments]` starts them, then runs pytest (see script/test).
`python -m tests.servers --missing` prints the Debian packages that are needed and not here.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis

# What goes through the database and the queue runs a second time on the servers that production uses.
ON_SERVERS_TOO = (
    "tests/ledger",
    "tests/fleet",
    "tests/vendors",
    "tests/risk",
    "tests/flows",
    "tests/api",
    "tests/keeping",
)
# The whole suite runs in three processes, each with databases of its own: of two cores, two leave a third idle while
# their tests wait for servers, browsers and clocks.
SIDE_BY_SIDE = ["-n", "3", "--dist", "worksteal"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 20


def program(*names: str) -> str | None:
    """The first of the programs that is here; Debian keeps those of PostgreSQL and of root off people's path."""
    folders = [os.environ.get("PATH", ""), *map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/sbin"]
    path = os.pathsep.join(folders)
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def missing_packages() -> list[str]:
    """The Debian packages of what the tests need and this machine lacks."""
    here = {
        "postgresql": program("initdb") and program("postgres"),
        "redis-server": program("redis-server"),
        "pgbouncer": program("pgbouncer"),
        "chromium": program(*BROWSERS),
        "fonts-liberation": any(Path("/usr/share/fonts").rglob("LiberationSans-Regular*")),
    }
    return [package for package, found in here.items() if not found]


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server for as long as the block lasts, its data in `folder`; gives its address."""
    data, log, port = new_postgres(folder), folder / "postgres.log", free_port()
    url = f"postgresql://tests@127.0.0.1:{port}/postgres"
    with running(postgres_command(data.path, port), signal.SIGINT, log, cwd=data.path, **data.who):
        wait_for(lambda: psycopg.connect(url).close(), psycopg.OperationalError, log)
        yield url


@dataclass(frozen=True)
class PostgresData:
    """The data of a PostgreSQL server, and as whom it is started: not as root, which it refuses, but as nobody."""

    path: Path
    who: dict[str, Any]


def new_postgres(folder: Path) -> PostgresData:
    """The data of a new server, in `folder`, with a superuser `tests`."""
    data = folder / "postgres"
    data.mkdir()
    who = _not_as_root(folder)
    if who:
        shutil.chown(data, who["user"], who["group"])
    initdb = f"{program('initdb')} -D {data} -U tests --auth=trust --encoding=UTF8 --no-locale --no-sync"
    subprocess.run(initdb.split(), check=True, stdout=subprocess.DEVNULL, cwd=data, **who)
    return PostgresData(data, who)


def _not_as_root(folder: Path) -> dict[str, Any]:
    """As whom a server that refuses root is started: as nobody, who can get to what lies in `folder`."""
    if os.geteuid() != 0:
        return {}
    folder.chmod(0o711)
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


def postgres_command(data: Path, port: int) -> list[str | None]:
    """PostgreSQL on loopback alone, never waiting for the disk: fast and mortal."""
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
    settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [program("postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]


@contextmanager
def private_pgbouncer(folder: Path, url: str) -> Iterator[str]:
    """A pgbouncer before the database of `url`, for as long as the block lasts; gives the address to use instead.

    In transaction mode, and each transaction gets another connection than the one before (`server_round_robin`), so
    that whatever was left in a session is missed at once.
    """
    there, port = urlsplit(url), free_port()
    name, person = there.path[1:], there.username
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"""[databases]
{name} = host=127.0.0.1 port={there.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder / "pgbouncer.people"}
pool_mode = transaction
default_pool_size = 6
min_pool_size = 3
server_round_robin = 1
"""
    )
    (folder / "pgbouncer.people").write_text(f'"{person}" ""\n')
    pooled, log = f"postgresql://{person}@127.0.0.1:{port}/{name}", folder / "pgbouncer.log"
    with running([program("pgbouncer"), str(settings)], signal.SIGINT, log, **_not_as_root(folder)):
        wait_for(lambda: psycopg.connect(pooled).close(), psycopg.OperationalError, log)
        yield pooled


@contextmanager
def private_redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """A Redis server that keeps nothing, for as long as the block lasts; gives its address."""
    port = port or free_port()
    with running(redis_command(folder, port), signal.SIGTERM, log=folder / "redis.log"):
        with redis.Redis(port=port) as client:
            wait_for(client.ping, redis.ConnectionError, folder / "redis.log")
        yield f"redis://127.0.0.1:{port}/0"


def redis_command(folder: Path, port: int) -> list[str | None]:
    """Redis on loopback alone, keeping nothing."""
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    return [program("redis-server"), *options]


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """An empty database on a running PostgreSQL server, dropped after the block; gives its address."""
    name = f"made_{time.monotonic_ns()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server_url.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list, stop_signal: signal.Signals, log: Path, **how) -> Iterator[None]:
    """Runs a program while the block lasts, in a session of its own, so that Ctrl-C does not end it first."""
    with log.open("wb") as output:
        child = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **how)
    try:
        yield
    finally:
        child.send_signal(stop_signal)
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


Refusal = type[Exception] | tuple[type[Exception], ...]


def wait_for(answer: Callable[[], object], refusal: Refusal, log: Path) -> None:
    """Waits until the server answers; after START_SECONDS its log is the error."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answer()
            return
        except refusal:
            if time.monotonic() > deadline:
                raise SystemExit(f"A server for the tests did not start:\n{log.read_text()}") from None
            time.sleep(0.05)


def run_pytest(arguments: list[str], **environment: str) -> int:
    """Runs pytest and gives its exit status. Who ends this process interrupts pytest, which clears up."""
    # Set before pytest starts: Ctrl-C reaches it by itself, and it must not inherit a deaf ear for it.
    signal.signal(signal.SIGINT, lambda *_: None)
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, env=os.environ | environment) as pytest:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: pytest.send_signal(signal.SIGINT))
        status = pytest.wait()
    return status if status >= 0 else 128 - status


def run_suite(arguments: list[str], folder: Path) -> int:
    """The run asked for; without arguments the whole suite, then its data paths on PostgreSQL and Redis."""
    own_folder = {"VAR_DIR": str(folder / "var")}
    with private_postgres(folder) as postgres_url, private_redis(folder) as redis_url:
        addresses = {
            "TEST_POSTGRES_URL": postgres_url,
            "TEST_REDIS_URL": redis_url,
            "TEST_CHROMIUM": program(*BROWSERS) or "",
        }
        status = run_pytest(arguments or SIDE_BY_SIDE, **own_folder, **addresses)
        if arguments or status == 2:  # 2: interrupted
            return status
        print("\nOnce more on PostgreSQL and Redis:", flush=True)
        servers = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url, "ONLY_THROUGH_THE_DATABASE": "1"}
        folders = [name for name in ON_SERVERS_TOO if Path(name).is_dir()]
        return run_pytest([*folders, *SIDE_BY_SIDE], **own_folder, **addresses, **servers) or status


def main(arguments: list[str]) -> int:
    """The command line: see the module's own sentence."""
    if arguments == ["--missing"]:
        print("\n".join(missing_packages()))
        return 0
    with tempfile.TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        return run_suite(arguments, Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
