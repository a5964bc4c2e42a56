"""A row of the sheet laid over what is on record: what the row says holds, where it is silent the record does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from fleet.flows.known_fleet import KnownFleet, KnownRig, LotKey, OnRecord
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, EmptyCell
from fleet.sheets.rows import ParsedRow
from risk.engine.terms.rigs import RigStatus

# The columns of a row that are facts of its lot. Most rows of a sheet agree on them with many others.
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
_lot_cells = attrgetter("model", "maker", *LOT_COLUMNS)
NOTHING = KnownRig()
NO_LOT = LotKey(model_id=0)


class LaidOver:
    """Makes rigs and lots of the rows of one sheet.

    With `EmptyCell.CLEAR`, an empty cell of a column that the sheet has clears what is on record;
    identifiers, status and site are never cleared.
    """

    def __init__(
        self,
        fleet: KnownFleet,
        models: SheetModels,
        choices: Choices,
        columns: Iterable[str],
        new_sites: Mapping[str, str],
    ) -> None:
        self._fleet, self._models, self._new_sites = fleet, models, new_sites
        self._cleared = frozenset(columns) if choices.empty is EmptyCell.CLEAR else frozenset()
        self._lots: dict[tuple[Any, ...], LotKey] = {}

    def of(self, row: ParsedRow, record: OnRecord | None) -> tuple[KnownRig, LotKey]:
        """The rig and the lot that a row comes to."""
        rig = self._rig(row, record.rig if record else NOTHING)
        before = record.lot if record else NO_LOT
        key = (_lot_cells(row), before, rig.site, rig.status)
        lot = self._lots.get(key)
        if lot is None:
            lot = self._lots[key] = self._lot(row, rig, before)
        return rig, lot

    def _rig(self, row: ParsedRow, before: KnownRig) -> KnownRig:
        value = None if row.customs_value is None else row.customs_value.cents
        paid = None if row.duty_paid is None else row.duty_paid.cents
        return KnownRig(
            serial_number=row.serial_number or before.serial_number,
            mac_address=row.mac_address or before.mac_address,
            quantity=row.quantity,
            site=self._fleet.site_name(row.site) if row.site else before.site,
            bin_id=self._fleet.bin_id(self._models.of(row)) or before.bin_id,
            status=row.status.value if row.status else before.status or RigStatus.DEPLOYED.value,
            hashrate_ghs=self._told("hashrate_ths", row.hashrate_ghs, before.hashrate_ghs),
            power_w=self._told("power_w", row.power_w, before.power_w),
            customs_value_cents=self._told("customs_value", value, before.customs_value_cents),
            duty_paid_cents=self._told("duty_paid", paid, before.duty_paid_cents),
            rack=self._told("rack", row.rack, before.rack) or "",
            position=self._told("position", row.position, before.position) or "",
            notes=self._told("notes", row.notes, before.notes) or "",
        )

    def _lot(self, row: ParsedRow, rig: KnownRig, before: LotKey) -> LotKey:
        """The facts of the row's lot. The country of import is the site's where nobody names another."""
        told = {
            name: self._told(name, _stored(getattr(row, name)), getattr(before, name)) for name in LOT_COLUMNS
        }
        site_country = self._fleet.site_countries.get(rig.site) or self._new_sites.get(rig.site, "")
        told["import_country"] = told["import_country"] or site_country
        empty = {name: getattr(NO_LOT, name) for name in LOT_COLUMNS}
        return LotKey(
            model_id=self._fleet.model_id(self._models.of(row)),
            has_arrived=RigStatus(rig.status).has_arrived,
            **{name: empty[name] if value is None else value for name, value in told.items()},
        )

    def _told(self, column: str, said: Any, before: Any) -> Any:
        """What the row says; else what is on record, unless an empty cell of the column is to clear it."""
        if said is not None:
            return said
        return None if column in self._cleared else before


def _stored(value: Any) -> Any:
    """A value as the database keeps it: codes and words as text."""
    if hasattr(value, "digits"):
        return value.digits
    return str(value) if isinstance(value, str) else value
