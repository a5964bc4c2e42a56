"""Days of liquidation, as customs gives them, put on record for entries of the fleet: all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min

from fleet.models import Liquidation, Lot, Operator
from fleet.selectors import in_chunks
from ledger.models import record


def record_liquidations(
    *, operator: Operator, days: Mapping[str, date], source: str, today: date, at: datetime, by: Any = None
) -> int:
    """Record the day of each entry by its number; a day that is on record already is overwritten, and both stand in
    the audit. Returns how many differed.

    Raises ValidationError with a sentence for each number that no lot bears, and each day that cannot be.
    """
    if not source.strip():
        raise ValidationError("Say where the day of liquidation is from.", code="source_missing")
    if wrong := list(_wrong(operator, days, today)):
        raise ValidationError(wrong, code="liquidation_unfit")
    with transaction.atomic():
        before = liquidations_of(operator)
        new = {number: day for number, day in days.items() if before.get(number) != day}
        rows = [
            Liquidation(
                operator=operator,
                entry_number=number,
                liquidated_on=day,
                source=source.strip()[:200],
                recorded_at=at,
                recorded_by=by,
            )
            for number, day in new.items()
        ]
        Liquidation.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["operator", "entry_number"],
            update_fields=["liquidated_on", "source", "recorded_at", "recorded_by"],
        )
        if new:
            moved = {number: [str(before.get(number) or ""), str(day)] for number, day in new.items()}
            subject = f"{len(new)} entries" if len(new) > 1 else f"entry {next(iter(new))}"
            record(
                deed="liquidation recorded",
                subject=subject[:120],
                by=by,
                operator_id=operator.pk,
                source=source.strip(),
                days=moved,
            )
    return len(new)


def liquidations_of(operator: Operator) -> dict[str, date]:
    """The days on record by entry number; one query."""
    rows = Liquidation.objects.of(operator)
    return dict(rows.values_list("entry_number", "liquidated_on"))


def liquidation_of(operator: Operator, entry_number: str) -> date | None:
    """The day on record of one entry; one query."""
    rows = Liquidation.objects.of(operator).filter(entry_number=entry_number)
    day: date | None = rows.values_list("liquidated_on", flat=True).first()
    return day


def _wrong(operator: Operator, days: Mapping[str, date], today: date) -> Iterator[str]:
    entered: dict[str, date | None] = {}
    for some in in_chunks(days):
        lots = Lot.objects.of(operator).filter(entry_number__in=some).order_by()
        entered |= dict(lots.values_list("entry_number").annotate(Min("entry_date")))
    for number, day in days.items():
        first = entered.get(number)
        if number not in entered:
            yield f"No lot bears the entry number '{number}'."
        elif day > today:
            yield f"{number}: {day} is still to come."
        elif first is not None and day < first:
            yield f"{number}: {day} lies before the entry, which was made on {first}."
