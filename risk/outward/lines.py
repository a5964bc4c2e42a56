"""A line to a machine that was judged: over TLS where the address says so, and cut off when its time is over."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer

from risk.outward.places import NotReached, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds a machine may be silent, and how long all of it may take."""

    silence: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """A connection on which a request is made, the socket under it, and whether it was cut by our clock."""

    connection: http.client.HTTPConnection
    socket: socket.socket
    expired: list[bool]

    @property
    def is_cut(self) -> bool:
        """Whether its time was over: what came last then is not all that was to come."""
        return bool(self.expired)


@contextmanager
def line_to(place: Place, patience: Patience) -> Iterator[Line]:
    """A line while the block lasts. Every fault of it, also in the block, is a NotReached of one sentence."""
    connection = http.client.HTTPConnection(place.host, place.port, timeout=patience.silence)
    ends, expired = time.monotonic() + patience.seconds, list[bool]()
    with closing(connection):
        try:
            connection.sock = line = _secured(place, _connected(place, patience, ends))
            with _ended_after(ends - time.monotonic(), line, expired):
                if isinstance(line, ssl.SSLSocket):
                    line.do_handshake()
                yield Line(connection, line, expired)
            if expired:  # cut off, an answer of unknown length looks like one that came to its end
                raise TimeoutError
        except (NotReached, http.client.HTTPException, OSError) as wrong:
            raise NotReached(_sentence(wrong, place, patience, is_expired=bool(expired))) from None


def _secured(place: Place, line: socket.socket) -> socket.socket:
    """The line, ready to greet the machine: that is done under the clock, for a greeting can drip too."""
    if not place.is_tls:
        return line
    # The certificate has to be that of the name, whatever machine was asked; a line cut in the middle is no end.
    return ssl.create_default_context().wrap_socket(
        line, server_hostname=place.host, suppress_ragged_eofs=False, do_handshake_on_connect=False
    )


def _connected(place: Place, patience: Patience, ends: float) -> socket.socket:
    """A line to the first machine that takes one: a host may have addresses of a kind that this network has not."""
    for machine in place.machines[:-1]:
        with suppress(OSError):
            return _called(machine, place, patience, ends)
    return _called(place.machines[-1], place, patience, ends)


def _called(machine: str, place: Place, patience: Patience, ends: float) -> socket.socket:
    left = max(0.001, min(patience.silence, ends - time.monotonic()))
    line = socket.create_connection((machine, place.port), timeout=left)
    line.settimeout(patience.silence)
    # Headers and body go out as two pieces; the second must not wait until the first is acknowledged.
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


@contextmanager
def _ended_after(seconds: float, line: socket.socket, expired: list[bool]) -> Iterator[None]:
    """Cuts a line that drips: each byte in time, and yet never done."""

    def end() -> None:
        expired.append(True)
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    clock = Timer(max(0.0, seconds), end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _sentence(wrong: Exception, place: Place, patience: Patience, *, is_expired: bool) -> str:
    if is_expired:
        return f"{place.host} took longer than {patience.seconds:g} seconds; the rest was not waited for."
    if isinstance(wrong, NotReached):
        return str(wrong)
    if isinstance(wrong, TimeoutError):
        return f"{place.host} was silent for {patience.silence:g} seconds."
    if isinstance(wrong, ssl.SSLError):
        return f"The line to {place.host} is not safe, or broke off ({wrong.reason or 'TLS'})."
    if isinstance(wrong, ConnectionRefusedError):
        return f"{place.host} takes no connection."
    why = getattr(wrong, "strerror", None) or type(wrong).__name__
    return f"The connection to {place.host} broke off ({why})."
