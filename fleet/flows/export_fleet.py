"""A fleet onto a sheet that goes back in unchanged: one row a rig, read from the database in chunks.

The sheet is for the same operator as much as for another one: it names models, sites and days, and no id.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from itertools import count
from secrets import token_hex
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from fleet.catalogue.names import NameIndex
from fleet.models import FleetExport, Operator, Rig
from fleet.models.export import ExportState
from fleet.selectors import name_index
from fleet.sheets import export
from fleet.sheets.cells.numbers import MOST_UNITS
from fleet.sheets.rows import ParsedRow
from ledger.holds import free_at
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import RigStatus, TransportMode

CHUNK = 2000
LEASE = timedelta(minutes=15)  # no longer than a task may run
LOTS_KEPT = 5000

_MODEL = ("lot__model__maker__name", "lot__model__name", "bin__name")
_LOT_FACTS = (
    *("country_of_assembly", "country_of_origin", "hashboard_origin", "hts_code", "import_country"),
    *("entry_date", "expected_entry_date", "entry_number", "transport_mode", "loaded_date"),
    *("importer_of_record", "us_content_percent", "usmca_claim", "purchase_order"),
)
_LOT = tuple(f"lot__{name}" for name in _LOT_FACTS)
_RIG = (
    *("serial_number", "mac_address", "quantity", "site__name", "status", "hashrate_ghs", "power_w"),
    *("customs_value_cents", "duty_paid_cents", "rack", "position", "notes"),
)


def csv_pieces(operator: Operator) -> Iterator[str]:
    """The fleet as CSV text, piece by piece: the headings before the database is asked, memory flat."""
    return export.csv_pieces(fleet_rows(operator))


def write_workbook(operator: Operator, target: IO[bytes]) -> int:
    """Write the fleet as a workbook; returns the number of its rows.

    Raises ValueError with a sentence when a workbook cannot hold so many.
    """
    return export.write_workbook(fleet_rows(operator), target)


def write_export(export_id: int, *, clock: Callable[[], datetime]) -> None:
    """Write a workbook that was asked for and keep it under a random name.

    Safe to run twice: the second run finds it claimed or written. One that a dead worker left is written anew.
    """
    mine = FleetExport.objects.filter(pk=export_id)
    if not mine.filter(free_at(clock()), state=ExportState.WAITING).update(claimed_until=clock() + LEASE):
        return
    asked = mine.select_related("operator").get()
    try:
        name = keep_workbook(asked.operator)
    except ValueError as too_many:
        mine.update(state=ExportState.FAILED, refusal=str(too_many)[:300])
        return
    mine.update(state=ExportState.READY, file=name, written_at=clock())


def keep_workbook(operator: Operator) -> str:
    """Write the workbook into the file store, for a worker; returns the random name that it is kept under."""
    with tempfile.TemporaryFile() as target:
        write_workbook(operator, target)
        target.seek(0)
        return default_storage.save(f"exports/{operator.pk}/{token_hex(16)}.xlsx", File(target))


def fleet_rows(operator: Operator) -> Iterator[ParsedRow]:
    """Every rig on record as the row of a sheet that says all that is known of it, in order of entry."""
    numbers = count(2)
    for whole in rows_of(Rig.objects.of(operator).order_by("pk")):
        whole.number = next(numbers)
        yield from _in_rows(whole, numbers) if whole.quantity > MOST_UNITS else (whole,)


def rows_of(rigs: QuerySet[Rig]) -> Iterator[ParsedRow]:
    """These rigs as rows that say all that is known of them, numbered from 0."""
    spelled = lru_cache(LOTS_KEPT)(partial(_model_as_written, name_index()))
    told = lru_cache(LOTS_KEPT)(_lot_as_told)
    rows = rigs.values_list(*_RIG, *_MODEL, *_LOT)
    for number, row in enumerate(rows.iterator(chunk_size=CHUNK)):
        rig, model, lot = row[: len(_RIG)], row[len(_RIG) : -len(_LOT)], row[-len(_LOT) :]
        yield _row(number, rig, model[0], spelled(*model), told(*lot))


def _in_rows(row: ParsedRow, numbers: Iterator[int]) -> Iterator[ParsedRow]:
    """The same rigs in rows of as many as a row may stand for; the upload adds them up again."""
    while row.quantity > MOST_UNITS:
        yield replace(row, quantity=MOST_UNITS)
        row = replace(row, number=next(numbers), quantity=row.quantity - MOST_UNITS)
    yield row


def _row(number: int, rig: tuple[Any, ...], maker: str, model: str, lot: dict[str, Any]) -> ParsedRow:
    serial, mac, quantity, site, status, hashrate, power, value, paid, rack, position, notes = rig
    return ParsedRow(
        number=number,
        serial_number=serial,
        model=model,
        maker=maker,
        quantity=quantity,
        site=site,
        status=RigStatus(status),
        **lot,
        customs_value=_money(value),
        currency=None if value is None and paid is None else "USD",
        duty_paid=_money(paid),
        hashrate_ghs=hashrate,
        power_w=power,
        mac_address=mac,
        rack=rack or None,
        position=position or None,
        notes=notes or None,
        has_quantity=not (serial or mac),
    )


def _lot_as_told(*facts: Any) -> dict[str, Any]:
    """The facts of a lot that somebody gave, typed as the reader of a sheet types them."""
    given = {name: fact for name, fact in zip(_LOT_FACTS, facts, strict=True) if fact not in ("", None)}
    return {name: _TYPES[name](fact) if name in _TYPES else fact for name, fact in given.items()}


def _model_as_written(index: NameIndex, maker: str, model: str, bin_name: str | None) -> str:
    """A spelling that the catalogue takes for this very model and bin."""
    with_bin = f"{model} {bin_name}" if bin_name else model
    for spelling in (with_bin, f"{maker} {with_bin}"):
        found = index.resolve(spelling, maker=maker)
        if (found.maker, found.model, found.bin) == (maker, model, bin_name or None):
            return spelling
    return model


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money.of_cents(cents)


_TYPES = {
    **dict.fromkeys(
        ("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country"), CountryCode
    ),
    "hts_code": HtsCode,
    "transport_mode": TransportMode,
    "us_content_percent": Decimal,
}
