"""In which letters a request is written: Python knows codecs as well that are of no text."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


def is_text_encoding(name: str) -> bool:
    """Whether text can be written in it: not in one that packs bytes, and in none that nobody knows."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True


class LegibleRequest(WSGIRequest):
    """A request whose address is read as UTF-8 where its body names no letters: Django would fail before any view."""

    def _set_content_type_params(self, meta: Any) -> None:
        kind, said = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        if is_text_encoding(said.get("charset", "utf-8")):
            super()._set_content_type_params(meta)  # type: ignore[misc]  # the stubs leave it out
        else:
            self.content_type, self.content_params = kind, said


class ForLegibleRequests(WSGIHandler):
    """The product as web servers call it."""

    request_class = LegibleRequest
