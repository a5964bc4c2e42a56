"""What an upload would do: every row compared with the fleet, nothing written yet.

A column that the sheet does not have keeps what is on record, and so does an empty cell unless the person
chose to clear, or wrote <clear>. A row finds its rig by serial number, else by MAC address; rows of a
quantity are found by all that they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.flows.fixed_values import FixedValues, Kept
from fleet.flows.known_fleet import KnownFleet, KnownRig, LotKey, OnRecord, rigs_on_record
from fleet.flows.laid_over import LaidOver
from fleet.flows.meant_rigs import MeantRigs, meant_rigs, rigs_named_beforehand
from fleet.flows.progress import Progress
from fleet.flows.received_units import ReceivedUnits
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, FixedValue, MissingRigs, Mode
from fleet.models import Operator, Rig
from fleet.selectors import in_chunks
from fleet.sheets.rows import RowProblem, SheetReading
from risk.engine.terms.rigs import RigStatus


class PlannedRig(NamedTuple):
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

    `fleet_version` is that of the fleet it was compared with: on another one the plan is void. `kept` counts
    the values that stay because a person corrected them. `by_row` has, for who asks for it by making it a dict,
    what the row at each place came to; a row that is right and not in it changes nothing.
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
    kept: int = 0
    by_row: dict[int, PlannedRig] | None = None
    befores: Sequence[OnRecord | None] = ()

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
        lots = {lot: lot.digest for lot in {each.lot for each in self.planned}}
        for each in self.planned:
            before = (each.before.rig_id, each.before.version) if each.before else None
            digest.update(repr((before, lots[each.lot], *each.rig)).encode())
        return digest.hexdigest()


def plan(
    operator: Operator, reading: SheetReading, choices: Choices, progress: Progress, fleet: KnownFleet
) -> UploadPlan:
    """Compare every right row with the operator's fleet; collect what is wrong with the others."""
    progress.at("looking up", 0, reading.row_count)
    serials, macs = reading.cells["serial_number"], reading.cells["mac_address"]
    fleet.load(filter(None, (*serials, *macs)))
    progress.at("comparing", 0, reading.row_count)
    decided = compared(operator, reading, choices, fleet)
    _place_missing(operator, fleet, decided, choices)
    return decided


def compared(
    operator: Operator,
    reading: SheetReading,
    choices: Choices,
    fleet: KnownFleet,
    *,
    rigs: Sequence[OnRecord] | None = None,
    by_row: dict[int, PlannedRig] | None = None,
) -> UploadPlan:
    """Compare every right row with what of the fleet is loaded; rigs that no row means stay as they are.

    `rigs` are those that the rows are about, where that is known beforehand.
    """
    decided = UploadPlan(
        layout=reading.layout,
        columns=dict(reading.columns),
        ignored_columns=list(reading.ignored_columns),
        rows=reading.row_count,
        fleet_version=fleet.version,
        problems=list(reading.problems),
        warnings=list(reading.warnings),
        by_row=by_row,
    )
    _Comparison(operator, reading, choices, fleet, decided).compare(rigs)
    decided.problems.sort(key=lambda problem: problem.row)
    return decided


