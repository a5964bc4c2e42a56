"""Where files may come from: named hosts, over TLS, at public addresses."""

from __future__ import annotations

from dataclasses import dataclass

from risk.fetching.failed import FetchFailed
from risk.outward import NotReached, Place, place_of, without_query
from risk.outward.places import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """The hosts that may be asked, by their whole names; `private` lets plain http and one's own network in."""

    hosts: frozenset[str]
    private: bool = False

    def place(self, address: str) -> Place:
        """Where an address leads. Raises FetchFailed where that is not allowed or not known."""
        try:
            self._refuse_strange(address)
            return place_of(address, private=self.private)
        except NotReached as wrong:
            raise FetchFailed(str(wrong)) from None

    def _refuse_strange(self, address: str) -> None:
        parts = split(address)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (self.private and parts.scheme == "http"):
            raise FetchFailed(f"{without_query(address)} is no https address.")
        if parts.username or parts.password:
            raise FetchFailed(f"An address at {host} carries a login, which no list needs.")
        if host not in self.hosts:
            raise FetchFailed(f"The host '{host}' is none of those that lists may come from.")
