"""Which columns an address asks for, and addresses that are as short as what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.http import QueryDict

COLUMN = "column"


def kept_address(asked: Iterable[tuple[str, str]], given: QueryDict, columns: Collection[str]) -> str:
    """What an address says of filters and columns, without the place in the list."""
    return urlencode([*asked, *((COLUMN, name) for name in given.getlist(COLUMN) if name in columns)])


def with_columns(narrowed_by: Iterable[tuple[str, str, str]], given: QueryDict) -> list[tuple[str, str, str]]:
    """What a list is narrowed to: the addresses that take a part of it away keep order and columns."""
    kept = urlencode([(name, value) for name in ("sort", COLUMN) for value in given.getlist(name)])
    return [(label, value, "&".join(filter(None, (address, kept)))) for label, value, address in narrowed_by]


def shorter(given: QueryDict, columns: Collection[str], usual: Collection[str]) -> str:
    """The same address without what is empty and without the usual columns; nothing where it is so already.

    A form that is sent with few of its fields filled in has a long address that says little.
    """
    chosen = [name for name in given.getlist(COLUMN) if name in columns]
    is_usual = bool(chosen) and set(chosen) == set(usual)
    if not is_usual and all(given.values()) and len(chosen) == len(given.getlist(COLUMN)):
        return ""
    short = given.copy()
    short.setlist(COLUMN, [] if is_usual else chosen)
    told = [(name, value) for name, values in short.lists() for value in values if value]
    return "?" + urlencode(told)
