"""Workers and people's processes that are killed in the middle: what they had begun is done by the next, once."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.faults.running import Died, Refused, kill

SEED = 20261128
MOMENTS = {"embedded": range(5), "servers": range(5, 10)}
"""Ten in all, half of them on either kind of product."""
LONGEST = 1.5
"""Seconds after the first claim, until which a worker is killed: about what the fleet takes."""


def test_a_worker_that_is_killed_at_ten_moments_of_an_assessment_loses_nothing_and_doubles_nothing(product):
    product.ask("publish", edition=product.ask("draft", code="US-TEN"))
    for number in MOMENTS[product.kind]:
        worker = product.start_worker()
        assert product.a_worker_is_at_it()
        time.sleep(Random(SEED + number).uniform(0, LONGEST))
        kill(worker)
        product.ask("owe_all")
    last = product.start_worker()
    assert product.a_worker_is_at_it()
    kill(last)  # what it held is left to its lease
    with product.worker():
        assert product.becomes_fresh()
    assert product.ask("differences") == []


@pytest.mark.parametrize("deed", ["publish", "edit"])
def test_what_was_committed_before_the_queue_heard_of_it_is_done(product, deed):
    told = {"edition": product.ask("draft", code="US-UNHEARD")}
    if deed == "edit":
        told = {"rig": product.ask("rigs_of", operator="operator-0")[0], "country_of_origin": "VN"}
    with pytest.raises(Died):
        product.ask("die_between_commit_and_queue", what=deed, told=told)
    assert not product.is_fresh()
    with product.worker():
        assert product.becomes_fresh()
    assert product.ask("differences") == []
    if deed == "publish":
        with pytest.raises(Refused, match="never changes"):
            product.ask("publish", **told)
