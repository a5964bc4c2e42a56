"""Two releases at once: what a worker of the code before finds does not stay, and this code goes on while the schema
of the next release is there already."""

from __future__ import annotations

from risk.engine.exposure import EARLIER_ENGINES, ENGINE_VERSION
from tests.faults.running import PATIENCE, within
from tests.sheets import a_csv, a_row

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


PAGES = ["/", "/lots/", "/rigs/", "/uploads/", "/entries/", "/alerts/", "/runs/", "/evidence/", "/reserve/"]


def test_this_code_goes_on_with_the_schema_of_the_next_release(on_servers, tmp_path):
    assert on_servers.ask("bring_next_schema") > 50
    sheet = a_csv(tmp_path, [a_row(number) for number in range(20)])
    with on_servers.worker():
        on_servers.ask(
            "edit", rig=on_servers.ask("rigs_of", operator="operator-0")[0], country_of_origin="VN"
        )
        on_servers.ask("upload", path=str(sheet), operator="operator-1")
        on_servers.ask("publish", edition=on_servers.ask("draft", code="US-NEXT"))
        assert on_servers.becomes_fresh()
    assert on_servers.ask("look", addresses=PAGES) == dict.fromkeys(PAGES, 200)
    assert on_servers.ask("differences") == []
