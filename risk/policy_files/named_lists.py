"""Lists that many measures share, written once under a name: exempt HTS prefixes and groups of countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
        """The value of a measure's key with every name of a list replaced by what the list holds."""
        if key not in _MAY_NAME_A_LIST or not isinstance(value, (str, list)):
            return value
        if isinstance(value, str):
            return self.items.get(value, value)
        return [part for item in value for part in self._of(item)]

    def _of(self, item: object) -> list[object]:
        return self.items.get(item, [item]) if isinstance(item, str) else [item]

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
