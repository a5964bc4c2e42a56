"""A sheet laid over what is on record: what a row says holds, where it is silent the record does.

Whole columns are laid over whole columns: the same work row by row took five times as long for a hundred
thousand rows (measured).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
Column = Sequence[Any]


class LaidOver:
    """Makes rigs and lots of the rows at some places of a sheet, given what each of them means on record.

    With `EmptyCell.CLEAR`, an empty cell of a column that the sheet has clears what is on record, as a cell
    that says <clear> always does; identifiers, status and site are never cleared.
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
        self._models = self._here(models.of_each(fleet.model_id))
        self._named_bins = self._here(models.of_each(fleet.bin_id))
        self._rigs_before = _columns([NOTHING if each is None else each.rig for each in befores], NOTHING)
        self._lots_before = _columns([NO_LOT if each is None else each.lot for each in befores], NO_LOT)
        self._clearing = frozenset(reading.columns.values()) if choices.empty is EmptyCell.CLEAR else ()
        self._cleared = _cleared_places(reading, places)

    def rigs(self) -> list[KnownRig]:
        """The rigs as they are to be."""
        columns = {**self._identifiers(), **self._standing(), "bin_id": self._bins()}
        for cell, name, column in RIG_COLUMNS:
            columns[name] = self._over(column, _stored(self._here(self._told[cell])), self._rigs_before[name])
        return list(made_of(KnownRig, zip(*(columns[name] for name in KnownRig._fields), strict=True)))

    def lots(self, rigs: Sequence[KnownRig]) -> list[LotKey]:
        """The lots of the rigs; equal facts are one and the same object."""
        columns = {
            name: self._over(name, _stored(self._here(self._told[name])), self._lots_before[name])
            for name in LOT_COLUMNS
        }
        columns["model_id"] = self._models
        columns["has_arrived"] = [HAS_ARRIVED[rig.status] for rig in rigs]
        columns["import_country"] = [
            country or self._country_of(rig.site)
            for country, rig in zip(columns["import_country"], rigs, strict=True)
        ]
        shared: dict[LotKey, LotKey] = {}
        lots = made_of(LotKey, zip(*(columns[name] for name in LotKey._fields), strict=True))
        return [shared.setdefault(lot, lot) for lot in lots]

    def _identifiers(self) -> dict[str, Column]:
        """A spelling of the identifier on record keeps that on record."""
        told, before = self._here(self._told["serial_number"]), self._rigs_before["serial_number"]
        serials = [
            old if new is None or (old and old != new and identity_of(old) == identity_of(new)) else new
            for new, old in zip(told, before, strict=True)
        ]
        macs = _laid(self._here(self._told["mac_address"]), self._rigs_before["mac_address"])
        return {"serial_number": serials, "mac_address": macs}

    def _standing(self) -> dict[str, Column]:
        sites = _each_once(lambda name: name and self._fleet.site_name(name), self._here(self._told["site"]))
        statuses = _laid(_stored(self._here(self._told["status"])), self._rigs_before["status"])
        return {
            "quantity": self._here(self._told["quantity"]),
            "site": _laid(sites, self._rigs_before["site"]),
            "status": [status or RigStatus.DEPLOYED.value for status in statuses],
        }

    def _bins(self) -> Column:
        """The bin that the row names; a bin on record stays only with its own model."""
        same = zip(self._models, self._lots_before["model_id"], strict=True)
        kept = [
            old if model == before else None
            for old, (model, before) in zip(self._rigs_before["bin_id"], same, strict=True)
        ]
        return [bin_id or old for bin_id, old in zip(self._named_bins, kept, strict=True)]

    def _country_of(self, site: str) -> str:
        return self._fleet.site_countries.get(site) or self._new_sites.get(site, "")

    def _over(self, column: str, told: Column, before: Column) -> Column:
        """What the rows say; else what is on record, unless it is to be cleared."""
        empty = getattr(NO_LOT, column, getattr(NOTHING, column, None))
        laid = _laid(told, [empty] * len(told) if column in self._clearing else before)
        if places := self._cleared.get(column):
            laid = [empty if place in places else value for place, value in enumerate(laid)]
        return laid

    def _here(self, column: Column) -> Column:
        return column if self._places is None else [column[place] for place in self._places]


def _columns(rows: Sequence[KnownRig | LotKey], empty: KnownRig | LotKey) -> dict[str, Column]:
    columns: Sequence[Column] = list(zip(*rows, strict=True)) or [()] * len(empty)
    return dict(zip(empty._fields, columns, strict=True))


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
