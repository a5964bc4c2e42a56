"""YAML as law needs it: a key stands once, a day stays a day, a bare number keeps its text.

PyYAML alone would take the last of two equal keys, make a binary fraction of a rate and `false` of Norway.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

_BOOL, _MERGE = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:merge"


class Unquoted(str):
    """A number that stands without quotes, as it was written; a rate or an HTS code must not."""

    __slots__ = ()


class NotYaml(ValueError):
    """The text cannot be read as YAML; the message says at which line."""


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A key that stands a second time in the same mapping."""

    line: int
    key: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and the keys that it repeats."""

    content: object
    repeated: tuple[RepeatedKey, ...]


def read_yaml(text: str) -> Document:
    """The content of one YAML document; raises NotYaml with a sentence."""
    try:
        loader = _LawLoader(text)
        return Document(loader.get_single_data(), tuple(loader.repeated))
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "it"
        raise NotYaml(f"{line} cannot be read as YAML ({error.problem}).") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise NotYaml(f"it cannot be read as YAML ({type(error).__name__}).") from None


class _LawLoader(yaml.SafeLoader):
    """The safe loader without its guesses."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[RepeatedKey] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, once its repeated keys are noted."""
        seen = set()
        for key_node, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if key_node.tag == _MERGE or not isinstance(key_node, yaml.ScalarNode):
                continue
            key = self.construct_object(key_node)
            if key in seen:
                self.repeated.append(RepeatedKey(key_node.start_mark.line + 1, str(key)))
            seen.add(key)
        return super().construct_mapping(node, deep=deep)

    def construct_day(self, node: yaml.ScalarNode) -> date | str:
        """A day; what only looks like one (2026-02-30) stays text, for its reader to refuse."""
        try:
            day = self.construct_yaml_timestamp(node)
        except ValueError:
            day = None
        return day if isinstance(day, date) and not isinstance(day, datetime) else str(node.value)

    def construct_number(self, node: yaml.ScalarNode) -> Unquoted:
        """The number as it was written."""
        return Unquoted(node.value)


# YAML 1.1 reads yes, no, on and off as truth values: the country code NO would become false.
_LawLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_LawLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), ["t", "f"])
_LawLoader.add_constructor("tag:yaml.org,2002:timestamp", _LawLoader.construct_day)
_LawLoader.add_constructor("tag:yaml.org,2002:int", _LawLoader.construct_number)
_LawLoader.add_constructor("tag:yaml.org,2002:float", _LawLoader.construct_number)
