"""The test database with the shipped register in it: makers, models, and the law as the first edition."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from ledger.guarding import guard_lifted

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def load_shipped() -> None:
    """Makers, models, aliases and the published first edition; nothing where they are there already.

    What is remembered by the number of a row is forgotten: what was rolled back has used its numbers.
    """
    from ledger.models import OutboxEvent
    from risk.fleet_findings import forget_findings
    from risk.flows.desks import forget_desk
    from risk.models import PolicyEdition

    forget_findings()
    forget_desk()
    if not PolicyEdition.objects.exists():
        call_command("load_catalogue", verbosity=0, json=True, stdout=_Nowhere())
        call_command("load_policies", publish=True, verbosity=0, json=True, stdout=_Nowhere())
        OutboxEvent.objects.all().delete()  # that the law was published is told to nobody in a test


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """Fill the database once; tests that roll back find it filled. Tests that commit empty it, the audit too."""
    operations = type(connection.ops)  # beside a browser the same thread has another connection
    empty = operations.execute_sql_flush

    def empty_audit_too(its: Any, statements: list[str]) -> None:
        _EMPTIED.append(connection.alias)
        with django_db_blocker.unblock(), guard_lifted():
            empty(its, statements)

    operations.execute_sql_flush = empty_audit_too
    with django_db_blocker.unblock():
        load_shipped()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """After a test that emptied the database, fill it once for all that follow: a test that rolls back would fill it
    for itself alone. Tests that commit do not stand last where processes take tests from one another."""
    if _EMPTIED and {"shipped", "shipped_for_good"} & set(getattr(item, "fixturenames", ())):
        _EMPTIED.clear()
        with item.config.stash[blocking_manager_key].unblock():
            load_shipped()


_EMPTIED: list[str] = []
"""Something while the database has been emptied and not yet filled again."""


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped register, in a test that rolls back."""
    load_shipped()


@pytest.fixture
def shipped_for_good(transactional_db: None) -> None:
    """The shipped register, in a test whose changes are committed (and flushed afterwards)."""
    load_shipped()


class _Nowhere:
    """Takes what a command says and keeps quiet."""

    def write(self, _: str) -> None:
        """Drop it."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False
