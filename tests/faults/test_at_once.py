"""What happens at once by chance or mistake: publications, schedulers, workers, a hundred edits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

from tests.faults.running import Product, Refused

AT_ONCE = 20
EDITS = 100
STATUSES = ("deployed", "stored", "repair")


def test_of_two_editions_published_at_once_one_is_in_force_and_the_other_learns_of_it(product):
    other = Product(product.environment)
    editions = [product.ask("draft", code=code) for code in ("US-ONE", "US-OTHER")]
    with product.worker(), ThreadPoolExecutor() as both:
        told = list(both.map(publish_or_not, (product, other), editions))
        assert product.becomes_fresh()
    other.end()
    assert sum("was published since" in str(each) for each in told) == 1
    assert product.ask("differences") == []


def publish_or_not(product: Product, edition: int) -> object:
    """What publishing answers, or the sentence with which it was refused."""
    try:
        return product.ask("publish", edition=edition)
    except Refused as refusal:
        return str(refusal)


def test_two_schedulers_by_mistake_do_nothing_twice(product):
    findings = product.ask("counts")["findings"]
    product.ask("publish", edition=product.ask("draft", code="US-TWO-BEATS"))
    with product.worker(), product.worker():
        assert product.becomes_fresh()
    assert product.ask("differences") == []
    counted = product.ask("counts")
    assert counted["findings"] == findings + counted["lots"]


def test_a_hundred_edits_in_ten_seconds_end_in_what_the_last_of_them_says(product):
    chance = Random(EDITS)
    rigs = product.ask("rigs_of", operator="operator-0")[:40]
    with product.worker():
        for _ in range(EDITS):
            rig, status = chance.choice(rigs), chance.choice(STATUSES)
            product.ask("edit", rig=rig, status=status, country_of_origin=chance.choice(("CN", "VN", "MY")))
        assert product.becomes_fresh()
    assert product.ask("differences") == []


def test_no_lot_is_claimed_twice_by_twenty_workers_at_once(on_servers):
    on_servers.ask("owe_all")
    lots = on_servers.ask("owed")["lots"]
    assert on_servers.ask("race_for_claims", at_once=AT_ONCE) == {"taken": lots, "twice": 0}
