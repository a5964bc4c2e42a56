"""A worker of the code before, beside one of now: what it finds does not stay, and what it asks for is not lost."""

from __future__ import annotations

from risk.engine.exposure import EARLIER_ENGINES, ENGINE_VERSION
from tests.faults.running import PATIENCE, within

BEFORE = EARLIER_ENGINES[-1]
CODE_BEFORE = f"""
from risk.engine import exposure
exposure.ENGINE_VERSION, exposure.EARLIER_ENGINES = {BEFORE!r}, {EARLIER_ENGINES[:-1]!r}
"""


def test_findings_of_a_worker_of_the_code_before_are_replaced_as_soon_as_it_has_gone(product):
    product.ask("publish", edition=product.ask("draft", code="US-ROLLING"))
    with product.worker(code=CODE_BEFORE):
        assert within(PATIENCE, lambda: BEFORE in product.ask("engines"))
        with product.worker():
            assert within(PATIENCE, lambda: ENGINE_VERSION in product.ask("engines"))
            product.ask("owe_all")
    with product.worker():
        assert product.becomes_fresh()
    assert product.ask("engines") == [ENGINE_VERSION]
    assert product.ask("differences") == []


def test_messages_that_this_code_does_not_know_hold_nothing_up(product):
    product.ask("send", task="risk.tasks.assess_lots", lot_ids=[1], edition_id=1, assessed_on="2026-11-28")
    product.ask("send", task="risk.tasks.assess_owed", lot_ids=[1], assessed_on="2026-11-28")
    product.ask("publish", edition=product.ask("draft", code="US-UNKNOWN"))
    with product.worker():
        assert product.becomes_fresh()
    assert product.ask("differences") == []
