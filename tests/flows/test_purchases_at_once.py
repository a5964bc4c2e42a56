"""Two checks under one purchase order number ordered at the same moment: one of them is, the other is told."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from fleet.models import Upload
from risk.services import OrderRefused, order_purchase
from tests.console.visitors import an_operator
from tests.database import TODAY
from tests.flows.test_purchase_checks import a_line, kept


@pytest.mark.usefixtures("shipped_for_good")
def test_two_processes_order_one_number_once():
    operator = an_operator()
    checks = [kept(operator, a_line(), number="PO-1"), kept(operator, a_line(units=7), number="po-1")]
    start, told = Barrier(2), []

    def one(check):
        start.wait()
        try:
            order_purchase(today=TODAY, check=check, because="cleared")
            told.append("ordered")
        except OrderRefused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    both = [Thread(target=one, args=(check,)) for check in checks]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(told) == ["ordered", "purchase_order_on_record"]
    assert Upload.objects.count() == 1
