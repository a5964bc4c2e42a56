"""Lists that many measures share, written once under a name: exempt HTS prefixes and groups of countries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from risk.policy_files import readers as read
from risk.policy_files.complaints import Complaint, unknown_key
from risk.policy_files.readers import Reader, Unreadable

# The keys of a measure whose value may be, or may hold, the name of a list.
_MAY_NAME_A_LIST = (
    "hts_prefixes",
    "excluded_hts_prefixes",
    "countries_of_origin",
    "excluded_countries_of_origin",
)
# Small letters joined by hyphens: neither a country nor a branch of the schedule is written so.
_LIKE_A_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+", re.ASCII)
# What a list can hold, and the other keys that it may have.
_CONTENT: Mapping[str, Reader] = {
    "hts_prefixes": read.several(read.a_prefix),
    "countries": read.several(read.a_country),
}
_KEYS: Mapping[str, Reader] = {
    **_CONTENT,
    "legal_reference": read.a_text,
    "source": read.a_text,
    "note": read.a_text,
}


@dataclass(slots=True)
class NamedLists:
    """The lists found so far, as they were written, under their names."""

    items: dict[str, list[object]] = field(default_factory=dict)

    def read(self, document: Mapping[str, Any], *, file: str) -> Iterable[Complaint]:
        """Take in the lists of a file; yields what is wrong with them."""
        lists = document["lists"]
        if not isinstance(lists, dict):
            yield Complaint(file=file, code="no_lists", fault="lists must map each name to its list.")
            return
        for name, content in lists.items():
            for fault in self._read_one(str(name), content):
                yield Complaint(file=file, code=fault.code, fault=f"list {name}: {fault}")

    def expanded(self, key: str, value: object) -> object:
        """The value of a measure's key with every name of a list replaced by what the list holds.

        Raises Unreadable for the name of a list that there is not.
        """
        if key not in _MAY_NAME_A_LIST or not isinstance(value, (str, list)):
            return value
        if isinstance(value, str):
            return value if value == read.EVERY else self._named(value, value)
        return [part for item in value for part in self._of(item)]

    def _of(self, item: object) -> list[object]:
        found = self._named(item, [item]) if isinstance(item, str) else [item]
        return found if isinstance(found, list) else [found]

    def _named(self, name: str, otherwise: object) -> object:
        """What the list of this name holds; raises Unreadable for what can only be the name of a list."""
        if name not in self.items and _LIKE_A_NAME.fullmatch(name):
            near = get_close_matches(name, self.items, n=1)
            hint = f"did you mean {near[0]}?" if near else "write it under lists, in a file of its own."
            raise Unreadable("unknown_list", f"there is no list '{name}'; {hint}")
        return self.items.get(name, otherwise)

    def _read_one(self, name: str, content: object) -> Iterable[Unreadable]:
        if name in self.items:
            yield Unreadable("list_named_twice", "another list has this name already; give each its own.")
        if not isinstance(content, dict) or len(_CONTENT.keys() & content.keys()) != 1:
            yield Unreadable("list_without_content", f"it must hold either {' or '.join(_CONTENT)}.")
            return
        items = content[next(iter(_CONTENT.keys() & content.keys()))]
        self.items[name] = items if isinstance(items, list) else []
        yield from _faults(content)


def _faults(content: Mapping[str, object]) -> Iterable[Unreadable]:
    for key, value in content.items():
        try:
            if key not in _KEYS:
                raise Unreadable("unknown_key", unknown_key(key, _KEYS))
            read.read_key(key, _KEYS[key], value)
        except Unreadable as error:
            yield error
    if "legal_reference" not in content:
        yield Unreadable("missing_citation", "legal_reference is missing; name the act that sets the list.")
