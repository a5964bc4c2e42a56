"""In which form the API is asked, and in which it answers."""

from __future__ import annotations

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class JsonAlways(BaseContentNegotiation):
    """An answer has one form, whatever the Accept header says; who asks for a page gets JSON too."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """The parser of the content type, or None: then the answer is 415."""
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The view's first renderer."""
        return renderers[0], renderers[0].media_type
