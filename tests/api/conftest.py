"""Every test of the API begins a minute of its own; the product's own application in front of a test's database."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """How often this machine's address has asked is forgotten: tests share the address, and may share the minute."""
    cache.clear()


@pytest.fixture
def one_transaction(monkeypatch) -> None:
    """The product's own WSGI application stays in a test's transaction: it does not hang up after a request."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
