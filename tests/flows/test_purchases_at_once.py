"""Two checks under one purchase order number ordered at the same moment: one of them is, the other is told."""

from __future__ import annotations

import pytest

from fleet.models import Upload
from risk.services import OrderRefused, order_purchase
from tests.at_once import answers_of
from tests.console.visitors import an_operator
from tests.database import TODAY
from tests.flows.test_purchase_checks import a_line, kept


@pytest.mark.usefixtures("shipped_for_good")
def test_two_processes_order_one_number_once():
    operator = an_operator()
    checks = [kept(operator, a_line(), number="PO-1"), kept(operator, a_line(units=7), number="po-1")]
    told = answers_of(
        *(lambda check=check: order_purchase(today=TODAY, check=check, because="cleared") for check in checks)
    )
    (refusal,) = [each for each in told if isinstance(each, Exception)]
    assert isinstance(refusal, OrderRefused)
    assert refusal.code == "purchase_order_on_record"
    assert Upload.objects.count() == 1
