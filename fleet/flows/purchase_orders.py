"""Purchase orders as the fleet knows them: what of each is still to come, and what has been entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.db.models import Max, Sum

from fleet.flows.known_fleet import LotKey, OnRecord, rigs_on_record
from fleet.models import Lot, Operator, Rig, RigModel
from fleet.sheets.reading import RowProblem
from risk.engine.terms.rigs import RigStatus

TO_COME = [status.value for status in RigStatus if not status.has_arrived]
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderToCome:
    """The rigs of one purchase order that were not entered yet, what is expected first in front; `models` are
    the names of their models by id, `lot_ids` their lots; `others` are the numbers of all other orders on record,
    as `folded` spells them.
    """

    number: str
    rows: list[OnRecord]
    models: dict[int, str]
    lot_ids: dict[LotKey, int]
    others: frozenset[str]

    @property
    def units(self) -> int:
        """How many machines are still to come."""
        return sum(row.rig.quantity for row in self.rows)

    @property
    def model_names(self) -> str:
        """The models that are still to come, in words."""
        return " and ".join(sorted(self.models.values()))


def numbers_to_come(operator: Operator) -> list[str]:
    """The purchase orders of which something is still to come, in their order."""
    rigs = _to_come(operator).exclude(lot__purchase_order="")
    return list(rigs.order_by("lot__purchase_order").values_list("lot__purchase_order", flat=True).distinct())


def order_to_come(operator: Operator, number: str) -> OrderToCome:
    """What is still to come of a purchase order; its number counts, not its capitals and spaces."""
    on_record = _on_record(operator)
    spellings = _spellings(on_record, number)
    rows = list(rigs_on_record(operator, [_to_come(operator).filter(lot__purchase_order__in=spellings)]))
    rows.sort(key=_when)
    lots = Lot.objects.of(operator).filter(purchase_order__in=spellings)
    digests = dict(lots.values_list("facts_digest", "pk"))
    return OrderToCome(
        number=next(iter(spellings), number.strip()),
        rows=rows,
        models=_model_names({row.lot.model_id for row in rows}),
        lot_ids={key: digests[key.digest] for key in {row.lot for row in rows}},
        others=frozenset(map(folded, on_record)) - {folded(number)},
    )


def nothing_to_come(operator: Operator, number: str) -> RowProblem:
    """Why nothing can be received against a number: it was entered already, or nobody knows it."""
    spellings = _spellings(_on_record(operator), number)
    rigs = Rig.objects.of(operator).filter(lot__purchase_order__in=spellings)
    told = rigs.aggregate(units=Sum("quantity"), last=Max("lot__entry_date"))
    if told["units"]:
        when = f"; the last entry is of {told['last']}" if told["last"] else ""
        sentence = (
            f"Nothing of purchase order {number.strip()} is on order any more: all {told['units']} rigs have "
            f"come{when}."
        )
        return RowProblem(0, "purchase_order", "purchase_order_received", number, sentence)
    sentence = f"There is no purchase order '{number.strip()}' on record. {_those_on_order(operator, number)}"
    return RowProblem(0, "purchase_order", "purchase_order_unknown", number, sentence)


def units_of_order(operator: Operator, number: str) -> int:
    """How many machines are on record under a purchase order, entered or not; two queries."""
    spellings = _spellings(_on_record(operator), number)
    rigs = Rig.objects.of(operator).filter(lot__purchase_order__in=spellings)
    return rigs.aggregate(units=Sum("quantity"))["units"] or 0


def folded(number: str) -> str:
    """The same for two spellings of one number: capitals and spaces aside."""
    return " ".join(number.casefold().split())


def _to_come(operator: Operator) -> Any:
    return Rig.objects.of(operator).filter(status__in=TO_COME, lot__entry_date__isnull=True)


def _those_on_order(operator: Operator, number: str) -> str:
    known = {folded(each): each for each in numbers_to_come(operator)}
    if near := get_close_matches(folded(number), known, n=1):
        return f"The nearest one on order is {known[near[0]]}."
    if not known:
        return "Nothing is on order under a purchase order."
    others = f" and {len(known) - NAMED} others" if len(known) > NAMED else ""
    return f"On order are: {', '.join(list(known.values())[:NAMED])}{others}."


def _on_record(operator: Operator) -> list[str]:
    """The numbers of all purchase orders on record, as they are spelled."""
    lots = Lot.objects.of(operator).exclude(purchase_order="")
    return list(lots.order_by("purchase_order").values_list("purchase_order", flat=True).distinct())


def _spellings(on_record: list[str], number: str) -> list[str]:
    """How the lots on record spell the number, as it was written in front."""
    same = [each for each in on_record if folded(each) == folded(number)]
    return sorted(same, key=lambda each: each != number.strip())


def _when(row: OnRecord) -> tuple[bool, date, int]:
    """What is on its way comes before what is on order, what is expected sooner before what comes later."""
    is_waiting = row.rig.status == RigStatus.ON_ORDER.value
    return is_waiting, row.lot.expected_entry_date or date.max, row.rig_id


def _model_names(ids: Iterable[int]) -> dict[int, str]:
    models = RigModel.objects.filter(pk__in=list(ids)).select_related("maker")
    return {model.pk: f"{model.maker.name} {model.name}" for model in models}
