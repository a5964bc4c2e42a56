"""A mail server on loopback that takes letters, or refuses them, for tests that send real mail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class Mailbox:
    """What came: each letter with the addresses it was for. While `refuses`, nothing is taken; what `hangs_up` does
    so at the letter. `visits` counts connections."""

    port: int = 0
    refuses: bool = False
    hangs_up: bool = False
    visits: int = 0
    letters: list[tuple[list[str], Message]] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that speaks as much of SMTP as a client needs."""
    box = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        """One client's visit."""

        def handle(self) -> None:
            _talk(self, box)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield box
        server.shutdown()


def _talk(visit: socketserver.StreamRequestHandler, box: Mailbox) -> None:
    say = lambda text: visit.wfile.write(f"{text}\r\n".encode())  # noqa: E731
    box.visits += 1
    say("220 loopback")
    addresses: list[str] = []
    while line := visit.rfile.readline():
        word = line.split()[0].upper() if line.split() else b""
        if word == b"MAIL" and box.hangs_up:
            return
        if word == b"RCPT":
            addresses.append(line.decode().partition("<")[2].partition(">")[0])
        if word == b"DATA":
            say("354 go on")
            box.letters.append((addresses, message_from_bytes(_body(visit))))
            addresses = []
        say("451 not now" if word == b"MAIL" and box.refuses else "221 bye" if word == b"QUIT" else "250 ok")
        if word == b"QUIT":
            return


def _body(visit: socketserver.StreamRequestHandler) -> bytes:
    lines = iter(visit.rfile.readline, b".\r\n")
    return b"".join(lines)
