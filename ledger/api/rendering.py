"""Answers as JSON, written by orjson: a tenth of the time that the standard library takes of a large one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

# Moments are told as the framework tells them, and facts not at all: a view says which of them it answers.
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
# Ends of lines to JavaScript, and to JSON letters like others; written so that both read them alike.
ENDS_OF_LINES = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


class AnswerRenderer(JSONRenderer):
    """The framework's renderer, quicker. What it would write otherwise (`indent` in the Accept header, keys that are
    no text, numbers beyond 64 bits) it writes itself."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The bytes of an answer."""
        if data is None or self.get_indent(accepted_media_type or "", renderer_context or {}):
            return super().render(data, accepted_media_type, renderer_context)
        try:
            told = orjson.dumps(data, JSONEncoder().default, OPTIONS)
        except orjson.JSONEncodeError:
            return super().render(data, accepted_media_type, renderer_context)
        for end, escaped in ENDS_OF_LINES:
            told = told.replace(end, escaped)
        return told
