"""The three levels of a measure file (file, series, value) and the keys that each may hold.

What is written higher up holds for everything below it, unless a lower level says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from risk.policy_files import readers as read
from risk.policy_files.complaints import unknown_key
from risk.policy_files.named_lists import NamedLists
from risk.policy_files.readers import Reader, Unreadable, read_key
from risk.policy_files.records import KEYS, UNSAID

Said = dict[str, Any]

# A value speaks for itself of these: its own code, its own rate, its own citation.
_OF_VALUE_ALONE = ("code", "ad_valorem_rate", "legal_reference")
# These follow from the file's place, and from the days and decisions under which a value stands.
_DERIVED = ("family", "effective_from", "effective_through", "refundable_from")

# Where a key belongs that stands on the wrong level.
_BELONGS = {
    **dict.fromkeys(_OF_VALUE_ALONE, "to each value, under its day"),
    **dict.fromkeys(("ended_by", "followed"), "alone under the first day without the measure"),
    "family": "to the file",
    "goods": "to a series",
}

UNREADABLE = object()


def _refundable(value: object) -> tuple[date, str]:
    """From which day what was collected can come back, and the decision that says so."""
    if not isinstance(value, dict) or set(value) != {"from", "legal_reference"}:
        raise Unreadable("refundable_incomplete", "it must say from (a day) and legal_reference.")
    return read.a_day(value["from"]), read.a_text(value["legal_reference"])


def _followed(value: object) -> bool:
    """That another value takes the place of this one, in a series of its own."""
    if value is not True:
        raise Unreadable("no_truth", f"{read.shown(value)} is not true; leave it out, or write true.")
    return True


_SHARED = {key: reader for key, reader in KEYS.items() if key not in (*_OF_VALUE_ALONE, *_DERIVED)}
_SHARED["refundable"] = _refundable

OF_FILE: Mapping[str, Reader] = MappingProxyType({**_SHARED, "family": read.a_text})
OF_SERIES: Mapping[str, Reader] = MappingProxyType({**_SHARED, "goods": read.a_text})
OF_VALUE: Mapping[str, Reader] = MappingProxyType({**_SHARED, **{key: KEYS[key] for key in _OF_VALUE_ALONE}})
OF_END: Mapping[str, Reader] = MappingProxyType({"ended_by": read.a_text, "followed": _followed})

_WHAT_IS_MISSING = {
    "legal_reference": ("missing_citation", 'name the act, like "HTSUS 9903.88.02; 83 FR 40823"'),
    "source": ("missing_citation", "say where the act was read"),
    "verified_through": ("missing_verified_through", "give the last day on which the text was checked"),
}


def read_level(
    mapping: Mapping[Any, object],
    keys: Mapping[str, Reader],
    *,
    beside: Iterable[str] = (),
    lists: NamedLists,
) -> tuple[Said, list[Unreadable]]:
    """What one level says, and what of it cannot be read; `beside` are keys that others read."""
    said: Said = {}
    faults = []
    for key in [key for key in mapping if key not in beside]:
        try:
            if key in _BELONGS and key not in keys:
                raise Unreadable("misplaced_key", f"{key} does not stand here; it belongs {_BELONGS[key]}.")
            if key not in keys:
                raise Unreadable("unknown_key", unknown_key(key, (*keys, *_BELONGS, *beside)))
            value = read_key(key, partial(lists.expanded, key), mapping[key])
            said[key] = read_key(key, keys[key], value)
        except Unreadable as error:
            said[key] = UNREADABLE
            faults.append(error)
    return said, faults


def missing_from(said: Said) -> Iterator[Unreadable]:
    """A fault for each key that some level must write and none has."""
    for key in KEYS:
        if key not in said and key not in UNSAID and key not in _DERIVED:
            code, right = _WHAT_IS_MISSING.get(key, ("missing_key", "write it here, or higher up for all"))
            yield Unreadable(code, f"{key} is missing; {right}.")
