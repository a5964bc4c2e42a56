"""A source of lists on loopback: a real HTTP server that serves files, and does all that servers do wrong."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Source:
    """What each path serves (bytes, or a function that answers by itself), and what was asked.

    Files have an ETag of their bytes and answer 304 to whoever has it. `modified` is their Last-Modified.
    """

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    modified: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def conditional(self) -> list[str]:
        """The paths that were asked for only if they changed."""
        return [path for path, headers in self.asked if "If-None-Match" in headers]


@contextmanager
def serving() -> Iterator[Source]:
    """A source for as long as the block lasts."""
    source = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.asked.append((self.path, dict(self.headers)))
            own = source.answers.get(self.path)
            with suppress(ConnectionError):  # whoever asked may have heard enough
                own(self) if own else serve(self, source)

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # closing waits for what still answers
        over = Event()

    with Server(("127.0.0.1", 0), Handler) as server:
        source.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield source
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def serve(request: Any, source: Source) -> None:
    content = source.files.get(request.path)
    if content is None:
        return request.send_error(404)
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        request.send_response(304)
        return request.end_headers()
    return send(
        request, content, ETag=etag, **({"Last-Modified": source.modified} if source.modified else {})
    )


def send(
    request: Any, content: bytes, *, length: int | None = None, status: int = 200, **headers: str
) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(content) if length is None else length))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(content)


def declaring(content: bytes, length: int) -> Callable[[Any], None]:
    """Says another length than the file has: longer is a file that breaks off, shorter one that goes on."""
    return lambda request: send(request, content, length=length)


def without_length(content: bytes) -> Callable[[Any], None]:
    """Ends by closing the line, as HTTP/1.0 did."""

    def answer(request: Any) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(content)

    return answer


def chunked(*chunks: bytes, is_ended: bool = True) -> Callable[[Any], None]:
    """In chunks; without the last, empty one it broke off."""

    def answer(request: Any) -> None:
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        for chunk in (*chunks, b"") if is_ended else chunks:
            request.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        request.close_connection = True

    return answer


def gzipped(content: bytes, *, lost: int = 0) -> Callable[[Any], None]:
    """Packed for the way; `lost` bytes are missing at the end, and the length agrees."""
    packed = gzip.compress(content)
    return lambda request: send(request, packed[: len(packed) - lost], Content_Encoding="gzip")


def redirecting(to: str, status: int = 302) -> Callable[[Any], None]:
    return lambda request: send(request, b"", status=status, Location=to)


def failing(status: int) -> Callable[[Any], None]:
    return lambda request: request.send_error(status)


def dripping(content: bytes, *, pause: float) -> Callable[[Any], None]:
    """A byte at a time, each within any patience, and without a length."""

    def answer(request: Any) -> None:
        request.send_response(200)
        request.end_headers()
        for at in range(len(content)):
            request.wfile.write(content[at : at + 1])
            if request.server.over.wait(pause):
                return

    return answer


def silent(request: Any) -> None:
    """Takes the question and says nothing, for as long as the test lasts."""
    request.server.over.wait(60)
