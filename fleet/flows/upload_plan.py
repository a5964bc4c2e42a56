"""What an upload would do: every row compared with the fleet, nothing written yet.

A column that the sheet does not have keeps what is on record, and so does an empty cell unless the person
chose to clear. A row finds its rig by serial number, else by MAC address; rows of a quantity are found by
all that they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fleet.flows.known_fleet import KnownFleet, KnownRig, LotKey, OnRecord, known_fleet, rigs_on_record
from fleet.flows.laid_over import LaidOver
from fleet.flows.progress import Progress
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, MissingRigs, Mode
from fleet.models import Operator, Rig
from fleet.selectors import in_chunks
from fleet.sheets.rows import ParsedRow, RowProblem, SheetReading
from risk.engine.terms.rigs import RigStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRig:
    """A rig as it is to be, and as it stands (`before` None: it is new).

    Rows of a quantity that say the same are one rig of the plan; `rows` counts them.
    """

    before: OnRecord | None
    lot: LotKey
    rig: KnownRig
    rows: int = 1


@dataclass(kw_only=True)
class UploadPlan:
    """The difference between a sheet and the fleet, in rows, with all problems found.

    `fleet_version` is that of the fleet it was compared with: on another one the plan is void.
    """

    layout: str
    columns: dict[str, str]
    ignored_columns: list[str]
    rows: int
    fleet_version: int
    create: list[PlannedRig] = field(default_factory=list)
    change: list[PlannedRig] = field(default_factory=list)
    retire: list[PlannedRig] = field(default_factory=list)
    unchanged: int = 0
    missing: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    site_countries: dict[str, str] = field(default_factory=dict)
    lots_in_file: set[LotKey] = field(default_factory=set)
    flagged: list[int] = field(default_factory=list)
    found: set[int] = field(default_factory=set)

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

    @property
    def planned(self) -> list[PlannedRig]:
        """All that would be written: new rigs, changed ones, and those that leave."""
        return self.create + self.change + self.retire

    @property
    def digest(self) -> str:
        """The same for plans that would write the same over the same rigs."""
        digest = hashlib.sha256(repr(sorted(self.flagged)).encode())
        for each in self.planned:
            before = (each.before.rig_id, each.before.version) if each.before else None
            digest.update(repr((before, each.lot, each.rig)).encode())
        return digest.hexdigest()


def plan(operator: Operator, reading: SheetReading, choices: Choices, progress: Progress) -> UploadPlan:
    """Compare every right row with the operator's fleet; collect what is wrong with the others."""
    progress.at("looking up", 0, reading.row_count)
    fleet = known_fleet(operator, reading.rows)
    decided = UploadPlan(
        layout=reading.layout,
        columns=dict(reading.columns),
        ignored_columns=list(reading.ignored_columns),
        rows=reading.row_count,
        fleet_version=fleet.version,
        problems=list(reading.problems),
        warnings=list(reading.warnings),
    )
    models = SheetModels(reading, choices, decided.problems)
    right = [row for row in reading.rows if models.name(row)]
    for row in reading.wrong_rows:
        models.name(row)  # all problems of a row at once, not the first only
    _note_sites(right, fleet, decided)
    _place_rows(progress.over("comparing", right), models, fleet, decided, choices)
    _place_missing(operator, fleet, decided, choices)
    return decided


def _note_sites(rows: Iterable[ParsedRow], fleet: KnownFleet, decided: UploadPlan) -> None:
    """A site that is not on record will be made; its country is the one that its rows name."""
    for row in rows:
        name = fleet.site_name(row.site) if row.site else ""
        if not name or name in fleet.site_countries:
            continue
        if name not in decided.site_countries:
            sentence = f"Site '{name}' is not on record yet; it will be made."
            decided.warnings.append(RowProblem(row.number, "site", "site_is_new", name, sentence))
        decided.site_countries[name] = decided.site_countries.get(name) or row.import_country or ""


@dataclass(kw_only=True)
class _Counted:
    """Rows of a quantity that say the same, waiting to be added up."""

    row: ParsedRow
    lot: LotKey
    each: KnownRig
    quantities: list[int] = field(default_factory=list)


def _place_rows(
    rows: Iterable[ParsedRow], models: SheetModels, fleet: KnownFleet, decided: UploadPlan, choices: Choices
) -> None:
    """Put every row among new, changed or unchanged; rows without an identifier are added up first."""
    laid_over = LaidOver(fleet, models, choices, decided.columns.values(), decided.site_countries)
    counted: dict[tuple[LotKey, KnownRig], _Counted] = {}
    for row in rows:
        before = fleet.find(row)
        rig, lot = laid_over.of(row, before)
        decided.lots_in_file.add(lot)
        if rig.serial_number is None and rig.mac_address is None:
            each = replace(rig, quantity=1)
            sum_of = counted.setdefault((lot, each), _Counted(row=row, lot=lot, each=each))
            sum_of.quantities.append(rig.quantity)
        else:
            _place(row, PlannedRig(before=before, lot=lot, rig=rig), decided, choices)
    for sum_of in counted.values():
        together = PlannedRig(
            before=fleet.counted(sum_of.lot, sum_of.each),
            lot=sum_of.lot,
            rig=replace(sum_of.each, quantity=sum(sum_of.quantities)),
            rows=len(sum_of.quantities),
        )
        _place(sum_of.row, together, decided, choices)


def _place(row: ParsedRow, each: PlannedRig, decided: UploadPlan, choices: Choices) -> None:
    if each.before is not None:
        decided.found.add(each.before.rig_id)
    if each.before is None and choices.mode is Mode.UPDATE:
        decided.problems.append(_not_on_record(row))
    elif each.before is None:
        decided.create.append(each)
    elif choices.mode is Mode.CREATE or (each.before.rig, each.before.lot) == (each.rig, each.lot):
        decided.unchanged += each.rows
    else:
        decided.change.append(each)


def _not_on_record(row: ParsedRow) -> RowProblem:
    value = row.serial_number or row.mac_address or ""
    sentence = (
        "The fleet has no such rig, and this upload may only change rigs; let it add rigs, or leave it out."
    )
    return RowProblem(row.number, "serial_number", "rig_not_on_record", value, sentence)


def _place_missing(operator: Operator, fleet: KnownFleet, decided: UploadPlan, choices: Choices) -> None:
    """Count the rigs of the fleet that the sheet does not have; flag or retire them where that was chosen."""
    missing = sorted(fleet.ids_in_fleet - decided.found)
    decided.missing = len(missing)
    if choices.missing is MissingRigs.FLAG:
        decided.flagged = missing
    elif choices.missing is MissingRigs.RETIRE:
        queries = [Rig.objects.of(operator).filter(pk__in=some) for some in in_chunks(missing)]
        decided.retire = [_retired(before) for before in rigs_on_record(operator, queries)]


def _retired(before: OnRecord) -> PlannedRig:
    rig = replace(before.rig, status=RigStatus.RETIRED.value)
    return PlannedRig(before=before, lot=replace(before.lot, has_arrived=True), rig=rig)
