"""Rows and values that a program sends: compared with the fleet and written as an upload's rows are.

Only the rigs that the rows are about are looked at, however large the fleet: what no row names stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from django.db import transaction

from fleet.flows.export_fleet import rows_of
from fleet.flows.known_fleet import KnownFleet, OnRecord, rigs_on_record
from fleet.flows.upload_choices import Choices, FixedValue
from fleet.flows.upload_plan import PlannedRig, UploadPlan, compared
from fleet.flows.upload_writing import Deed, FleetMoved, write
from fleet.models import Operator, Rig
from fleet.selectors import in_chunks
from fleet.sheets.cells.numbers import MOST_UNITS
from fleet.sheets.column_reading import CLEAR
from fleet.sheets.objects import object_of, read_objects
from fleet.sheets.reading import RowProblem, SheetReading
from fleet.signals import lots_changed
from ledger.id_sets import among, among_texts
from ledger.models import record

RIGS_NAMED = 1_000  # in the audit


class Outcome(StrEnum):
    """What a row came to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


class RowOutcome(NamedTuple):
    """What the row came to, and the rig that it is; None where it is wrong, or so many without an identifier."""

    outcome: Outcome
    rig_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ComparedRows:
    """Rows as they were read, and what they would do."""

    reading: SheetReading
    plan: UploadPlan


@dataclass(frozen=True, kw_only=True)
class WrittenRows:
    """What became of rows, by their numbers, and the lots whose rigs they touched."""

    outcomes: list[RowOutcome]
    problems: list[RowProblem]
    warnings: list[RowProblem]
    lot_ids: list[int] = field(default_factory=list)


def compare_rows(operator: Operator, rows: Sequence[Any], choices: Choices) -> ComparedRows:
    """What rows by the names of columns would do; nothing is written.

    A row that names a rig on record need not say its model and site again.
    """
    fleet, reading = KnownFleet(operator), read_objects(rows)
    named = _identifiers(reading)
    fleet.load_named(filter(None, chain(*named)), counts=not all(map(any, named)))
    if known := _rigs_of_short_rows(reading, fleet):
        reading = read_objects(_filled_in(operator, rows, known))
    if not reading.row_count:
        return ComparedRows(reading=reading, plan=_nothing(reading, fleet))
    return ComparedRows(reading=reading, plan=compared(operator, reading, choices, fleet, by_row={}))


def write_rows(deed: Deed, rows: ComparedRows, *, row_count: int) -> WrittenRows:
    """Write what rows would do, but for the wrong ones; one transaction. Raises FleetMoved."""
    plan = rows.plan
    with transaction.atomic():
        lot_ids = _written(deed, plan, cause=f"{plan.new + plan.changed} sent rows")
        if lot_ids:
            told = {
                "new": plan.new,
                "changed": plan.changed,
                "unchanged": plan.unchanged,
                "wrong": plan.wrong,
            }
            _put_on_record("rows sent", deed, **told)
    return WrittenRows(
        outcomes=_outcomes(deed.operator, rows, row_count),
        problems=plan.problems,
        warnings=plan.warnings,
        lot_ids=lot_ids,
    )


def compare_values(operator: Operator, rig_ids: Iterable[int], said: Mapping[str, Any]) -> ComparedRows:
    """What values by the names of columns would change of rigs on record; null and the empty text clear.

    Each rig is written out as the row of a sheet that says all of it, and the values are laid over: the row then
    has to pass what every row has to. Raises FleetMoved where somebody changed the fleet at that moment.
    """
    fleet = KnownFleet(operator)
    queries = [Rig.objects.of(operator).filter(pk__in=some).order_by("pk") for some in in_chunks(rig_ids)]
    rigs = list(rigs_on_record(operator, queries))
    over = {name: CLEAR if value in (None, "") else value for name, value in said.items()}
    rows = [_laid_over(row, over) for query in queries for row in _objects(query)]
    reading = read_objects(rows)
    if len(rigs) != reading.row_count:
        raise FleetMoved
    if "quantity" not in over:  # a count may be larger than what one row may stand for
        reading.cells = {**reading.cells, "quantity": [rig.rig.quantity for rig in rigs]}
    given = [reading.cells[name] for name in ("serial_number", "mac_address") if name in over]
    fleet.load_named(filter(None, (each for cells in given for each in cells)), counts=False)
    choices = Choices(fixed=FixedValue.OVERWRITE)
    return ComparedRows(
        reading=reading, plan=compared(operator, reading, choices, fleet, rigs=rigs, by_row={})
    )


def write_values(deed: Deed, rows: ComparedRows, said: Mapping[str, Any], *, why: str) -> list[int]:
    """Write a correction; returns the lots whose rigs moved. One transaction. Raises FleetMoved."""
    plan = rows.plan
    with transaction.atomic():
        lot_ids = _written(deed, plan, cause=f"a correction of {plan.changed} rigs")
        if lot_ids:
            rigs = [each.before.rig_id for each in plan.change if each.before][:RIGS_NAMED]
            values = {name: None if value is None else str(value) for name, value in said.items()}
            _put_on_record("rigs corrected", deed, rigs=rigs, values=values, why=why)
    return lot_ids


