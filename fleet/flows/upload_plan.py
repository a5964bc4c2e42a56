"""What an upload would do: every row compared with the fleet, nothing written yet.

An empty cell keeps what is on record, and so does a column that the sheet does not have. A row finds its
rig by serial number, else by MAC address; rows of a quantity are found by all that they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.catalogue.names import How, Resolution
from fleet.flows.known_fleet import KnownFleet, KnownRig, LotKey, known_fleet
from fleet.models import Operator
from fleet.selectors import name_index
from fleet.sheets.rows import ParsedRow, RowProblem, SheetReading
from risk.engine.terms.rigs import RigStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRig:
    """A rig as it is to be: what the sheet says laid over what is on record. `rig_id` None is a new one.

    Rows of a quantity that say the same are one rig of the plan; `rows` counts them.
    """

    rig_id: int | None
    lot: LotKey
    rig: KnownRig
    rows: int = 1


@dataclass(kw_only=True)
class UploadPlan:
    """The difference between a sheet and the fleet, in rows, with all problems found."""

    layout: str
    columns: dict[str, str]
    ignored_columns: list[str]
    rows: int
    create: list[PlannedRig] = field(default_factory=list)
    change: list[PlannedRig] = field(default_factory=list)
    unchanged: int = 0
    missing: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    site_countries: dict[str, str] = field(default_factory=dict)
    lots_in_file: set[LotKey] = field(default_factory=set)

    @property
    def new(self) -> int:
        """Rows that add rigs."""
        return sum(each.rows for each in self.create)

    @property
    def changed(self) -> int:
        """Rows that change what is on record."""
        return sum(each.rows for each in self.change)

    @property
    def wrong(self) -> int:
        """Rows with at least one problem."""
        return len({problem.row for problem in self.problems})


def plan(operator: Operator, reading: SheetReading) -> UploadPlan:
    """Compare every right row with the operator's fleet; collect what is wrong with the others."""
    decided = UploadPlan(
        layout=reading.layout,
        columns=dict(reading.columns),
        ignored_columns=list(reading.ignored_columns),
        rows=reading.row_count,
        problems=list(reading.problems),
        warnings=list(reading.warnings),
    )
    fleet = known_fleet(operator, reading.rows)
    models = _Models(reading)
    right = [row for row in reading.rows if models.name(row, decided)]
    for row in reading.wrong_rows:
        if row.model:
            models.name(row, decided)  # all problems of a row at once, not the first only
    for row in right:
        _note_site(row, fleet, decided)
    seen: set[int] = set()
    quantities: dict[tuple[LotKey, KnownRig], list[int]] = {}
    for row in right:
        _place(row, models, fleet, decided, seen, quantities)
    _place_quantities(quantities, fleet, decided, seen)
    decided.missing = fleet.rows_in_fleet - len(seen & fleet.ids_in_fleet)
    return decided


class _Models:
    """The models that the sheet's strings name; each distinct string is resolved once."""

    def __init__(self, reading: SheetReading) -> None:
        self._index = name_index()
        self._resolved: dict[tuple[str, str | None], Resolution] = {}
        self._column = next((h for h, c in reading.columns.items() if c == "model"), "model")
        self._maker_column = next((h for h, c in reading.columns.items() if c == "maker"), "maker")

    def of(self, row: ParsedRow) -> Resolution:
        """What the catalogue makes of the row's model and maker."""
        key = (row.model, row.maker)
        if key not in self._resolved:
            self._resolved[key] = self._index.resolve(row.model, maker=row.maker)
        return self._resolved[key]

    def name(self, row: ParsedRow, decided: UploadPlan) -> bool:
        """Whether the row names one model; what is wrong with it goes to the problems."""
        found = self.of(row)
        if found.model is not None:
            return True
        if found.how is How.OTHER_MAKER:
            column, code, value = self._maker_column, "maker_contradicts_model", row.maker or row.model
        else:
            column, code, value = self._column, f"model_{found.how.replace(' ', '_')}", row.model
        decided.problems.append(RowProblem(row.number, column, code, value, _unresolved(row, found)))
        return False


def _unresolved(row: ParsedRow, found: Resolution) -> str:
    """What is wrong with a model, and which ones it could be."""
    names = " or ".join(f"{candidate.maker} {candidate.model}" for candidate in found.candidates)
    said = f"'{row.model}' by '{row.maker}'" if row.maker else f"'{row.model}'"
    lead = f"{said} names no one model of the catalogue."
    return " ".join(part for part in (lead, found.note, f"Write {names}." if names else "") if part)


def _note_site(row: ParsedRow, fleet: KnownFleet, decided: UploadPlan) -> None:
    """A site that is not on record will be made; its country is the one that its rows name."""
    if not row.site:
        return
    name = fleet.site_name(row.site)
    if name in fleet.site_countries:
        return
    if name not in decided.site_countries:
        decided.site_countries[name] = row.import_country or ""
        sentence = f"Site '{name}' is not on record yet; it will be made."
        decided.warnings.append(RowProblem(row.number, "site", "site_is_new", name, sentence))
    elif row.import_country and not decided.site_countries[name]:
        decided.site_countries[name] = row.import_country


