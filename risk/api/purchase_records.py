"""An order asked about and the answer kept: the same for the API, the console and the command."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fleet.models import Operator
from risk.api.purchase_answers import check_answer, order_answer
from risk.flows.check_purchase import check_purchase
from risk.models import PolicyEdition, PurchaseCheck
from risk.scenarios import AskedOrder
from risk.services import keep_purchase_check


def checked_and_kept(
    operator: Operator,
    order: AskedOrder,
    *,
    edition: PolicyEdition,
    on: date,
    today: date,
    at: datetime,
    by: Any = None,
    key_prefix: str = "",
) -> PurchaseCheck:
    """Check an order and put the answer on record; `told` of the record is the JSON that is given."""
    checked = check_purchase(operator, order, edition=edition, on=on, today=today)
    told = order_answer(checked)
    return keep_purchase_check(
        checked=checked,
        answered=lambda check: check_answer(check, told, at=at),
        at=at,
        by=by,
        key_prefix=key_prefix,
    )
