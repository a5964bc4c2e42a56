"""Every process of compose.yaml is killed in turn while programs change rigs: what was answered with 200 is there."""

from __future__ import annotations

import json
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import cycle

from tests.faults.compose_set import compose_set

OPERATORS = ("operator-0", "operator-1")
ORIGINS = cycle(("VN", "MY", "TH", "CN"))
BETWEEN_KILLS = 3
"""Changes that are answered between one death and the next."""


class Program:
    """Changes one rig after another, and remembers what was answered."""

    def __init__(self, port: int, key: str, rigs: list[int]) -> None:
        self._port, self._key, self._rigs = port, key, cycle(rigs)
        self.answered: dict[int, str] = {}
        self.unsure: dict[int, set[str]] = {}
        self.number, self.at_work = 0, threading.Event()
        self.at_work.set()
        self.counted = threading.Condition()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def waits_for(self, more: int, patience: float = 120) -> bool:
        """Whether so many changes more are answered."""
        with self.counted:
            wanted = self.number + more
            return self.counted.wait_for(lambda: self.number >= wanted, patience)

    def end(self) -> None:
        """No more of them."""
        self.at_work.clear()
        self._thread.join()

    def _go_on(self) -> None:
        attempt = 0
        while self.at_work.is_set():
            rig, attempt = next(self._rigs), attempt + 1
            self._change(rig, f"K{attempt}")

    def _change(self, rig: int, rack: str) -> None:
        """One that is not answered may have been done or not; it is only known to be one of the two."""
        status = 0
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", self._port, timeout=20)) as line,
        ):
            headers = {
                "Authorization": f"Bearer {self._key}",
                "If-Match": "*",
                "X-Request-ID": f"kills-{rack:0>12}",
            }
            body = json.dumps({"rack": rack, "country_of_origin": next(ORIGINS)})
            headers["Content-Type"] = "application/json"
            line.request("PATCH", f"/api/v1/rigs/{rig}/", body, headers)
            answer = line.getresponse()
            answer.read()
            status = answer.status
        if status == 200:
            with self.counted:
                self.answered[rig] = rack
                self.unsure.pop(rig, None)
                self.number += 1
                self.counted.notify_all()
        else:
            assert status in (0, 500, 503), status
            self.unsure.setdefault(rig, set()).add(rack)


def test_every_process_of_the_set_killed_in_turn_under_load_loses_no_committed_change(
    on_servers, mortal_servers
):
    keys = [on_servers.ask("key_of", operator=slug) for slug in OPERATORS]
    rigs = [on_servers.ask("rigs_of", operator=slug)[:40] for slug in OPERATORS]
    killed = []
    with compose_set(on_servers.environment, mortal_servers) as parts:
        assert parts.serves()
        programs = [Program(parts.port, key, some) for key, some in zip(keys, rigs, strict=True)]
        for name in parts.kill_everything_in_turn():
            killed.append(name)
            assert all(program.waits_for(BETWEEN_KILLS) for program in programs), name
        for program in programs:
            program.end()
        assert on_servers.becomes_fresh()
        lines = "".join(parts.parts[name].log.read_text() for name in ("worker-prompt", "worker-batch"))
        starts = {name: part.starts for name, part in parts.parts.items()}
    kept = on_servers.ask("racks")
    answered = sum(program.number for program in programs)
    for program in programs:
        for rig, rack in program.answered.items():
            assert kept[str(rig)] in {rack, *program.unsure.get(rig, ())}
    assert answered >= BETWEEN_KILLS * len(killed)
    assert set(parts.parts) | {"redis", "postgres", "a child of web", "a child of worker-batch"} <= set(
        killed
    )
    # A child that dies while its worker still starts takes the worker with it, which comes back once more.
    assert all(2 <= times <= 3 for times in starts.values()), starts
    assert on_servers.ask("differences") == []
    assert '"request_id": "kills-' in lines  # what a request sends, a worker does in its name