class _Comparison:
    """One sheet beside one fleet; what comes of it goes into the plan."""

    def __init__(
        self,
        operator: Operator,
        reading: SheetReading,
        choices: Choices,
        fleet: KnownFleet,
        decided: UploadPlan,
    ) -> None:
        self._reading, self._choices, self._fleet, self._plan = reading, choices, fleet, decided
        self._models = SheetModels(reading, choices)
        self._fixed = FixedValues(operator) if choices.fixed is FixedValue.KEEP else None
        self._counted: dict[tuple[LotKey, KnownRig], list[tuple[int, int]]] = {}
        self._received = ReceivedUnits(operator)

    def compare(self, rigs: Sequence[OnRecord] | None) -> None:
        """Put every row among new, changed or unchanged; rows without an identifier are added up first."""
        strange = self._models.strange
        meant = self._meant(rigs)
        self._plan.befores = meant.befores
        self._plan.problems += [*strange, *meant.problems]
        self._plan.warnings += meant.warnings
        wrong = self._reading.wrong | {problem.row for problem in strange} | meant.asked
        places = [place for place, number in enumerate(self._reading.numbers) if number not in wrong]
        self._note_sites(places)
        self._place(places, [meant.befores[place] for place in places])
        self._place_counted()

    def _meant(self, rigs: Sequence[OnRecord] | None) -> MeantRigs:
        if rigs is None:
            return meant_rigs(self._reading, self._models, self._fleet, self._choices)
        return rigs_named_beforehand(self._reading, self._fleet, rigs)

    def _note_sites(self, places: Sequence[int]) -> None:
        """A site that is not on record will be made; its country is the one that its rows name."""
        sites, countries = self._reading.cells["site"], self._reading.cells["import_country"]
        made = self._plan.site_countries
        seen: set[tuple[str | None, str | None]] = set()
        for place in places:
            told = (sites[place], countries[place])
            if told in seen or not told[0]:
                continue
            seen.add(told)
            name = self._fleet.site_name(told[0])
            if name in self._fleet.site_countries:
                continue
            if name not in made:
                sentence = f"Site '{name}' is not on record yet; it will be made."
                number = self._reading.numbers[place]
                self._plan.warnings.append(RowProblem(number, "site", "site_is_new", name, sentence))
            made[name] = made.get(name) or str(told[1] or "")

    def _place(self, places: Sequence[int], befores: Sequence[OnRecord | None]) -> None:
        laid_over = LaidOver(
            self._reading,
            places,
            befores,
            self._models,
            self._fleet,
            self._choices,
            self._plan.site_countries,
        )
        moved = laid_over.moved()
        rigs, lots = laid_over.rigs(moved), laid_over.lots(moved)
        self._plan.found.update(before.rig_id for before in befores if before)
        self._plan.unchanged += len(places) - len(moved)
        is_moved = set(moved)
        stay = [each for here, each in enumerate(befores) if each and here not in is_moved]
        self._plan.lots_in_file = set(lots).union({id(each.lot): each.lot for each in stay}.values())
        self._ask_what_is_fixed(befores[here] for here in moved)
        for here, rig, lot in zip(moved, rigs, lots, strict=True):
            place, before = places[here], befores[here]
            if before is None and rig.is_counted:
                self._counted.setdefault((lot, rig._replace(quantity=1)), []).append((place, rig.quantity))
            else:
                self._decide([place], PlannedRig(before, lot, rig))

    def _ask_what_is_fixed(self, rigs: Iterable[OnRecord | None]) -> None:
        if self._fixed:
            self._fixed.load([before.rig_id for before in rigs if before])

    def _decide(self, places: Sequence[int], each: PlannedRig) -> None:
        before, lot, rig, rows = each
        place = places[0]
        if before is None:
            if self._choices.mode is Mode.UPDATE:
                self._plan.problems.append(self._not_on_record(place))
            else:
                self._plan.create.append(each)
                self._note(places, each)
            return
        self._plan.found.add(before.rig_id)
        if (rig == before.rig and lot == before.lot) or self._choices.mode is Mode.CREATE:
            self._plan.unchanged += rows
        else:
            self._change(places, before, each)

    def _note(self, places: Sequence[int], each: PlannedRig) -> None:
        if self._plan.by_row is not None:
            self._plan.by_row |= dict.fromkeys(places, each)

    def _change(self, places: Sequence[int], before: OnRecord, each: PlannedRig) -> None:
        """A change, but for what a person corrected; if nothing else is left of it, it is none."""
        rig, lot = each.rig, each.lot
        if self._fixed and self._fixed.of(before.rig_id):
            rig, lot, kept = self._fixed.laid_on(before, rig, lot)
            self._plan.kept += len(kept)
            self._plan.warnings += [self._kept(places[0], before, value) for value in kept]
        if (rig, lot) == (before.rig, before.lot):
            self._plan.unchanged += each.rows
        else:
            self._plan.change.append(each._replace(rig=rig, lot=lot))
            self._note(places, self._plan.change[-1])

    def _place_counted(self) -> None:
        found = (rig for key in self._counted for rig in self._fleet.by_saying.get(key, []))
        self._ask_what_is_fixed(found)
        for (lot, each), rows in self._counted.items():
            place, told = rows[0][0], sum(quantity for _, quantity in rows)
            on_record = self._fleet.by_saying.get((lot, each), [])
            self._plan.found.update(before.rig_id for before in on_record)
            others = sum(before.rig.quantity for before in on_record[1:])
            if told <= others:
                self._plan.problems.append(self._not_told_apart(place, told, on_record))
                continue
            before = on_record[0] if on_record else None
            standing = others + before.rig.quantity if before else 0
            if sentence := self._received.counted_twice(lot, told=told, on_record=standing):
                number = self._reading.numbers[place]
                self._plan.problems.append(
                    RowProblem(number, "quantity", "received_already", str(told), sentence)
                )
                continue
            rig = each._replace(quantity=told - others)
            self._decide([place for place, _ in rows], PlannedRig(before, lot, rig, len(rows)))

    def _not_on_record(self, place: int) -> RowProblem:
        cells = self._reading.cells
        value = cells["serial_number"][place] or cells["mac_address"][place] or ""
        sentence = (
            "The fleet has no such rig, and this upload may only change rigs; let it add rigs, or leave "
            "the row out."
        )
        number = self._reading.numbers[place]
        return RowProblem(number, "serial_number", "rig_not_on_record", value, sentence)

    def _not_told_apart(self, place: int, told: int, on_record: Sequence[OnRecord]) -> RowProblem:
        counts = " and ".join(str(before.rig.quantity) for before in on_record)
        sentence = (
            f"There are {counts} such rigs on record in {len(on_record)} counts, and the sheet has {told} in all; "
            "correct the counts on the rigs page, or give what tells them apart."
        )
        number = self._reading.numbers[place]
        return RowProblem(number, "quantity", "counts_not_told_apart", str(told), sentence)

    def _kept(self, place: int, before: OnRecord, value: Kept) -> RowProblem:
        standing = getattr(before.rig, value.field, None) or getattr(before.lot, value.field, "")
        sentence = (
            f"Kept: {value.fixed.by} set {value.field} of {before.rig.name} to '{standing}' on "
            f"{value.fixed.at:%Y-%m-%d}; the sheet says '{'' if value.said is None else value.said}'."
        )
        said = "" if value.said is None else str(value.said)
        return RowProblem(self._reading.numbers[place], value.field, "value_kept", said, sentence)


def _place_missing(operator: Operator, fleet: KnownFleet, decided: UploadPlan, choices: Choices) -> None:
    """Count the rigs of the fleet that the sheet does not have; flag or retire them where that was chosen."""
    missing = sorted(fleet.ids_in_fleet() - decided.found)
    decided.missing = len(missing)
    if choices.missing is MissingRigs.FLAG:
        decided.flagged = missing
    elif choices.missing is MissingRigs.RETIRE:
        queries = [Rig.objects.of(operator).filter(pk__in=some) for some in in_chunks(missing)]
        decided.retire = [_retired(before) for before in rigs_on_record(operator, queries)]


def _retired(before: OnRecord) -> PlannedRig:
    rig = before.rig._replace(status=RigStatus.RETIRED.value)
    return PlannedRig(before=before, lot=before.lot._replace(has_arrived=True), rig=rig)
