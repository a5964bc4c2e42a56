"""The Python of docs/api.md does what it promises: one key for all tries, waiting as told, refusals let through."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.house.tree import ROOT

PROBLEM = {"type": "/api/v1/problems/x/", "title": "x", "status": 0, "detail": "A sentence.", "errors": []}


class Api(ThreadingHTTPServer):
    """Answers what is in `answers`, one after the other: status, headers, JSON. Remembers what was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.heard: list[tuple[str, str, Any, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        """Hear it, and answer what is next; a status of 0 hangs up."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, self.headers, body))
        status, headers, told = self.server.answers.pop(0)
        if not status:
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told if isinstance(told, bytes) else json.dumps(told).encode())

    def do_GET(self) -> None:
        """The same."""
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        """Nothing to stderr."""


def a_problem(status: int, code: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    kind = {"Content-Type": "application/problem+json"}
    return status, kind | headers, {**PROBLEM, "status": status, "code": code}


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """For how long the client waited; nobody waits here."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    return waits


@pytest.fixture
def client(api, slept, monkeypatch) -> dict[str, Any]:
    """The names of the documented module, in front of this API."""
    monkeypatch.setenv("API", f"http://127.0.0.1:{api.server_port}/api/v1")
    monkeypatch.setenv("KEY", "rl_1a2b3c4d_secret")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(import json\n.*?)```", text, re.S)
    names: dict[str, Any] = {}
    exec(compile(code[1], "docs/api.md", "exec"), names)  # noqa: S102
    return names


def test_every_python_block_of_the_document_can_be_read():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) >= 4
    for block in blocks:
        compile(block, "docs/api.md", "exec")


def test_it_retries_with_the_same_key_until_it_is_answered(client, api, slept):
    api.answers = [
        a_problem(429, "too_many_requests", **{"Retry-After": "17"}),
        a_problem(409, "idempotency_key_in_flight", **{"Retry-After": "1"}),
        (502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"),
        (0, {}, None),
        (201, {"Content-Type": "application/json"}, {"id": "pc_1"}),
    ]
    assert client["ask"]("/assessments/", {"lines": []}) == {"id": "pc_1"}
    assert slept == [17, 1, 4, 8]
    assert {path for _, path, _, _ in api.heard} == {"/api/v1/assessments/"}
    assert {body for *_, body in api.heard} == {b'{"lines": []}'}
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in api.heard}) == 1
    assert {headers["Authorization"] for _, _, headers, _ in api.heard} == {"Bearer rl_1a2b3c4d_secret"}


def test_another_request_has_another_key(client, api):
    api.answers = [(201, {}, {}), (201, {}, {}), (200, {}, {})]
    client["ask"]("/assessments/", {})
    client["ask"]("/assessments/", {})
    client["ask"]("/exposure/")
    keys = [headers.get("Idempotency-Key") for _, _, headers, _ in api.heard]
    assert keys[0] != keys[1]
    assert keys[2] is None
    assert [command for command, *_ in api.heard] == ["POST", "POST", "GET"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_told_at_once(client, api, slept, status):
    api.answers = [a_problem(status, "the_code")]
    with pytest.raises(client["Refused"], match=f"{status} the_code: A sentence.") as refusal:
        client["ask"]("/assessments/", {})
    assert (refusal.value.status, refusal.value.code, slept) == (status, "the_code", [])


def test_it_gives_up_after_so_many_tries(client, api, slept):
    api.answers = [a_problem(503, "fault")] * 3
    with pytest.raises(client["Refused"], match="503 fault"):
        client["ask"]("/exposure/", tries=3)
    assert slept == [1, 2]
    api.answers = [(0, {}, None)] * 2
    with pytest.raises(OSError, match=r"closed connection|reset"):
        client["ask"]("/exposure/", tries=2)
