"""Where in a text a complaint belongs: the line of the key that it is about, or the nearest that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from risk.policy_files.complaints import Complaint

_SAYS_ITS_LINE = re.compile(r"^line (\d+) ")
_NAMES_ITS_KEY = re.compile(r"^(?:there is no key '([^']+)'|(\w+)(?: is missing| does not| names |: ))")


def line_of(complaint: Complaint, text: str) -> int | None:
    """The line (the first is 1) of a policy file's text that a complaint is about; None where none can be told.

    A key that is missing is looked for where its value stands.
    """
    if told := _SAYS_ITS_LINE.match(complaint.fault):
        return int(told[1])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(root, yaml.MappingNode):
        return None
    levels = [*_levels_of(root, complaint), root]
    named = _NAMES_ITS_KEY.match(complaint.fault)
    found = (_key_of(level, named[1] or named[2]) for level in levels if named)
    key = next((line for line in found if line), None)
    return key or (levels[0].start_mark.line + 1)


def _levels_of(root: yaml.MappingNode, complaint: Complaint) -> Iterator[yaml.MappingNode]:
    """The value that the complaint is about and the series around it; every series, for one about none."""
    for series in _series_of(root):
        if not complaint.day:
            yield series
            continue
        for day, value in _items(_value(series, "values")):
            if (
                day == str(complaint.day)
                and isinstance(value, yaml.MappingNode)
                and _is_about(value, complaint)
            ):
                yield value
                yield series


def _series_of(root: yaml.MappingNode) -> Iterator[yaml.MappingNode]:
    series = _value(root, "series")
    for one in series.value if isinstance(series, yaml.SequenceNode) else ():
        if isinstance(one, yaml.MappingNode):
            yield one


def _is_about(value: yaml.MappingNode, complaint: Complaint) -> bool:
    code = _value(value, "code")
    said = code.value if isinstance(code, yaml.ScalarNode) else ""
    return said == complaint.measure


def _items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key.value, value


def _value(node: yaml.Node, key: str) -> yaml.Node | None:
    return next((value for name, value in _items(node) if name == key), None)


def _key_of(node: yaml.MappingNode, key: str) -> int | None:
    """The line on which a key stands in a mapping."""
    lines = (
        k.start_mark.line + 1 for k, _ in node.value if isinstance(k, yaml.ScalarNode) and k.value == key
    )
    return next(lines, None)
