"""A sheet laid over what is on record: what a row says holds, where it is silent the record does.

Whole columns are laid over whole columns: the same work row by row took five times as long for a hundred
thousand rows (measured).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from fleet.flows.known_fleet import NO_LOT, NOTHING, KnownFleet, KnownRig, LotKey, OnRecord, exact, made_of
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, EmptyCell
from fleet.sheets.cells.identities import identity_of
from fleet.sheets.reading import SheetReading
from risk.engine.terms.rigs import RigStatus

# The columns of a sheet that are facts of a lot.
LOT_COLUMNS = (
    "country_of_assembly",
    "country_of_origin",
    "hashboard_origin",
    "hts_code",
    "import_country",
    "entry_date",
    "expected_entry_date",
    "entry_number",
    "transport_mode",
    "loaded_date",
    "importer_of_record",
    "us_content_percent",
    "usmca_claim",
    "purchase_order",
)
# Those that are values of a rig and may be cleared: attribute of the row, field on record, column.
RIG_COLUMNS = (
    ("hashrate_ghs", "hashrate_ghs", "hashrate_ths"),
    ("power_w", "power_w", "power_w"),
    ("customs_value", "customs_value_cents", "customs_value"),
    ("duty_paid", "duty_paid_cents", "duty_paid"),
    ("rack", "rack", "rack"),
    ("position", "position", "position"),
    ("notes", "notes", "notes"),
)
HAS_ARRIVED = {status.value: status.has_arrived for status in RigStatus}
NEW_RIG = KnownRig(status=RigStatus.DEPLOYED.value)
Column = Sequence[Any]


class LaidOver:
    """Makes rigs and lots of the rows at some places of a sheet, given what each of them means on record.

    With `EmptyCell.CLEAR`, an empty cell of a column that the sheet has clears what is on record, as a cell
    that says <clear> always does; identifiers, status and site are never cleared. Only columns that the sheet
    fills are looked at, and rigs and lots are made only of rows that are new or differ: of a sheet that was
    sent before, none.
    """

    def __init__(
        self,
        reading: SheetReading,
        places: Sequence[int],
        befores: Sequence[OnRecord | None],
        models: SheetModels,
        fleet: KnownFleet,
        choices: Choices,
        new_sites: Mapping[str, str],
    ) -> None:
        self._fleet, self._new_sites = fleet, new_sites
        self._told = reading.cells
        self._places = places if len(places) < reading.row_count else None
        self._befores = befores
        self._rigs_before = [NEW_RIG if each is None else each.rig for each in befores]
        self._lots_before = [NO_LOT if each is None else each.lot for each in befores]
        self._clearing = (
            frozenset(reading.columns.values()) if choices.empty is EmptyCell.CLEAR else frozenset()
        )
        self._cleared = _cleared_places(reading, places)
        self._models = self._here(models.of_each(fleet.model_id))
        self._named_bins = self._here(models.of_each(fleet.bin_id))
        self._rigs = self._rig_columns()
        self._lots = self._lot_columns()

    def moved(self) -> list[int]:
        """Which of the rows are new or differ from what is on record."""
        moved = {place for place, before in enumerate(self._befores) if before is None}
        if len(moved) < len(self._befores):
            for name, column in self._rigs.items():
                moved.update(_differing(column, self._rig_before(name)))
            for name, column in self._lots.items():
                moved.update(_differing(column, self._lot_before(name)))
        return sorted(moved)

    def rigs(self, places: Sequence[int]) -> list[KnownRig]:
        """The rigs of these rows as they are to be."""
        before = _at(self._rigs_before, places)
        columns = [
            _at(self._rigs[name], places) if name in self._rigs else map(itemgetter(at), before)
            for at, name in enumerate(KnownRig._fields)
        ]
        return list(made_of(KnownRig, zip(*columns, strict=True)))

    def lots(self, places: Sequence[int]) -> list[LotKey]:
        """The lots of these rows; equal facts are one and the same object."""
        before = _at(self._lots_before, places)
        columns = [
            _at(self._lots[name], places) if name in self._lots else map(itemgetter(at), before)
            for at, name in enumerate(LotKey._fields)
        ]
        shared: dict[LotKey, LotKey] = {}
        return [shared.setdefault(lot, lot) for lot in made_of(LotKey, zip(*columns, strict=True))]

    def _rig_columns(self) -> dict[str, Column]:
        """The columns of rigs that the sheet fills."""
        columns = {
            "serial_number": self._serials(),
            "mac_address": self._filled("mac_address", "mac_address", self._here(self._told["mac_address"])),
            "quantity": self._here(self._told["quantity"]),
            "site": self._filled("site", "site", self._sites()),
            "status": self._filled("status", "status", _stored(self._here(self._told["status"]))),
            "bin_id": self._bins(),
        }
        for cell, name, column in RIG_COLUMNS:
            columns[name] = self._filled(name, column, _stored(self._here(self._told[cell])))
        return {name: column for name, column in columns.items() if column is not None}

    def _lot_columns(self) -> dict[str, Column]:
        """The columns of lots that the sheet fills, and those that follow from them."""
        columns = {
            name: self._filled(name, name, _stored(self._here(self._told[name]))) for name in LOT_COLUMNS
        }
        columns["model_id"] = self._models
        columns["import_country"] = self._import_countries(columns["import_country"])
        if "status" in self._rigs:
            columns["has_arrived"] = [HAS_ARRIVED[status] for status in self._rigs["status"]]
        return {name: column for name, column in columns.items() if column is not None}

    def _serials(self) -> Column | None:
        """A spelling of the serial number on record keeps that on record."""
        told = self._here(self._told["serial_number"])
        if _is_silent(told):
            return None
        return [
            old if new is None or (old and old != new and identity_of(old) == identity_of(new)) else new
            for new, old in zip(told, self._rig_before("serial_number"), strict=True)
        ]

    def _sites(self) -> Column:
        return _each_once(lambda name: name and self._fleet.site_name(name), self._here(self._told["site"]))

    def _bins(self) -> Column:
        """The bin that the row names; a bin on record stays only with its own model."""
        if None not in self._named_bins:
            return self._named_bins
        same = zip(self._models, self._lot_before("model_id"), strict=True)
        kept = [
            old if model == before else None
            for old, (model, before) in zip(self._rig_before("bin_id"), same, strict=True)
        ]
        return [bin_id or old for bin_id, old in zip(self._named_bins, kept, strict=True)]

    def _import_countries(self, told: Column | None) -> Column:
        """The country of import is the site's where nobody names another."""
        column = self._lot_before("import_country") if told is None else told
        if all(column):
            return column
        sites = self._rigs.get("site") or self._rig_before("site")
        return [country or self._country_of(site) for country, site in zip(column, sites, strict=True)]

    def _country_of(self, site: str) -> str:
        return self._fleet.site_countries.get(site) or self._new_sites.get(site, "")

    def _filled(self, name: str, column: str, told: Column) -> Column | None:
        """What the rows say; else what is on record, unless it is to be cleared. None: all as on record."""
        is_lot = name in LotKey._fields
        empty = getattr(NO_LOT if is_lot else NOTHING, name)
        places = self._cleared.get(column)
        if _is_silent(told) and not places and column not in self._clearing:
            return None
        before = self._lot_before(name) if is_lot else self._rig_before(name)
        filled = _laid(told, [empty] * len(told) if column in self._clearing else before)
        if places:
            filled = [empty if place in places else value for place, value in enumerate(filled)]
        return filled

    def _rig_before(self, name: str) -> list[Any]:
        return list(map(itemgetter(KnownRig._fields.index(name)), self._rigs_before))

    def _lot_before(self, name: str) -> list[Any]:
        return list(map(itemgetter(LotKey._fields.index(name)), self._lots_before))

    def _here(self, column: Column) -> Column:
        return column if self._places is None else [column[place] for place in self._places]


