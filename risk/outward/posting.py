"""One message posted to a place, and the beginning of its answer; a redirect is an answer and is not followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse

from risk.outward.lines import Patience, line_to
from risk.outward.places import NotReached, Place

MOST_HEADERS = 30
LONGEST_HEADER = 500
LONGEST_BODY = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, cut to what a log can hold. `body` has at most LONGEST_BODY bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's text, whatever its letters' case; empty where there is none."""
        return next((text for known, text in self.headers.items() if known.lower() == name.lower()), "")


def post(place: Place, body: bytes, headers: Mapping[str, str], *, patience: Patience) -> Answer:
    """Post a message. Of an answer that is longer than LONGEST_BODY, or drips, the rest is not read.

    Raises NotReached with one sentence where no answer came.
    """
    sent = {"Host": place.name, "Connection": "close", "Accept-Encoding": "identity", **headers}
    responses, kept = list[HTTPResponse](), bytearray()
    try:
        with line_to(place, patience) as line:
            line.connection.request("POST", place.target, body=body, headers=sent)
            response = line.connection.getresponse()
            if line.is_cut:  # headers that were cut look like headers that came to their end
                raise TimeoutError
            responses.append(response)
            while len(kept) < LONGEST_BODY and (block := responses[0].read1(LONGEST_BODY - len(kept))):
                kept += block
    except NotReached:
        if not responses:
            raise
    told = {name: text[:LONGEST_HEADER] for name, text in responses[0].getheaders()[:MOST_HEADERS]}
    return Answer(status=responses[0].status, headers=told, body=bytes(kept))
