"""Every test of the API begins a minute of its own."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """How often this machine's address has asked is forgotten: tests share the address, and may share the minute."""
    cache.clear()
