"""What came, line by line: a manifest read with the readers of fleet sheets, or counts that a person gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fleet.catalogue.names import Resolution
from fleet.flows.known_fleet import KnownFleet
from fleet.flows.purchase_orders import OrderToCome, folded
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices
from fleet.selectors import name_index
from fleet.sheets import rows
from fleet.sheets.reading import RowProblem, SheetReading
from fleet.sheets.wrecks import UnreadableSheet
from risk.engine.terms.rigs import RigStatus

# A manifest need not have what a fleet sheet needs: what it leaves out is on order already.
UNSAID = "not said"
LEFT_OUT = {"model": UNSAID, "status": RigStatus.IN_TRANSIT.value}
READ = (
    *("serial_number", "mac_address", "quantity", "model", "maker"),
    *("country_of_origin", "country_of_assembly", "purchase_order"),
)
ORIGINS = ("country_of_origin", "country_of_assembly")
A_LOT = re.compile(r"lot\s*(\d{1,18})", re.IGNORECASE)
MOST_UNITS = 100_000


class Line(NamedTuple):
    """One line of what came. `row` is 0 for a count that a person gave; None is what the line does not say."""

    row: int
    serial_number: str | None = None
    mac_address: str | None = None
    quantity: int = 1
    model_id: int | None = None
    bin_id: int | None = None
    lot_id: int | None = None
    country_of_origin: str | None = None
    country_of_assembly: str | None = None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The serial number and the MAC address, as far as they are told."""
        return tuple(filter(None, (self.serial_number, self.mac_address)))


@dataclass(kw_only=True)
class Manifest:
    """The right lines, what is wrong with the others, and the headings that were not used."""

    lines: list[Line] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)


def manifest_in(path: str, order: OrderToCome, fleet: KnownFleet, *, sheet: str | None = None) -> Manifest:
    """The lines of a file of any kind that fleet sheets have, or of one of its sheets; a file that cannot be read
    at all is one problem.
    """
    try:
        reading = rows.read(path, sheet=sheet, constants=LEFT_OUT)
    except UnreadableSheet as wreck:
        return Manifest(problems=[RowProblem(0, "file", wreck.code, "", str(wreck))])
    except ValueError as wreck:
        return Manifest(problems=[RowProblem(0, "file", "file_unreadable", "", str(wreck))])
    used = {*READ, *(heading for heading, name in reading.columns.items() if name in READ)}
    problems = [each for each in reading.problems if each.column in used]
    models, strange = _models(reading, order, fleet)
    problems += [*strange, *_of_other_orders(reading, order)]
    wrong = {each.row for each in problems}
    return Manifest(
        lines=[line for line in _lines(reading, models) if line.row not in wrong],
        problems=problems,
        not_used=[heading for heading in (*reading.columns, *reading.ignored_columns) if heading not in used],
    )


def counted(units: Iterable[Sequence[Any]], order: OrderToCome, fleet: KnownFleet) -> Manifest:
    """Lines of counts: pairs of a model, or "lot 12", and how many of it came."""
    manifest = Manifest()
    for named, count in units:
        what = str(named).strip()
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_UNITS:
            sentence = f"{what}: {count} is no number of units; give a whole number from 1 to {MOST_UNITS:,}."
            manifest.problems.append(RowProblem(0, "units", "units_wrong", str(count), sentence))
        elif lot := A_LOT.fullmatch(what):
            manifest.lines.append(Line(0, quantity=count, lot_id=int(lot[1])))
        else:
            _count_of_model(manifest, what, count, order, fleet)
    return manifest


def _count_of_model(manifest: Manifest, what: str, count: int, order: OrderToCome, fleet: KnownFleet) -> None:
    found = name_index().resolve(what)
    meant = _meant(found, order, fleet)
    if len(meant) == 1:
        manifest.lines.append(Line(0, quantity=count, model_id=meant.pop(), bin_id=fleet.bin_id(found)))
        return
    manifest.problems.append(_not_meant(0, "units", what, found, order))


def _of_other_orders(reading: SheetReading, order: OrderToCome) -> Iterator[RowProblem]:
    """Lines of another order on record; a number that nobody knows may be the seller's own."""
    for number, told in zip(reading.numbers, reading.cells["purchase_order"], strict=True):
        if told and folded(told) in order.others:
            sentence = f"This line is of purchase order {told}; receive it against that one."
            yield RowProblem(number, "purchase_order", "line_of_another_order", told, sentence)


def _models(
    reading: SheetReading, order: OrderToCome, fleet: KnownFleet
) -> tuple[list[tuple[int | None, int | None]], list[RowProblem]]:
    """The model and the bin that each row names, None where it does not say; and what is wrong with them."""
    column = next((heading for heading, name in reading.columns.items() if name == "model"), "model")
    named = list(zip(reading.cells["model"], reading.cells["maker"], strict=True))
    found = dict(zip(named, SheetModels(reading, Choices()).of_each(lambda each: each), strict=True))
    meant = {each: _meant(found[each], order, fleet) for each in found if each[0] not in (UNSAID, "")}
    strange = [
        _not_meant(number, column, each[0], found[each], order)
        for number, each in zip(reading.numbers, named, strict=True)
        if len(meant.get(each, (0,))) != 1
    ]
    models = {each: (min(ids), fleet.bin_id(found[each])) for each, ids in meant.items() if ids}
    return [models.get(each, (None, None)) for each in named], strange


def _meant(found: Resolution, order: OrderToCome, fleet: KnownFleet) -> set[int]:
    """The models on order that a string can mean: the one that it names, or those that it may name."""
    if found.model:
        return {fleet.model_id(found)} & set(order.models)
    names = {f"{each.maker} {each.model}" for each in found.candidates}
    return {pk for pk, name in order.models.items() if name in names}


def _not_meant(row: int, column: str, text: str, found: Resolution, order: OrderToCome) -> RowProblem:
    sentence = (
        f"'{text}' names no one model of the catalogue. On order under {order.number}: {order.model_names}."
    )
    if found.model:
        named = f"{found.maker} {found.model}"
        sentence = f"{named} is not on order under {order.number}; there are: {order.model_names}."
    return RowProblem(row, column, "model_not_on_order", text, sentence)


def _lines(reading: SheetReading, models: list[tuple[int | None, int | None]]) -> Iterator[Line]:
    cells = (reading.cells[name] for name in ("serial_number", "mac_address", "quantity", *ORIGINS))
    for number, (model, bin_id), serial, mac, quantity, origin, assembly in zip(
        reading.numbers, models, *cells, strict=True
    ):
        yield Line(
            number,
            serial,
            mac,
            quantity,
            model,
            bin_id,
            country_of_origin=origin,
            country_of_assembly=assembly,
        )
