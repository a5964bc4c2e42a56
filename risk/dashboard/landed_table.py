"""What each rig of an entry cost to land, as a table to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fleet.sheets.answer_tables import Cell
from risk.engine.terms.money import Money
from risk.flows.landed_cost import LandedRig

KNOWN_FIRST = (
    "Entry Date",
    "Lot",
    "Maker",
    "Model",
    "Serial Number",
    "MAC Address",
    "Quantity",
    "Customs Value",
)
KNOWN_LAST = ("Duty", "Fees", "Landed Cost", "Duty Paid")


def landed_headings(rigs: Iterable[LandedRig]) -> list[str]:
    """The headings: a column a measure that charges any of them, by name."""
    return [*KNOWN_FIRST, *_measures(rigs), *KNOWN_LAST]


def landed_rows(rigs: list[LandedRig]) -> Iterator[list[Cell]]:
    """A row a rig, or so many alike, under those headings; amounts in US dollars, empty where not known."""
    measures = _measures(rigs)
    for each in rigs:
        facts, duty = each.lot.facts, each.duty or {}
        yield [
            facts.entry_date.isoformat() if facts.entry_date else None,
            each.lot.lot_id,
            facts.maker,
            facts.model,
            each.rig.serial_number,
            each.rig.mac_address,
            each.rig.quantity,
            _amount(each.customs_value),
            *(_amount(duty.get(measure)) for measure in measures),
            *map(_amount, (each.total_duty, each.fees, each.landed_cost, each.duty_paid)),
        ]


def _measures(rigs: Iterable[LandedRig]) -> list[str]:
    return sorted({measure for each in rigs for measure in each.duty or ()})


def _amount(amount: Money | None) -> Cell:
    return None if amount is None else amount.amount
