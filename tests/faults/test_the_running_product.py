"""The product as script/server runs it: a real worker and beat in another process, on both kinds of servers."""

from __future__ import annotations

import json

import pytest

from tests.faults.running import PATIENCE, Product, within
from tests.sheets import a_csv, a_row

PUBLISH_WITHOUT_LIST_2 = """
from dataclasses import replace
from datetime import date
from django.utils import timezone
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.models import PolicyEdition
from risk.policy_files import ended_by_act
from risk.services import publish_edition, start_draft

book = book_of(PolicyEdition.objects.current())
def ended(m):
    return ended_by_act(replace(m, span=DateSpan(m.span.first, date(2020, 1, 1))), "an act of this test")

measures = (ended(m) if m.code == "US-301-CN-L2" else m for m in book.measures)
book = PolicyBook(tuple(measures), book.renumberings, book.refused_headings)
publish_edition(edition=start_draft(book=book), on=timezone.localdate(), at=timezone.now())
"""


@pytest.fixture
def with_a_rig(product, tmp_path):
    """A product with one rig more, that of a Chinese lot, whose additional rate is 37.5 percent."""
    sheet = a_csv(tmp_path, [a_row()])
    product.manage("import_fleet", str(sheet), "--operator", "prairie", "--create-operator", "Prairie")
    assert rate_of_the_rig(product) == "37.5"
    return product


def rate_of_the_rig(product: Product) -> str:
    serial = str(a_row()["Serial Number"])
    told = json.loads(product.manage("explain", "--operator", "prairie", "--serial", serial, "--json"))
    return told["additional_rate_percent"]


def becomes_lower(product: Product) -> bool:
    return within(PATIENCE, lambda: rate_of_the_rig(product) == "12.5")


def test_publishing_an_edition_moves_the_fleet_within_seconds(with_a_rig):
    with with_a_rig.worker():
        with_a_rig.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
        assert becomes_lower(with_a_rig)


def test_what_was_published_while_no_worker_lived_is_done_by_the_next(with_a_rig):
    with_a_rig.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
    assert rate_of_the_rig(with_a_rig) == "37.5"
    with with_a_rig.worker():
        assert becomes_lower(with_a_rig)


@pytest.mark.parametrize("product", ["embedded"], indirect=True)
def test_a_change_is_saved_and_done_later_when_the_queue_is_down(with_a_rig):
    """Nothing listens on the queue's port: the publication is kept, and a sweep without the queue finds it."""
    deaf = Product(with_a_rig.environment | {"REDIS_URL": "redis://127.0.0.1:1/0"})
    deaf.manage("shell", "-v0", "-c", PUBLISH_WITHOUT_LIST_2)
    deaf.manage("assess")
    assert rate_of_the_rig(with_a_rig) == "12.5"
