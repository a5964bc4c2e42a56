"""What a page costs to fetch: the bytes of all answers as they came over the line, headers with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Weight:
    """Encoded bytes, and of how many answers."""

    bytes: int = 0
    answers: int = 0


@contextmanager
def weighed(page: Any) -> Iterator[Weight]:
    """Counts what the page fetches in the block, as a browser that has nothing of it yet."""
    weight, session = Weight(), page.context.new_cdp_session(page)

    def add(event: dict[str, Any]) -> None:
        weight.bytes += int(event["encodedDataLength"])
        weight.answers += 1

    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", add)
    yield weight
    session.detach()
