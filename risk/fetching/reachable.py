"""Where files may come from: named hosts, over TLS, at public addresses."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from risk.fetching.failed import FetchFailed

_PORTS = {"https": 443, "http": 80}


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
        usual = _PORTS["https" if self.is_tls else "http"]
        return self.host if self.port == usual else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """The hosts that may be asked, by their whole names; `private` lets plain http and one's own network in."""

    hosts: frozenset[str]
    private: bool = False

    def place(self, address: str) -> Place:
        """Where an address leads. Raises FetchFailed where that is not allowed or not known."""
        parts = _split(address)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (self.private and parts.scheme == "http"):
            raise FetchFailed(f"{without_query(address)} is no https address.")
        if parts.username or parts.password:
            raise FetchFailed(f"An address at {host} carries a login, which no list needs.")
        if host not in self.hosts:
            raise FetchFailed(f"The host '{host}' is none of those that lists may come from.")
        port = parts.port or _PORTS[parts.scheme]
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Place(
            is_tls=parts.scheme == "https",
            host=host,
            port=port,
            machines=self._machines(host, port),
            target=target,
        )

    def _machines(self, host: str, port: int) -> tuple[str, ...]:
        """The machines of the host. All have to be public: one that is not makes the name a trap."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise FetchFailed(f"The host '{host}' was not found; is this machine offline?") from None
        machines = tuple(dict.fromkeys(str(each[4][0]) for each in found))
        if not self.private and not all(_is_public(machine) for machine in machines):
            raise FetchFailed(
                f"The host '{host}' stands for a machine of a private network; it was not asked."
            )
        return machines


def without_query(address: str) -> str:
    """The address as it may be told: a query can hold a signature."""
    return address.split("?", 1)[0].split("#", 1)[0]


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise FetchFailed(f"'{without_query(address)[:100]}' is no address.") from None
    return parts


def _is_public(machine: str) -> bool:
    address = ipaddress.ip_address(machine.split("%", 1)[0])
    mapped = getattr(address, "ipv4_mapped", None)
    judged = mapped or address
    return judged.is_global and not judged.is_multicast
