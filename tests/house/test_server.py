"""script/server in a copy of the tree: from nothing to a served page, and back to nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.house.tree import MADE_BY_RUNNING, ROOT
from tests.servers import free_port

SERVING = re.compile(r"Serving (http://\S+)")


@pytest.fixture
def fresh_copy(tmp_path) -> Path:
    """The tree as a clone has it, with the packages of this environment."""
    return copied_to(tmp_path / "clone")


def copied_to(copy: Path) -> Path:
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", ".*_cache", *MADE_BY_RUNNING))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.fixture(scope="module")
def set_up_copy(tmp_path_factory) -> Path:
    """A copy that has served once."""
    copy = copied_to(tmp_path_factory.mktemp("set-up") / "clone")
    with serving(copy) as (_, said, _):
        assert "Setting up" in said
    return copy


@contextmanager
def serving(copy: Path, **settings: str) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """Runs script/server; once it serves, gives its address, its words and the process; ends it by Ctrl-C."""
    ours = {"VAR_DIR", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in ours} | settings
    command = [copy / "script" / "server", "--port", str(free_port())]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as server:
        said = ""
        try:
            while not SERVING.search(said):
                line = server.stdout.readline()
                assert line, f"It ended before it served:\n{said}"
                said += line
            yield SERVING.search(said)[1], said, server
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)


def processes_in(folder: Path) -> dict[int, str]:
    """All processes that work in the folder: number -> command line."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended while we looked, or it is somebody else's
            continue
    return found


def all_gone_from(folder: Path) -> bool:
    """Whether no process is left in the folder, once the kernel has buried those that were just ended."""
    for _ in range(50):
        if not processes_in(folder):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("kind", ["embedded", "on PostgreSQL and Redis"])
def test_a_fresh_clone_serves_tells_the_exposed_share_and_leaves_nothing_running(fresh_copy, kind, request):
    settings = {}
    if kind != "embedded":
        settings = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "REDIS_URL": request.getfixturevalue("redis_url"),
        }
    with serving(fresh_copy, **settings) as (address, said, server):
        assert "exposed" in said
        assert "password" in said
        assert urlopen(f"{address}health/").status == 200
        assert "sign" in urlopen(address).read().decode().lower()
        assert len(processes_in(fresh_copy)) > 2
    assert server.returncode == 0
    assert all_gone_from(fresh_copy)


def test_a_second_start_sets_nothing_up_again(set_up_copy):
    with serving(set_up_copy) as (_, second, _):
        assert "exposed" in second.splitlines()[0]


@pytest.mark.parametrize("program", ["gunicorn", "celery"])
def test_when_one_part_dies_the_rest_is_stopped_and_it_says_so(set_up_copy, program):
    with serving(set_up_copy) as (_, _, server):
        part = min(number for number, command in processes_in(set_up_copy).items() if program in command)
        os.kill(part, signal.SIGKILL)
        said, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "process ended; its last words are in" in said
    assert all_gone_from(set_up_copy)
