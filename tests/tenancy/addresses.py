"""Every address that the product answers at, as the URL resolver has them: a new page is among them by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ID = re.compile(r"<(?:\w+:)?(\w+)>")
API = "api/v1/"
# Patterns that are no plain route, with an address that they answer at.
WRITTEN_OUT = {
    "^api/": "api/nothing-here/",
    "^(?P<app_label>auth|ledger|fleet|vendors|risk)/$": "fleet/",
    "(?P<url>.*)$": "no-such-page/",
}


def routes() -> list[str]:
    """Console, register, API and what stands beside them; ids as in the patterns. Fails where a pattern is no route
    and nobody has said at which address it answers."""
    return sorted({_plain(route) for route in _walked(get_resolver().url_patterns)})


def with_ids(route: str, ids: Iterable[Any]) -> str:
    """The address of certain objects."""
    kept = iter(ids)
    return "/" + ID.sub(lambda _: str(next(kept)), route)


def places(route: str) -> Iterator[str]:
    """The route up to and with each of its ids."""
    return (route[: found.end()] for found in ID.finditer(route))


def _walked(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        here = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _walked(each.url_patterns, here)
        else:
            yield here


def _plain(route: str) -> str:
    known = WRITTEN_OUT.get(route)
    assert known or not re.search(r"[\^$]|\(\?P", route), (
        f"The pattern {route} is no plain route: add to WRITTEN_OUT in tests/tenancy/addresses.py an address "
        "at which it answers."
    )
    return known or route