def _place(
    row: ParsedRow,
    models: _Models,
    fleet: KnownFleet,
    decided: UploadPlan,
    seen: set[int],
    quantities: dict[tuple[LotKey, KnownRig], list[int]],
) -> None:
    """Put one row among new, changed or unchanged; rows without an identifier wait to be added up."""
    found = models.of(row)
    known = fleet.find(row)
    rig = _laid_over(row, found, known, fleet)
    lot = _lot_of(row, found, known, rig, fleet, decided)
    decided.lots_in_file.add(lot)
    if rig.serial_number is None and rig.mac_address is None:
        quantities.setdefault((lot, replace(rig, quantity=1)), []).append(rig.quantity)
        return
    if known is None:
        decided.create.append(PlannedRig(rig_id=None, lot=lot, rig=rig))
        return
    rig_id, on_record, on_record_lot = known
    seen.add(rig_id)
    if (on_record, on_record_lot) == (rig, lot):
        decided.unchanged += 1
    else:
        decided.change.append(PlannedRig(rig_id=rig_id, lot=lot, rig=rig))


def _place_quantities(
    quantities: dict[tuple[LotKey, KnownRig], list[int]],
    fleet: KnownFleet,
    decided: UploadPlan,
    seen: set[int],
) -> None:
    """Rows of a quantity that say the same are one count; the sheet's count replaces the one on record."""
    for (lot, each), counts in quantities.items():
        rig, rows = replace(each, quantity=sum(counts)), len(counts)
        known = fleet.counted(lot, each)
        if known is None:
            decided.create.append(PlannedRig(rig_id=None, lot=lot, rig=rig, rows=rows))
            continue
        rig_id, on_record = known
        seen.add(rig_id)
        if on_record == rig:
            decided.unchanged += rows
        else:
            decided.change.append(PlannedRig(rig_id=rig_id, lot=lot, rig=rig, rows=rows))


def _laid_over(
    row: ParsedRow, found: Resolution, known: tuple[int, KnownRig, LotKey] | None, fleet: KnownFleet
) -> KnownRig:
    """The rig as the row says it is, with what is on record where the row is silent."""
    before = known[1] if known else KnownRig()
    return KnownRig(
        serial_number=row.serial_number or before.serial_number,
        mac_address=row.mac_address or before.mac_address,
        quantity=row.quantity,
        site=fleet.site_name(row.site) if row.site else before.site,
        bin_id=fleet.bin_id(found) or before.bin_id,
        status=(row.status or RigStatus(before.status or RigStatus.DEPLOYED)).value,
        hashrate_ghs=_given(row.hashrate_ghs, before.hashrate_ghs),
        power_w=_given(row.power_w, before.power_w),
        customs_value_cents=_given(_cents(row.customs_value), before.customs_value_cents),
        duty_paid_cents=_given(_cents(row.duty_paid), before.duty_paid_cents),
        rack=row.rack or before.rack,
        position=row.position or before.position,
        notes=row.notes or before.notes,
    )


def _lot_of(
    row: ParsedRow,
    found: Resolution,
    known: tuple[int, KnownRig, LotKey] | None,
    rig: KnownRig,
    fleet: KnownFleet,
    decided: UploadPlan,
) -> LotKey:
    """The facts of the row's lot. The country of import is the site's where nobody names another."""
    before = known[2] if known else LotKey(model_id=0)
    arrived = RigStatus(rig.status).has_arrived
    site_country = fleet.site_countries.get(rig.site) or decided.site_countries.get(rig.site, "")
    return LotKey(
        model_id=fleet.model_id(found),
        country_of_assembly=row.country_of_assembly or before.country_of_assembly,
        country_of_origin=row.country_of_origin or before.country_of_origin,
        hashboard_origin=row.hashboard_origin or before.hashboard_origin,
        hts_code=row.hts_code.digits if row.hts_code else before.hts_code,
        import_country=row.import_country or before.import_country or site_country,
        entry_date=row.entry_date or before.entry_date,
        expected_entry_date=row.expected_entry_date or before.expected_entry_date,
        entry_number=row.entry_number or before.entry_number,
        transport_mode=row.transport_mode.value if row.transport_mode else before.transport_mode,
        loaded_date=row.loaded_date or before.loaded_date,
        importer_of_record=row.importer_of_record or before.importer_of_record,
        us_content_percent=_given(row.us_content_percent, before.us_content_percent),
        usmca_claim=_given(row.usmca_claim, before.usmca_claim),
        purchase_order=row.purchase_order or before.purchase_order,
        has_arrived=arrived,
    )


def _given(told: Any, before: Any) -> Any:
    return before if told is None else told


def _cents(amount: Any) -> int | None:
    return None if amount is None else amount.cents


def distinct_lots(planned: Iterable[PlannedRig]) -> set[LotKey]:
    """The lots that planned rigs will belong to."""
    return {each.lot for each in planned}
