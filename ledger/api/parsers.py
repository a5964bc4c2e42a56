"""JSON that programs send, read so that no form of it is a fault of the product, and none is taken for another."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

TOO_DEEP = "The JSON is nested too deeply."
# What no text of ours holds: control characters but tab and line ends, and halves of characters.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MAY_BE_UNSTORABLE = re.compile(r"\\(?:u00[01]|u[dD][89a-fA-F]|[bf])|[\ud800-\udfff]")


class JsonBody(JSONParser):
    """A JSON body, with a limit to how deep it nests: that of the reader."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The value. Raises ParseError as `json_read` does."""
        encoding = (parser_context or {}).get("encoding", "utf-8")  # one of text: an address takes no other
        return json_read(lambda: stream.read().decode(encoding))


def json_read(text: Callable[[], str]) -> Any:
    """The value that a JSON text is. Raises ParseError for what is no JSON, is nested too deeply, names a member
    twice, or holds a number or a text that nobody can keep."""
    try:
        read = text()
        value = json.loads(read, parse_constant=_no_number, parse_float=_number, object_pairs_hook=_object)
        if _MAY_BE_UNSTORABLE.search(read):
            refuse_unstorable(value)
        return value
    except RecursionError:
        raise ParseError(TOO_DEEP) from None
    except ValueError as wrong:
        raise ParseError(f"JSON parse error - {wrong}") from None


def refuse_unstorable(value: Any) -> None:
    """Raises ParseError for a text, at whatever depth, with characters that no text has."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text) if found := UNSTORABLE.search(text):
                sentence = f"A text holds the character U+{ord(found[0]):04X}, which no text may."
                raise ParseError(sentence, code="text_unstorable")
            case dict(members):
                waiting += [*members, *members.values()]
            case list(items):
                waiting += items


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(
            f"'{twice}' is there more than once in one object; write it once.", code="member_repeated"
        )
    return members


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:40]} is larger than any number that is taken")
    return number


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
