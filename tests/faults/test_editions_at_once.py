"""Two people at one draft at the same moment: nothing is written into an edition behind its publishing."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from risk.book import book_of
from risk.models import PolicyEdition
from risk.services import publish_edition, put_measures, start_draft
from tests.database import NOW, TODAY
from tests.facts import a_measure

pytestmark = pytest.mark.usefixtures("shipped_for_good")


class Meanwhile(Thread):
    """A deed in a connection of its own; what it was refused with stands in `refusal`."""

    def __init__(self, deed):
        super().__init__()
        self.deed, self.begun, self.refusal = deed, Event(), None

    def run(self):
        self.begun.set()
        try:
            self.deed()
        except ValidationError as refusal:
            self.refusal = refusal
        finally:
            connection.close()


def waiting(deed):
    """A deed that has begun and cannot end while our transaction lasts."""
    other = Meanwhile(deed)
    other.start()
    other.begun.wait()
    other.join(0.3)
    assert other.is_alive()
    return other


def test_who_publishes_while_another_writes_publishes_what_was_written():
    draft = start_draft()
    with transaction.atomic():
        put_measures(edition=draft, measures=[a_measure()])
        other = waiting(lambda: publish_edition(edition=draft, on=TODAY, at=NOW))
    other.join()
    edition = PolicyEdition.objects.current()
    assert (other.refusal, edition) == (None, draft)
    assert edition.measures.filter(code="US-EXAMPLE").exists()
    assert edition.digest == book_of(edition).digest


def test_who_writes_while_another_publishes_is_refused():
    draft = start_draft()
    with transaction.atomic():
        publish_edition(edition=draft, on=TODAY, at=NOW)
        stale = PolicyEdition(pk=draft.pk, number=draft.number)
        other = waiting(lambda: put_measures(edition=stale, measures=[a_measure()]))
    other.join()
    assert "never changes" in str(other.refusal)
    edition = PolicyEdition.objects.current()
    assert not edition.measures.filter(code="US-EXAMPLE").exists()
    assert edition.digest == book_of(edition).digest
