"""From where somebody comes: the network that tries are counted by, and what of it is shown and kept."""

from __future__ import annotations

import ipaddress
import re

from django.http import HttpRequest

from ledger.proxies import address_read

# A subscriber has a whole /64 of the new addresses (RFC 6177); of the old ones, one.
COUNTED_BITS = {4: 32, 6: 64}
SHOWN_BITS = {4: 24, 6: 48}
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The visitor's address; empty where the web server names none."""
    return str(address_read(request.META.get("REMOTE_ADDR", "")) or "")


def network_of(address: str) -> str:
    """What is counted together: an old address by itself, a new one by its /64."""
    return _within(address, COUNTED_BITS)


def shown_network(address: str) -> str:
    """An address without its last part, as sessions are told: 192.0.2.0/24, 2001:db8:1::/48."""
    return _within(address, SHOWN_BITS)


def device_of(request: HttpRequest) -> str:
    """The browser in a few words, by what it says of itself: Firefox on Windows."""
    said = re.sub(r"[^\x20-\x7e]", "", request.META.get("HTTP_USER_AGENT", ""))
    browser = next((name for mark, name in BROWSERS if mark in said), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if system else browser


def _within(address: str, bits: dict[int, int]) -> str:
    there = address_read(address)
    if there is None:
        return ""
    return str(ipaddress.ip_network((there, bits[there.version]), strict=False))
