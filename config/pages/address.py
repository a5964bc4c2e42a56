"""Reads what an address asks for, and writes addresses that keep it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from django.http import HttpRequest


def one_of(request: HttpRequest, name: str, allowed: Collection[str], usual: str) -> str:
    """A value that an address names, if it is one of those allowed; else the usual one."""
    value = request.GET.get(name, "")
    return value if value in allowed else usual


def a_number(request: HttpRequest, name: str) -> int | None:
    """A whole number that an address names; None for what is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def address_with(**asked: object) -> str:
    """A question for an address, without what is empty: "?site=Rockdale&after=12"."""
    return "?" + urlencode({name: value for name, value in asked.items() if value not in (None, "")})
