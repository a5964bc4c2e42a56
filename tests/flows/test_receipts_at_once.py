"""Two receipts at the same moment: one after the other, each on the fleet as the other left it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from fleet import services
from fleet.models import Receipt
from fleet.services import receive_goods
from tests.at_once import answers_of
from tests.console.visitors import an_operator
from tests.database import NOW, TODAY
from tests.flows.test_receipts import the_holdings_are_in_step
from tests.receipts import an_order, ordered, units_of

SAID = {"purchase_order": "PO-1", "entry_date": TODAY, "site": "Rockdale", "today": TODAY, "at": NOW}


def receive(operator, units, **said):
    return receive_goods(operator=operator, units=[("Antminer S21", units)], **{**SAID, **said})[0]


@pytest.fixture
def between(monkeypatch):
    """Lets a deed happen after a receipt was decided and before it is written, once."""

    def between(deed):
        write, deeds = services.write_receipt, [deed]

        def write_later(*arguments):
            if deeds:
                deeds.pop()()
            write(*arguments)

        monkeypatch.setattr(services, "write_receipt", write_later)

    return between


@pytest.mark.usefixtures("shipped")
def test_the_same_receipt_sent_twice_at_once_is_received_once(tmp_path, between):
    operator = an_operator()
    ordered(tmp_path, operator, an_order(quantity=5))
    between(lambda: receive(operator, 2))
    receipt = receive(operator, 2)
    assert (Receipt.objects.get(), units_of(operator, status="stored")) == (receipt, 2)


@pytest.mark.usefixtures("shipped")
def test_what_another_receipt_took_meanwhile_is_not_received_again(tmp_path, between):
    operator = an_operator()
    ordered(tmp_path, operator, an_order(quantity=5))
    between(lambda: receive(operator, 3, entry_number="FIRST"))
    with pytest.raises(
        ValidationError, match="2 Bitmain Antminer S21 are on order under PO-1, and 1 more came"
    ):
        receive(operator, 3, entry_number="SECOND")
    assert (Receipt.objects.get().entry_number, units_of(operator, status="stored")) == ("FIRST", 3)


@pytest.mark.usefixtures("shipped_for_good")
def test_two_processes_receive_no_more_than_came(tmp_path):
    operator = an_operator()
    ordered(tmp_path, operator, an_order(quantity=5))
    told = answers_of(
        *(lambda number=number: receive(operator, 3, entry_number=number) for number in ("FIRST", "SECOND"))
    )
    assert "received" in [getattr(each, "state", None) for each in told]
    assert [each for each in told if not isinstance(each, Receipt | ValidationError)] == []
    assert units_of(operator, status="stored") == 3
    assert units_of(operator) == 5
    assert Receipt.objects.count() == 1
    assert the_holdings_are_in_step(operator)