def _identifiers(reading: SheetReading) -> list[tuple[str | None, str | None]]:
    serials, macs = (reading.cells.get(name, ()) for name in ("serial_number", "mac_address"))
    return list(zip(serials, macs, strict=True))


def _rigs_of_short_rows(reading: SheetReading, fleet: KnownFleet) -> dict[int, OnRecord]:
    """The rigs on record that rows name without their model or site, by the number of the row."""
    models, sites = reading.cells.get("model", ()), reading.cells.get("site", ())
    named = zip(reading.numbers, _identifiers(reading), models, sites, strict=True)
    return {
        number: rig
        for number, (serial, mac), model, site in named
        if not (model and site) and (rig := fleet.rig_called(serial, mac))
    }


def _filled_in(operator: Operator, rows: Sequence[Any], known: Mapping[int, OnRecord]) -> list[Any]:
    """The rows with model and site as they are on record, where they say nothing of them."""
    rigs = Rig.objects.of(operator).filter(pk__in=among(rig.rig_id for rig in known.values()))
    told = {row.get("serial_number") or row.get("mac_address"): row for row, _ in _objects(rigs)}
    filled = list(rows)
    for number, rig in known.items():
        said = {name: value for name, value in rows[number].items() if value not in (None, "")}
        lacking = {"site"} - said.keys() if "model" in said else {"model", "maker", "site"} - said.keys()
        on_record = told.get(rig.rig.name, {})
        filled[number] = rows[number] | {name: on_record[name] for name in lacking if name in on_record}
    return filled


def _written(deed: Deed, plan: UploadPlan, *, cause: str) -> list[int]:
    touched = write(deed, plan)
    if touched.counted:
        lots_changed.send(sender=Rig, lot_ids=touched.counted, cause=cause)
    return touched.lots


def _put_on_record(deed_name: str, deed: Deed, **told: Any) -> None:
    subject = f"operator {deed.operator.pk}"
    told |= {"through": deed.through} if deed.through else {}
    record(deed=deed_name, subject=subject, by=deed.by, operator_id=deed.operator.pk, **told)


def _nothing(reading: SheetReading, fleet: KnownFleet) -> UploadPlan:
    return UploadPlan(
        layout=reading.layout,
        columns=reading.columns,
        ignored_columns=[],
        rows=0,
        fleet_version=fleet.version,
        problems=reading.problems,
        by_row={},
    )


def _objects(rigs: Any) -> Iterator[tuple[dict[str, Any], int]]:
    for row in rows_of(rigs):
        yield object_of(row), row.quantity


def _laid_over(written: tuple[dict[str, Any], int], over: Mapping[str, Any]) -> dict[str, Any]:
    row, quantity = written
    if "quantity" in row:
        row["quantity"] = min(quantity, MOST_UNITS)
    if "model" in over:  # whose maker is its own
        row.pop("maker", None)
    return row | dict(over)


def _outcomes(operator: Operator, rows: ComparedRows, row_count: int) -> list[RowOutcome]:
    plan, numbers = rows.plan, rows.reading.numbers
    wrong = {problem.row for problem in plan.problems}
    ids = _ids_of_new(operator, plan.create)
    outcomes = [RowOutcome(Outcome.WRONG)] * row_count
    for place, number in enumerate(numbers):
        if number not in wrong:
            outcomes[number] = _outcome((plan.by_row or {}).get(place), plan.befores[place], ids)
    return outcomes


def _outcome(
    planned: PlannedRig | None, before: OnRecord | None, ids: Mapping[str | None, int]
) -> RowOutcome:
    if planned is None:
        return RowOutcome(Outcome.UNCHANGED, before.rig_id if before else None)
    if planned.before:
        return RowOutcome(Outcome.UPDATED, planned.before.rig_id)
    return RowOutcome(Outcome.CREATED, ids.get(planned.rig.name))


def _ids_of_new(operator: Operator, made: Iterable[PlannedRig]) -> dict[str | None, int]:
    """The ids that new rigs got, by serial number, else by MAC address."""
    made = [each for each in made if not each.rig.is_counted]
    serials = [each.rig.serial_number for each in made if each.rig.serial_number]
    macs = [each.rig.mac_address for each in made if each.rig.mac_address and not each.rig.serial_number]
    mine = Rig.objects.of(operator)
    named = mine.filter(serial_number__in=among_texts(serials)).values_list("serial_number", "pk")
    bare = mine.filter(mac_address__in=among_texts(macs), serial_number__isnull=True).order_by("pk")
    ids: dict[str | None, int] = dict(named) if serials else {}
    return ids | (dict(bare.values_list("mac_address", "pk")) if macs else {})
