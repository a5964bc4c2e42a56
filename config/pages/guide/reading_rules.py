"""How the cells of this file are meant: the order of day and month, the decimal mark."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.question import Asking, Step
from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.numbers import DecimalMark

ORDERS = {
    DayOrder.DAY_FIRST.value: "day first: 03/04/2025 is 3 April",
    DayOrder.MONTH_FIRST.value: "month first: 03/04/2025 is March 4",
}
MARKS = {
    "": "as the file itself shows, column by column",
    DecimalMark.POINT.value: "a point: 1,850.50",
    DecimalMark.COMMA.value: "a comma: 1.850,50",
}


def _shown(asking: Asking) -> dict[str, Any]:
    columns = asking.peek.columns
    choices = asking.upload.choices
    return {
        "peek": asking.peek,
        "days": [column for column in columns if column.has_days],
        "is_ambiguous": _is_ambiguous(asking),
        "orders": ORDERS,
        "order": asking.chosen("day_order", choices.get("day_order") or ""),
        "decimals": [column for column in columns if column.decimal_mark],
        "marks_of_decimals": MARKS,
        "mark": asking.chosen("decimal_mark", choices.get("decimal_mark") or ""),
    }


def _chosen(asking: Asking) -> dict[str, Any]:
    order, mark = asking.chosen("day_order"), asking.chosen("decimal_mark")
    if _is_ambiguous(asking) and order not in ORDERS:
        sentence = "Nothing in the file tells day from month; say how its dates are meant."
        raise ValidationError({"day_order": sentence})
    return {"day_order": order or None, "decimal_mark": mark or None}


def _is_ambiguous(asking: Asking) -> bool:
    return any(column.ambiguous_days for column in asking.peek.columns)


READING = Step(slug="reading", shown=_shown, chosen=_chosen)
