"""Which columns an address asks for, and addresses that are as short as what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.http import QueryDict

COLUMN = "column"


def kept_address(asked: Iterable[tuple[str, str]], given: QueryDict, columns: Collection[str]) -> str:
    """What an address says of filters and columns, without the place in the list."""
    return urlencode([*asked, *((COLUMN, name) for name in given.getlist(COLUMN) if name in columns)])


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
