"""Where a request comes from when it came through proxies: believed only of proxies that we were told to trust."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDED_FOR, FORWARDED_PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"


def address_read(text: str) -> Address | None:
    """An address as a web server tells it; None for a text that is none."""
    try:
        there = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    # A server that listens on both kinds of address hears 192.0.2.7 as ::ffff:192.0.2.7.
    return getattr(there, "ipv4_mapped", None) or there


class TrustedProxies:
    """Puts the visitor's own address where the proxy's stands (REMOTE_ADDR), before anything looks at it.

    A proxy adds whom it heard at the end of X-Forwarded-For, so the last address that is no proxy of ours is the
    visitor; what stands before it anybody may have written. From a sender that is no proxy of ours neither this
    header nor X-Forwarded-Proto is believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to the visitor."""
        told = request.META.pop(FORWARDED_FOR, "")
        if not _is_ours(address_read(request.META.get("REMOTE_ADDR", ""))):
            request.META.pop(FORWARDED_PROTO, None)
        elif visitor := _visitor(told.split(",")):
            request.META["REMOTE_ADDR"] = str(visitor)
        return self._get_response(request)


def _visitor(told: Iterable[str]) -> Address | None:
    """The last address that is not ours; a text that is no address ends the search, for what is before it is
    hearsay."""
    for text in reversed(list(told)):
        address = address_read(text)
        if address is None or not _is_ours(address):
            return address
    return None


def _is_ours(address: Address | None) -> bool:
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)