def _at(column: Column, places: Sequence[int]) -> Column:
    return column if len(places) == len(column) else [column[place] for place in places]


def _differing(column: Column, before: list[Any]) -> Iterable[int]:
    """Where two columns differ; most columns of most sheets differ nowhere, and that is quickly seen."""
    if list(column) == before:
        return ()
    return (place for place, (new, old) in enumerate(zip(column, before, strict=True)) if new != old)


def _cleared_places(reading: SheetReading, places: Sequence[int]) -> dict[str, set[int]]:
    """By column, which of the rows ask to clear it."""
    cleared: dict[str, set[int]] = {}
    for here, place in enumerate(places if reading.cleared else ()):
        for column in reading.cleared.get(reading.numbers[place], ()):
            cleared.setdefault(column, set()).add(here)
    return cleared


def _laid(told: Column, before: Column) -> Column:
    if None not in told:
        return told
    if _is_silent(told):
        return before
    return [old if new is None else new for new, old in zip(told, before, strict=True)]


def _is_silent(told: Column) -> bool:
    return told.count(None) == len(told)


def _stored(values: Column) -> Column:
    """Values as the database keeps them."""
    return values if _is_silent(values) else _each_once(_as_stored, values)


def _each_once(turn: Callable[[Any], Any], values: Column) -> Column:
    """Rows whose cells agree share one value, which is turned once."""
    distinct = dict(zip(map(id, values), values, strict=True))
    turned = {key: turn(value) for key, value in distinct.items()}
    return list(map(turned.__getitem__, map(id, values)))


def _as_stored(value: Any) -> Any:
    if hasattr(value, "digits"):
        return value.digits
    if hasattr(value, "cents"):
        return value.cents
    if hasattr(value, "normalize"):
        return exact(value)
    return str(value) if isinstance(value, str) else value
