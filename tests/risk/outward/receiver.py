"""A receiver of webhooks on loopback: a real HTTP or HTTPS server that answers as it is told and keeps what came."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""A key and a certificate of its own for `localhost` and 127.0.0.1; it protects nothing."""


@dataclass(frozen=True)
class Came:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answer` answers by itself; without one every request is taken with 204. `came` is what came, in order."""

    scheme: str = "http"
    port: int = 0
    answer: Callable[[Any], None] | None = None
    came: list[Came] = field(default_factory=list)

    def address(self, path: str = "/hook") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def heard(self) -> list[str]:
        """The kinds of the events that came, in order."""
        return [came.told["type"] for came in self.came]


@contextmanager
def receiving(*, tls: bool = False) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""
    receiver = Receiver(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.came.append(Came(self.path, dict(self.headers), body))
            with suppress(ConnectionError):  # whoever sent it may have heard enough
                (receiver.answer or answering(204))(self)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # closing waits for what still answers
        over = Event()

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            safe = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            safe.load_cert_chain(CERTIFICATE)
            server.socket = safe.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def answering(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    def answer(request: Any) -> None:
        request.send_response(status)
        if status != 204:
            request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def dripping(text: bytes, *, pause: float) -> Callable[[Any], None]:
    """Sends a byte at a time, each within any patience, from the first of the status line on."""

    def answer(request: Any) -> None:
        for at in range(len(text)):
            request.wfile.write(text[at : at + 1])
            if request.server.over.wait(pause):
                return

    return answer


def silent(request: Any) -> None:
    """Takes the message and says nothing, for as long as the test lasts."""
    request.server.over.wait(60)
