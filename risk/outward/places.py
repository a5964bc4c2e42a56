"""Addresses and the machines behind them: looked up once, judged, and kept, so that the judged one is asked."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

PORTS = {"https": 443, "http": 80}
FIRST_FREE_PORT = 1024
_TRANSLATED = ipaddress.ip_network(
    "64:ff9b::/96"
)  # RFC 6052: the last four bytes are an address of the old kind
_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, 2.5.5.1: the same, in a form that was given up
_Found = tuple[Any, ...]
_OF_ONE_NETWORK = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215: translated as that network likes
_SIIT = ipaddress.ip_network("::ffff:0:0:0/96")  # RFC 2765, 2.1: the last four bytes are one of the old kind
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")  # RFC 5214, 6.1: what stands before one of the old kind
_NOT_PUBLIC = (
    _OF_ONE_NETWORK,
    _SIIT,
    ipaddress.ip_network("192.88.99.0/24"),  # RFC 7526: the anycast of 6to4, given up
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's own services, seen from machines in it alone
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReached(Exception):
    """Nothing was sent, or no whole answer came; one sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address that may be asked, and the machines that its host stands for at this moment.

    `target` is the path with its query. The machines are kept, so that one that was checked is the one that is
    asked, whatever the name is made to say a moment later.
    """

    is_tls: bool
    host: str
    port: int
    machines: tuple[str, ...]
    target: str

    @property
    def name(self) -> str:
        """The host as a request names it: with the port only where that is unusual (a signature may cover it)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = PORTS["https" if self.is_tls else "http"]
        return host if self.port == usual else f"{host}:{self.port}"


def place_of(address: str, *, private: bool = False, seconds: float | None = None) -> Place:
    """Where an address leads; `private` lets plain http and one's own network in; `seconds` for looking it up.

    Raises NotReached where that is not allowed or not known.
    """
    parts = split(address)
    host = parts.hostname or ""
    if parts.scheme not in ("https", *(["http"] if private else [])) or not host:
        raise NotReached(f"{without_query(address)} is no https address.")
    if complaint := _about_port(parts.port, private=private):
        raise NotReached(complaint)
    port = parts.port or PORTS[parts.scheme]
    machines = machines_of(host, port, seconds=seconds)
    if not private and not all(is_public(machine) for machine in machines):
        raise NotReached(f"The host '{host}' stands for a machine of a private network; it was not asked.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(is_tls=parts.scheme == "https", host=host, port=port, machines=machines, target=target)


def complaint_about(address: str, *, private: bool = False) -> str:
    """Why an address cannot be one that messages are posted to, in a sentence; empty where nothing speaks against it.

    Its form is judged, and a host that is written as a number; what a name stands for is judged when it is asked.
    """
    try:
        parts = split(address)
    except NotReached as wrong:
        return str(wrong)
    host = parts.hostname or ""
    if parts.scheme not in ("https", *(["http"] if private else [])) or not host:
        return (
            "Write an address that begins with https://." if not private else "Write a http or https address."
        )
    if not (address.isascii() and address.isprintable()) or " " in address:
        return "Write the address in ASCII: a host like xn--…, a path with %20 for a space."
    if parts.username or parts.password or parts.fragment:
        return "An address has neither a login nor a fragment: what is sent is signed."
    if not private and _is_inward(host):
        return f"'{host}' is a machine of a private network."
    return _about_port(parts.port, private=private)


def leads_inward(address: str, *, seconds: float) -> bool:
    """Whether an address stands for a machine of a private network; one that is not found does not."""
    try:
        host = split(address).hostname or ""
        return not all(is_public(machine) for machine in machines_of(host, 0, seconds=seconds))
    except NotReached:
        return False


def split(address: str) -> SplitResult:
    """The parts of an address. Raises NotReached for a text that is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise NotReached(f"'{without_query(address)[:100]}' is no address.") from None
    return parts


def machines_of(host: str, port: int, *, seconds: float | None = None) -> tuple[str, ...]:
    """The machines that a host stands for. Raises NotReached for a name that nobody knows, or not in time."""
    try:
        found = _looked_up(host, port, seconds)
    except (OSError, UnicodeError):
        raise NotReached(f"The host '{host}' was not found; is this machine offline?") from None
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(machine: str) -> bool:
    """Whether an IP address is one of the public network; one that carries another inside is judged by both."""
    return all(_is_public(address) for address in _told_by(ipaddress.ip_address(machine.split("%", 1)[0])))


def without_query(address: str) -> str:
    """The address as it may be told: a query can hold a signature."""
    return address.split("?", 1)[0].split("#", 1)[0]


def _about_port(port: int | None, *, private: bool) -> str:
    """Why a port is not asked, in a sentence: under 1024 live services that are no receivers (RFC 6335, 6)."""
    usual = (443, 80) if private else (443,)
    if port is None or port >= FIRST_FREE_PORT or port in usual:
        return ""
    named = " or ".join(str(each) for each in usual)
    return f"Port {port} is not asked; take {named}, or one from {FIRST_FREE_PORT} to 65535."


def _is_inward(host: str) -> bool:
    """Whether a host says of itself that it is none of the public network."""
    if _is_number(host):
        return not is_public(host)
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _is_number(host: str) -> bool:
    """Whether a host is written as an address, which nobody has to look up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    if getattr(address, "is_site_local", False) or any(address in network for network in _NOT_PUBLIC):
        return False
    if address.version == 6 and address.packed[8:12] in _ISATAP:
        return False
    return address.is_global and not address.is_multicast and not address.is_unspecified


def _told_by(address: Address) -> Iterator[Address]:
    """The addresses that one stands for: itself, or those that a translator or a tunnel would ask."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED or address in _COMPATIBLE:
        inner.append(ipaddress.IPv4Address(address.packed[-4:]))
    told = [each for each in inner if each is not None]
    if not address.ipv4_mapped:  # which no machine has itself
        yield address
    yield from told


def _looked_up(host: str, port: int, seconds: float | None) -> list[_Found]:
    """What the system's resolver says. It knows no limit of time, so it is asked beside, and left behind."""
    if seconds is None or _is_number(host):
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    said: SimpleQueue[list[_Found] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            said.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as wrong:
            said.put(wrong)

    Thread(target=ask, daemon=True, name="resolver").start()
    try:
        found = said.get(timeout=max(seconds, 0.001))
    except Empty:
        raise NotReached(f"The host '{host}' was not found in {seconds:g} seconds.") from None
    if isinstance(found, Exception):
        raise found
    return found
