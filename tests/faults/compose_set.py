"""The processes of compose.yaml on this machine: each started as it says, started again when it has ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.faults.running import ROOT, Servers, within
from tests.servers import free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
IMAGE_COMMAND = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
OURS = ("web", "worker-prompt", "worker-batch", "worker-outside", "scheduler")
PATIENCE = 120


class Part:
    """A service of ours: a process with its children, which is started again whenever it ends, as Docker does it."""

    def __init__(self, name: str, environment: dict[str, str], port: int) -> None:
        service = COMPOSE["services"][name]
        own = {key: str(value) for key, value in service["environment"].items() if key == "WORKER"}
        self._environment = environment | own | {"HOSTNAME": name}
        self._command = _command(service.get("command"), Path(environment["VAR_DIR"]), port)
        self.log = Path(environment["VAR_DIR"]) / f"{name}.log"
        self.is_wanted, self.starts = True, 0
        self._start()
        threading.Thread(target=self._keep_running, daemon=True).start()

    def kill(self) -> None:
        """KILL the process and all that it has started, as when its container dies; it comes back."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def kill_a_child(self) -> bool:
        """KILL the first child alone; whether there was one."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)
        return bool(children)

    def end(self) -> None:
        """It is not started again."""
        self.is_wanted = False
        if self._process.poll() is None:
            self.kill()
        self._process.wait()

    def _start(self) -> None:
        self.starts += 1
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _keep_running(self) -> None:
        while self.is_wanted:
            self._process.wait()
            if self.is_wanted:
                self._start()


def _command(said: list[str] | None, folder: Path, port: int) -> list[str]:
    """As the container has it, but for what belongs to this machine: the port and the folder of the schedule."""
    assert IMAGE_COMMAND
    words = said or yaml.safe_load(IMAGE_COMMAND[1])
    here = {"$$": "$", "0.0.0.0:8000": f"127.0.0.1:{port}", "/tmp/schedule": str(folder / "schedule")}  # noqa: S108
    for word, instead in here.items():
        words = [each.replace(word, instead) for each in words]
    return words


class ComposeSet:
    """All of them, on servers of one's own."""

    def __init__(self, environment: dict[str, str], own: Servers) -> None:
        self.port, self.servers = free_port(), own
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        told = environment | {"PATH": path, "LOG_FORMAT": "json"}
        self.parts = {name: Part(name, told, self.port) for name in OURS}

    def serves(self) -> bool:
        """Whether the web process comes to listen."""
        return within(PATIENCE, self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill_everything_in_turn(self) -> Iterator[str]:
        """One process after another dies; the name of each, when it has."""
        for name in ("web", "worker-prompt", "worker-batch"):
            if self.parts[name].kill_a_child():
                yield f"a child of {name}"
        for name, part in self.parts.items():
            part.kill()
            yield name
        self.servers.redis.kill()
        self.servers.redis.start()
        yield "redis"
        self.servers.restart_postgres()
        yield "postgres"

    def end(self) -> None:
        """None is left."""
        for part in self.parts.values():
            part.end()


@contextmanager
def compose_set(environment: dict[str, str], own: Servers) -> Iterator[ComposeSet]:
    """The set for as long as the block lasts."""
    made = ComposeSet(environment, own)
    try:
        yield made
    finally:
        made.end()
